/** Without a message of what comes without end for so long, something is wrong before here. */
const SILENT_US = 10_000_000;

/** Whether what should come without end still comes, by its count at each look; who looks does so about once a second. */
export class Flow {
  private count = 0;
  private movedAtUs = 0;

  /** `what` comes, e.g. `quote`. */
  constructor(private readonly what: string) {}

  /** What is amiss, in a sentence; null where it flows. */
  look(count: number, nowUs: number): string | null {
    if (count !== this.count) {
      this.count = count;
      this.movedAtUs = nowUs;
    }
    if (count === 0) return `no ${this.what} has come yet`;
    const silentUs = nowUs - this.movedAtUs;
    return silentUs > SILENT_US ? `no ${this.what} has come for ${Math.round(silentUs / 1e6)} s` : null;
  }
}
