import { larger } from './columns.js';
import type { QueueModel } from './queue-model.js';

/** A front that is not known yet: of the order's level nothing was told since it came, or came back after a restart. */
export const FRONT_UNKNOWN = -1;

/**
 * Our resting orders of one side, the best price first, then the oldest. Columns instead of objects. `rank` is the price
 * times the side, so that a higher rank is better on both sides.
 */
export class RestingOrders {
  count = 0;
  numbers = new Float64Array(16);
  ranks = new Float64Array(16);
  remaining = new Float64Array(16);
  /** Size that stands before ours at its price. */
  fronts = new Float64Array(16);
  /** The market's size at our price as last seen. */
  private visible = new Float64Array(16);
  /** Traded at our price since then: a decrease by that much is no cancellation. */
  private traded = new Float64Array(16);

  constructor(private readonly queue: QueueModel) {}

  add(number: number, rank: number, remaining: number, front: number, visible: number): void {
    if (this.count === this.numbers.length) this.grow();
    let at = this.count;
    while (at > 0 && this.ranks[at - 1] < rank) at--;
    for (const column of this.columns()) column.copyWithin(at + 1, at, this.count);
    this.count++;
    this.numbers[at] = number;
    this.ranks[at] = rank;
    this.remaining[at] = remaining;
    this.fronts[at] = front;
    this.visible[at] = visible;
    this.traded[at] = 0;
  }

  indexOf(number: number): number {
    for (let i = 0; i < this.count; i++) if (this.numbers[i] === number) return i;
    return -1;
  }

  removeAt(at: number): void {
    for (const column of this.columns()) column.copyWithin(at, at + 1, this.count);
    this.count--;
  }

  /** The market's size at a price changed to `size`: advances the queue of every order there. */
  onLevel(rank: number, size: number): void {
    for (let i = 0; i < this.count; i++) {
      if (this.ranks[i] < rank) return;
      if (this.ranks[i] === rank) this.advance(i, size);
    }
  }

  /** The whole book was told anew; `sizeAt` answers {@link FRONT_UNKNOWN} where it says nothing of a price. */
  onWholeBook(sizeAt: (rank: number) => number): void {
    for (let i = 0; i < this.count; i++) {
      const size = sizeAt(this.ranks[i]);
      if (size !== FRONT_UNKNOWN) this.advance(i, size);
    }
  }

  /**
   * A trade of `size` happened at the order's price, and `left` of it after our orders before this one: shortens the
   * front and returns what reached beyond it.
   */
  trade(at: number, size: number, left: number): number {
    const front = this.fronts[at];
    this.traded[at] += size;
    if (front === FRONT_UNKNOWN) return 0;
    this.fronts[at] = Math.max(0, front - left);
    return Math.max(0, left - front);
  }

  private advance(at: number, size: number): void {
    const before = this.visible[at];
    const cancelled = before - size - this.traded[at];
    this.visible[at] = size;
    this.traded[at] = 0;
    if (this.fronts[at] === FRONT_UNKNOWN) this.fronts[at] = size;
    else if (cancelled > 0) this.fronts[at] = this.queue.afterCancellation(this.fronts[at], before, size, cancelled);
    else if (size < this.fronts[at]) this.fronts[at] = size;
  }

  private columns(): Float64Array[] {
    return [this.numbers, this.ranks, this.remaining, this.fronts, this.visible, this.traded];
  }

  private grow(): void {
    this.numbers = larger(this.numbers);
    this.ranks = larger(this.ranks);
    this.remaining = larger(this.remaining);
    this.fronts = larger(this.fronts);
    this.visible = larger(this.visible);
    this.traded = larger(this.traded);
  }
}
