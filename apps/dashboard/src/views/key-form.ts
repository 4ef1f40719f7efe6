import * as api from '../api.js';
import { byId, setText } from '../dom.js';

/** Asks for the API key where the gateway wants one, and lets it be forgotten. */
export class KeyForm {
  private readonly panel = byId('key-panel');
  private readonly input = byId('api-key', HTMLInputElement);
  private readonly error = byId('key-error');
  private readonly forget = byId('forget', HTMLButtonElement);

  /** `onKey`: there is a key to try. */
  constructor(onKey: () => void) {
    api.whenKeyIsWanted((why) => this.ask(why));
    byId('key-form').addEventListener('submit', (event) => {
      event.preventDefault();
      api.session.keep(this.input.value.trim());
      this.input.value = '';
      this.error.hidden = true;
      onKey();
    });
    // What is on the page was read with the key: it goes with it.
    this.forget.addEventListener('click', () => {
      api.session.forget();
      location.reload();
    });
  }

  /** The page is let in. */
  done(): void {
    this.forget.hidden = api.session.key === null;
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.error.hidden = true;
    document.documentElement.classList.remove('keyless');
  }

  private ask(why: string | null): void {
    if (why !== null) {
      setText(this.error, why);
      this.error.hidden = false;
    }
    this.forget.hidden = true;
    if (!this.panel.hidden) return;
    this.panel.hidden = false;
    document.documentElement.classList.add('keyless');
    this.input.focus();
  }
}
