import * as api from '../api.js';
import { byId, setText } from '../dom.js';

const WORDS = {
  halt: ['Halt trading', 'Nothing new is sent from now on, and resting orders are cancelled. Only exits that reduce what is held may go.'],
  resume: ['Resume trading', 'The risk service decides whether trading may go on.'],
} as const;

/** The kill switch: the form that asks who and why. */
export class HaltForm {
  private action: 'halt' | 'resume' = 'halt';
  private readonly dialog = byId('dialog', HTMLDialogElement);
  private readonly error = byId('dialog-error');
  private readonly confirm = byId('confirm', HTMLButtonElement);

  constructor() {
    byId('halt').addEventListener('click', () => this.open('halt'));
    byId('cancel').addEventListener('click', () => this.dialog.close());
    byId('control').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  open(action: 'halt' | 'resume'): void {
    this.action = action;
    const [title, text] = WORDS[action];
    setText(byId('dialog-title'), title);
    setText(byId('dialog-text'), text);
    setText(this.confirm, title);
    this.confirm.className = action === 'halt' ? 'danger' : '';
    this.error.hidden = true;
    byId('who', HTMLInputElement).value ||= remembered();
    byId('why', HTMLTextAreaElement).value = '';
    this.dialog.showModal();
  }

  private async send(): Promise<void> {
    const who = byId('who', HTMLInputElement).value;
    this.confirm.disabled = true;
    try {
      await api.control(this.action, who, byId('why', HTMLTextAreaElement).value);
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
