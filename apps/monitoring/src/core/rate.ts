const WINDOW_US = 10_000_000;

/** Events per second over the last ten seconds, from a counter that only grows; a restart to a lower count starts anew. Null: not known yet. */
export class CounterRate {
  private samples: { atUs: number; count: number }[] = [];

  add(count: number, atUs: number): void {
    const last = this.samples.at(-1);
    if (last && count < last.count) this.samples = [];
    this.samples.push({ atUs, count });
    while (this.samples.length > 2 && this.samples[1].atUs <= atUs - WINDOW_US) this.samples.shift();
  }

  get perSecond(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.atUs === first.atUs) return null;
    return ((last.count - first.count) * 1e6) / (last.atUs - first.atUs);
  }
}
