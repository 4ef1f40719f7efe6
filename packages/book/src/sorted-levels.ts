/**
 * Levels of one side in typed arrays, best first. `rank` is the price turned so that a higher rank is better (the price
 * for bids, its negative for asks). Inserting moves what lies behind, so it suits levels that change seldom, and
 * instruments without a tick; appending the worst level, as snapshots do, is constant time.
 */
export class SortedLevels {
  count = 0;
  ranks = new Float64Array(64);
  sizes = new Float64Array(64);

  clear(): void {
    this.count = 0;
  }

  /** Sets a level's absolute size, 0 removes it. Returns the size it had. */
  set(rank: number, size: number): number {
    const at = this.indexOf(rank);
    const known = at < this.count && this.ranks[at] === rank;
    if (known) {
      const before = this.sizes[at];
      if (size > 0) this.sizes[at] = size;
      else this.removeAt(at);
      return before;
    }
    if (size > 0) this.insertAt(at, rank, size);
    return 0;
  }

  sizeOf(rank: number): number {
    const at = this.indexOf(rank);
    return at < this.count && this.ranks[at] === rank ? this.sizes[at] : 0;
  }

  /** Drops the levels from `count` on, the worst ones. */
  truncate(count: number): void {
    if (count < this.count) this.count = count;
  }

  /** The first index whose rank is not better than `rank`. */
  indexOf(rank: number): number {
    let low = 0;
    let high = this.count;
    if (high > 0 && this.ranks[high - 1] > rank) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranks[middle] > rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insertAt(at: number, rank: number, size: number): void {
    if (this.count === this.ranks.length) this.grow();
    this.ranks.copyWithin(at + 1, at, this.count);
    this.sizes.copyWithin(at + 1, at, this.count);
    this.ranks[at] = rank;
    this.sizes[at] = size;
    this.count++;
  }

  private removeAt(at: number): void {
    this.ranks.copyWithin(at, at + 1, this.count);
    this.sizes.copyWithin(at, at + 1, this.count);
    this.count--;
  }

  private grow(): void {
    const ranks = new Float64Array(this.ranks.length * 2);
    const sizes = new Float64Array(this.sizes.length * 2);
    ranks.set(this.ranks);
    sizes.set(this.sizes);
    this.ranks = ranks;
    this.sizes = sizes;
  }
}
