import type { Clock, Timers } from '@parallax/types';

interface Waiting {
  readonly atUs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** The time of events instead of the machine's: moves only when told, and fires timers in their order on the way. */
export class ReplayTime implements Clock, Timers {
  private order = 0;
  private readonly waiting: Waiting[] = [];

  constructor(private currentUs: number) {}

  nowUs(): number {
    return this.currentUs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const entry = { atUs: this.currentUs + Math.max(0, Math.round(delayMs * 1000)), order: this.order++, callback };
    const at = this.waiting.findIndex((other) => other.atUs > entry.atUs);
    if (at < 0) this.waiting.push(entry);
    else this.waiting.splice(at, 0, entry);
    return () => {
      const found = this.waiting.indexOf(entry);
      if (found >= 0) this.waiting.splice(found, 1);
    };
  }

  /** Moves time to `nowUs`; each timer that is due fires at its own moment. Time never goes back. */
  advance(nowUs: number): void {
    while (this.waiting.length > 0 && this.waiting[0].atUs <= nowUs) {
      const due = this.waiting.shift()!;
      if (due.atUs > this.currentUs) this.currentUs = due.atUs;
      due.callback();
    }
    if (nowUs > this.currentUs) this.currentUs = nowUs;
  }
}
