interface Taken {
  readonly atUs: number;
  /** null: withdrawn. */
  readonly mid: number | null;
}

/** The window's questions answered from all prices ever taken, plainly: the definition of what is right. */
export class ReferenceWindow {
  private readonly taken: Taken[] = [];

  constructor(
    private readonly horizonUs: number,
    private readonly buckets: number,
  ) {}

  push(mid: number | null, atUs: number): void {
    this.taken.push({ mid, atUs });
  }

  at(nowUs: number): { fall: number; rise: number; volatility: number; coverage: number } {
    const width = this.horizonUs / this.buckets;
    const newest = Math.floor(nowUs / width);
    const oldest = newest - this.buckets + 1;
    let standing = false;
    let last = 0;
    let lastCovered = Number.NEGATIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    let squares = 0;
    let covered = 0;
    let next = 0;
    const first = this.taken.length > 0 ? Math.floor(this.taken[0].atUs / width) : newest + 1;
    for (let bucket = first; bucket <= newest; bucket++) {
      const before = last;
      let here = standing;
      const seen: number[] = standing ? [last] : [];
      for (; next < this.taken.length && Math.floor(this.taken[next].atUs / width) === bucket; next++) {
        const { mid } = this.taken[next];
        standing = mid !== null;
        if (mid === null) continue;
        // A price older than the whole window is no base.
        last = mid;
        here = true;
        seen.push(mid);
      }
      const base = lastCovered > bucket - this.buckets ? before : 0;
      if (here) lastCovered = bucket;
      if (bucket < oldest) continue;
      if (here) covered++;
      for (const mid of seen) {
        high = Math.max(high, mid);
        low = Math.min(low, mid);
      }
      if (base > 0) squares += Math.log(last / base) ** 2;
    }
    const known = covered > 0;
    return {
      fall: known ? Math.max(0, 1 - last / high) : 0,
      rise: known ? Math.max(0, last / low - 1) : 0,
      volatility: Math.sqrt(squares),
      coverage: covered / this.buckets,
    };
  }
}
