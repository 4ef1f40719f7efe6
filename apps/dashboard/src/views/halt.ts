import * as api from '../api.js';
import { byId, make, setText } from '../dom.js';
import type { Halt } from '../entities.js';
import { timeOf } from '../format.js';

const WORDS = {
  halt: ['Halt trading', 'Nothing new is sent from now on, and resting orders are cancelled. Only exits that reduce what is held may go.'],
  resume: ['Resume trading', 'The risk service decides whether trading may go on.'],
} as const;

/** The kill switch: what it says, and the form that asks who and why. */
export class HaltView {
  private action: 'halt' | 'resume' = 'halt';
  private readonly dialog = byId('dialog', HTMLDialogElement);
  private readonly error = byId('dialog-error');
  private readonly confirm = byId('confirm', HTMLButtonElement);
  private shown = '';

  constructor() {
    byId('halt').addEventListener('click', () => this.open('halt'));
    byId('cancel').addEventListener('click', () => this.dialog.close());
    byId('control').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  show(halts: readonly Halt[]): void {
    const standing = halts.filter(({ halted }) => halted);
    const everywhere = standing.some(({ account }) => account === null);
    const pill = byId('trading');
    pill.hidden = false;
    setText(pill, everywhere ? 'Halted' : standing.length > 0 ? 'Partly halted' : 'Trading');
    pill.className = `pill ${standing.length > 0 ? 'bad' : 'quiet'}`;
    byId('halt').hidden = everywhere;
    const signature = JSON.stringify(standing);
    if (signature === this.shown) return;
    this.shown = signature;
    const banner = byId('halted');
    banner.hidden = standing.length === 0;
    const resume = make('button', '', 'Resume trading');
    resume.type = 'button';
    resume.addEventListener('click', () => this.open('resume'));
    const lines = standing.map(({ account, by, reason, atUs }) =>
      make('p', '', make('strong', '', account === null ? 'Trading is halted' : `Account ${account} is halted`), ` by ${by} since ${timeOf(atUs)}: ${reason}`),
    );
    banner.replaceChildren(make('div', '', ...lines), resume);
  }

  private open(action: 'halt' | 'resume'): void {
    this.action = action;
    const [title, text] = WORDS[action];
    setText(byId('dialog-title'), title);
    setText(byId('dialog-text'), text);
    setText(this.confirm, title);
    this.confirm.className = action === 'halt' ? 'danger' : '';
    this.error.hidden = true;
    byId('key-label').hidden = !api.needsKey();
    byId('key', HTMLInputElement).required = api.needsKey();
    byId('who', HTMLInputElement).value ||= remembered();
    byId('why', HTMLTextAreaElement).value = '';
    this.dialog.showModal();
  }

  private async send(): Promise<void> {
    const who = byId('who', HTMLInputElement).value;
    this.confirm.disabled = true;
    try {
      await api.control(this.action, who, byId('why', HTMLTextAreaElement).value, byId('key', HTMLInputElement).value);
      remember(who);
      this.dialog.close();
    } catch (error) {
      setText(this.error, error instanceof TypeError ? 'The gateway does not answer. Trading state is unchanged as far as this page knows.' : (error as Error).message);
      this.error.hidden = false;
    } finally {
      this.confirm.disabled = false;
    }
  }
}

function remembered(): string {
  try {
    return localStorage.getItem('parallax-who') ?? '';
  } catch {
    return '';
  }
}
function remember(who: string): void {
  try {
    localStorage.setItem('parallax-who', who);
  } catch {
    // Without storage the name is asked for again.
  }
}
