import { OccupiedTicks } from './occupied-ticks.js';
import { SortedLevels } from './sorted-levels.js';

/**
 * One side of a ladder book. Sizes lie in an array by tick, in a window around the best price; levels outside the
 * window or between ticks lie in a sorted array. Inside the side prices are ranks (the price for bids, its negative for
 * asks), so that a higher rank is always better. The window moves when the best price nears its edge.
 */
export class LadderSide {
  /** Rank and size of the best level; size 0 means that the side is empty. */
  bestRank = 0;
  bestSize = 0;
  count = 0;
  /** How often the window moved. */
  moves = 0;
  private readonly sizes: Float64Array;
  private readonly occupied: OccupiedTicks;
  private readonly far = new SortedLevels();
  /** Tick of window index 0; not a number, so that no price lies in the window, before the first level has placed it. */
  private base = Number.NaN;
  private bestIndex = -1;

  constructor(
    private readonly step: number,
    private readonly window: number,
  ) {
    this.sizes = new Float64Array(window);
    this.occupied = new OccupiedTicks(window);
  }

  /** Sets a level's absolute size, 0 removes it. Returns whether the level was there before. */
  set(rank: number, size: number): boolean {
    const index = rank / this.step - this.base;
    const slot = index | 0;
    return slot === index && slot >= 0 && slot < this.window ? this.setNear(slot, size) : this.setElsewhere(rank, size);
  }

  /** Sets the first `count` of many levels; `sign` (1 or -1) turns their prices into ranks. */
  setAll(prices: Float64Array, sizes: Float64Array, count: number, sign: number): void {
    for (let i = 0; i < count; i++) this.set(sign * prices[i], sizes[i]);
  }

  sizeOf(rank: number): number {
    const index = rank / this.step - this.base;
    const slot = index | 0;
    return slot === index && slot >= 0 && slot < this.window ? this.sizes[slot] : this.far.sizeOf(rank);
  }

  clear(): void {
    this.sizes.fill(0);
    this.occupied.clear();
    this.far.clear();
    this.base = Number.NaN;
    this.bestIndex = -1;
    this.bestRank = 0;
    this.bestSize = 0;
    this.count = 0;
  }

  /** Copies up to `ranks.length` levels, best first; returns how many. */
  top(ranks: Float64Array, sizes: Float64Array): number {
    const { far } = this;
    let near = this.bestIndex;
    let farther = 0;
    let found = 0;
    while (found < ranks.length && (near >= 0 || farther < far.count)) {
      const rank = (this.base + near) * this.step;
      if (near >= 0 && (farther === far.count || rank > far.ranks[farther])) {
        ranks[found] = rank;
        sizes[found++] = this.sizes[near];
        near = this.occupied.highestAtOrBelow(near - 1);
      } else {
        ranks[found] = far.ranks[farther];
        sizes[found++] = far.sizes[farther++];
      }
    }
    return found;
  }

  /** Removes all but the best `count` levels. */
  truncate(count: number): void {
    while (this.count > count) {
      const near = this.occupied.lowest();
      const { far } = this;
      const worst = far.count > 0 ? far.ranks[far.count - 1] : Infinity;
      this.set(near >= 0 && (this.base + near) * this.step < worst ? (this.base + near) * this.step : worst, 0);
    }
  }

  private setNear(index: number, size: number): boolean {
    const before = this.sizes[index];
    this.sizes[index] = size;
    if (size > 0) {
      if (before === 0) {
        this.occupied.add(index);
        this.count++;
      }
      if (index >= this.bestIndex) {
        this.bestIndex = index;
        this.refreshBest();
      }
    } else if (before > 0) {
      this.occupied.remove(index);
      this.count--;
      if (index === this.bestIndex) {
        this.bestIndex = this.occupied.highestAtOrBelow(index - 1);
        if (this.bestIndex < this.window >>> 3 && this.far.count > 0) this.move();
        else this.refreshBest();
      }
    }
    return before > 0;
  }

  /** Off the window or between ticks. */
  private setElsewhere(rank: number, size: number): boolean {
    const tick = rank / this.step;
    const onTick = tick === Math.floor(tick);
    if (Number.isNaN(this.base) && onTick && size > 0) {
      this.place(tick);
      return this.set(rank, size);
    }
    const before = this.far.set(rank, size);
    if (size > 0 && before === 0) this.count++;
    if (size === 0 && before > 0) this.count--;
    if (onTick && size > 0 && tick >= this.base + this.window) this.move();
    else this.refreshBest();
    return before > 0;
  }

  /** Puts the window so that a quarter of it lies above the best tick. */
  private place(bestTick: number): void {
    this.base = bestTick - Math.floor((this.window * 3) / 4);
  }

  private move(): void {
    const ranks = new Float64Array(this.count);
    const sizes = new Float64Array(this.count);
    this.moves++;
    this.refill(ranks, sizes, this.top(ranks, sizes));
  }

  /** Fills the side anew from levels that are sorted best first. */
  private refill(ranks: Float64Array, sizes: Float64Array, found: number): void {
    this.clear();
    for (let i = 0; i < found; i++) this.set(ranks[i], sizes[i]);
    this.refreshBest();
  }

  private refreshBest(): void {
    if (this.far.count > 0 && (this.bestIndex < 0 || this.far.ranks[0] > (this.base + this.bestIndex) * this.step)) {
      this.bestRank = this.far.ranks[0];
      this.bestSize = this.far.sizes[0];
    } else if (this.bestIndex >= 0) {
      this.bestRank = (this.base + this.bestIndex) * this.step;
      this.bestSize = this.sizes[this.bestIndex];
    } else {
      this.bestRank = 0;
      this.bestSize = 0;
    }
  }
}
