import { larger } from './columns.js';
import type { OrderSide, TakenLevel } from './matching-terms.js';

/**
 * The market's recorded book does not know that we took from it. What we took from a level stays taken until the market
 * itself changes the level; then its new size counts as it is. Few levels are taken at a time, so columns suffice.
 */
export class TakenLevels {
  count = 0;
  private prices = new Float64Array(16);
  private taken = new Float64Array(16);
  /** The level's visible size when we took from it. */
  private visible = new Float64Array(16);

  constructor(readonly side: OrderSide) {}

  takenAt(price: number): number {
    for (let i = 0; i < this.count; i++) if (this.prices[i] === price) return this.taken[i];
    return 0;
  }

  all(): TakenLevel[] {
    return Array.from({ length: this.count }, (_, i) => this.levelAt(i));
  }

  /** Adds what was taken of a level, and returns all that is taken of it now. */
  take(price: number, size: number, visible: number): TakenLevel {
    for (let i = 0; i < this.count; i++) {
      if (this.prices[i] !== price) continue;
      this.taken[i] += size;
      return this.levelAt(i);
    }
    if (this.count === this.prices.length) this.grow();
    this.prices[this.count] = price;
    this.taken[this.count] = size;
    this.visible[this.count] = visible;
    return this.levelAt(this.count++);
  }

  /** Tells the level's size as the market now shows it; the same size as before is no change. */
  onLevel(price: number, visible: number): void {
    for (let i = 0; i < this.count; i++) {
      if (this.prices[i] !== price) continue;
      if (this.visible[i] !== visible) this.removeAt(i);
      return;
    }
  }

  /** As {@link onLevel} for every level, after the whole book was given anew. */
  onWholeBook(sizeAt: (price: number) => number): void {
    for (let i = this.count - 1; i >= 0; i--) if (this.visible[i] !== sizeAt(this.prices[i])) this.removeAt(i);
  }

  private levelAt(at: number): TakenLevel {
    return { side: this.side, price: this.prices[at], size: this.taken[at], visible: this.visible[at] };
  }

  private removeAt(at: number): void {
    const last = --this.count;
    this.prices[at] = this.prices[last];
    this.taken[at] = this.taken[last];
    this.visible[at] = this.visible[last];
  }

  private grow(): void {
    this.prices = larger(this.prices);
    this.taken = larger(this.taken);
    this.visible = larger(this.visible);
  }
}
