import { OccupiedTicks } from './occupied-ticks.js';
import { SortedLevels } from './sorted-levels.js';
import { windowFor } from './window.js';

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
  private sizes = new Float64Array(0);
  private occupied = new OccupiedTicks(0);
  private readonly far = new SortedLevels();
  /** Tick of window index 0; not a number, so that no price lies in the window, before the first level has placed it. */
  private base = Number.NaN;
  private bestIndex = -1;

  /** `window` in ticks, a multiple of 1024; without one it follows from the price (see windowFor). */
  constructor(
    private readonly step: number,
    private readonly window?: number,
  ) {}

  /** Sets a level's absolute size, 0 removes it. Returns whether the level was there before. */
  set(rank: number, size: number): boolean {
    const index = rank / this.step - this.base;
    const slot = index | 0;
    return slot === index && slot >= 0 && slot < this.sizes.length ? this.setNear(slot, size) : this.setElsewhere(rank, size);
  }

  /** Sets the first `count` of many levels; `sign` (1 or -1) turns their prices into ranks. */
  setAll(prices: Float64Array, sizes: Float64Array, count: number, sign: number): void {
    for (let i = 0; i < count; i++) this.set(sign * prices[i], sizes[i]);
  }

  sizeOf(rank: number): number {
    const index = rank / this.step - this.base;
    const slot = index | 0;
    return slot === index && slot >= 0 && slot < this.sizes.length ? this.sizes[slot] : this.far.sizeOf(rank);
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
    let near = this.bestIndex;
    let found = 0;
    const takeNear = (downTo: number): void => {
      while (near >= 0 && found < ranks.length && (this.base + near) * this.step > downTo) {
        ranks[found] = (this.base + near) * this.step;
        sizes[found++] = this.sizes[near];
        near = this.occupied.highestAtOrBelow(near - 1);
      }
    };
    for (const block of this.far.blocks) {
      for (let i = 0; i < block.count; i++) {
        takeNear(block.ranks[i]);
        if (found === ranks.length) return found;
        ranks[found] = block.ranks[i];
        sizes[found++] = block.sizes[i];
      }
    }
    takeNear(-Infinity);
    return found;
  }

  /** Rank of the worst level; Infinity where there is none. */
  get worstRank(): number {
    const near = this.occupied.lowest();
    const far = this.far.worstRank;
    return near >= 0 && (this.base + near) * this.step < far ? (this.base + near) * this.step : far;
  }

  /** Removes all but the best `count` levels. */
  truncate(count: number): void {
    while (this.count > count) this.set(this.worstRank, 0);
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
        if (this.bestIndex < this.sizes.length >>> 3 && this.far.count > 0) this.move();
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
    if (onTick && size > 0 && tick >= this.base + this.sizes.length) this.move();
    else this.refreshBest();
    return before > 0;
  }

  /** Puts the window so that a quarter of it lies above the best tick. */
  private place(bestTick: number): void {
    const window = this.window ?? windowFor(bestTick);
    if (window !== this.sizes.length) {
      this.sizes = new Float64Array(window);
      this.occupied = new OccupiedTicks(window);
    }
    this.base = bestTick - Math.floor((window * 3) / 4);
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
    const rank = (this.base + this.bestIndex) * this.step;
    const { far } = this;
    if (far.count > 0 && (this.bestIndex < 0 || far.bestRank > rank)) {
      this.bestRank = far.bestRank;
      this.bestSize = far.bestSize;
    } else if (this.bestIndex >= 0) {
      this.bestRank = rank;
      this.bestSize = this.sizes[this.bestIndex];
    } else {
      this.bestRank = 0;
      this.bestSize = 0;
    }
  }
}
