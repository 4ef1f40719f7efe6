import { VirtualTime } from '@parallax/simulation';

/** Time that stands still until a test moves it, by milliseconds: simulator and test agree on every moment. */
export class ManualTime extends VirtualTime {
  constructor(nowUs = 1_790_000_000_000_000) {
    super(nowUs);
  }

  /** Moves on by so much, running on the way whatever falls due, in order. */
  advance(milliseconds: number): void {
    this.advanceTo(this.us + milliseconds * 1000);
  }

  /** The clock goes on while no timer runs. */
  sleep(milliseconds: number): void {
    this.us += milliseconds * 1000;
  }

  /** Lets it run for so many milliseconds, giving sockets their turn after each step of 50 ms. */
  async run(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      this.advance(50);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
