import type { Clock } from '@parallax/types';

const EVERY_US = 100_000;

/** One line on stderr that says how far a command is; silent where nobody looks. */
export class ProgressLine {
  private shownAtUs = 0;
  private shown = false;

  constructor(private readonly clock: Clock) {}

  /** The text is made only where and when it is shown. */
  show(text: () => string): void {
    if (!process.stderr.isTTY) return;
    const nowUs = this.clock.nowUs();
    if (nowUs - this.shownAtUs < EVERY_US) return;
    this.shownAtUs = nowUs;
    this.shown = true;
    process.stderr.write(`\r\x1b[K${text()}`);
  }

  say(message: string, fields?: Record<string, unknown>): void {
    process.stderr.write(`${this.shown ? '\r\x1b[K' : ''}${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);
  }

  end(): void {
    if (this.shown) process.stderr.write('\n');
    this.shown = false;
  }
}
