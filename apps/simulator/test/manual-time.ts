import type { Clock, Timers } from '@parallax/types';

/** Time that stands still until a test moves it: simulator and test agree on every moment. */
export class ManualTime implements Clock, Timers {
  private readonly waiting: { atUs: number; order: number; callback: () => void }[] = [];
  private order = 0;

  constructor(private now = 1_790_000_000_000_000) {}

  nowUs(): number {
    return this.now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const entry = { atUs: this.now + Math.round(delayMs * 1000), order: this.order++, callback };
    this.waiting.push(entry);
    return () => {
      const at = this.waiting.indexOf(entry);
      if (at >= 0) this.waiting.splice(at, 1);
    };
  }

  /** Moves on by so much, running on the way whatever falls due, in order. */
  advance(milliseconds: number): void {
    const untilUs = this.now + milliseconds * 1000;
    for (;;) {
      const [next] = this.waiting.toSorted((left, right) => left.atUs - right.atUs || left.order - right.order);
      if (!next || next.atUs > untilUs) break;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.now = Math.max(this.now, next.atUs);
      next.callback();
    }
    this.now = untilUs;
  }

  /** The clock goes on while no timer runs. */
  sleep(milliseconds: number): void {
    this.now += milliseconds * 1000;
  }

  /** Lets it run for so many milliseconds, giving sockets their turn after each step of 50 ms. */
  async run(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      this.advance(50);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
