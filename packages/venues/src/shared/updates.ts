export { DepthUpdate, Levels } from '@parallax/book';

function larger(column: Float64Array): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(column.length * 2);
  copy.set(column);
  return copy;
}

/** The best bid and ask as a ticker channel tells them. Size and id 0 where the venue sends none. Reused. */
export class TickerUpdate {
  instrument = -1;
  exchangeAtUs = 0;
  updateId = 0;
  bidPrice = 0;
  bidSize = 0;
  askPrice = 0;
  askSize = 0;
}

/** Trades of one instrument in one frame, oldest first; `sides` are the taker's: 1 bought, -1 sold. Reused. */
export class TradesUpdate {
  instrument = -1;
  /** True for the history some venues send on subscribing: not new trades. */
  snapshot = false;
  count = 0;
  ids = new Float64Array(16);
  prices = new Float64Array(16);
  sizes = new Float64Array(16);
  sides = new Float64Array(16);
  exchangeAtUs = new Float64Array(16);

  reset(): void {
    this.instrument = -1;
    this.snapshot = false;
    this.count = 0;
  }

  push(id: number, price: number, size: number, side: number, exchangeAtUs: number): void {
    if (this.count === this.ids.length) this.grow();
    const at = this.count++;
    this.ids[at] = id;
    this.prices[at] = price;
    this.sizes[at] = size;
    this.sides[at] = side;
    this.exchangeAtUs[at] = exchangeAtUs;
  }

  /** Puts a trade in the place of an earlier one. */
  move(from: number, to: number): void {
    this.ids[to] = this.ids[from];
    this.prices[to] = this.prices[from];
    this.sizes[to] = this.sizes[from];
    this.sides[to] = this.sides[from];
    this.exchangeAtUs[to] = this.exchangeAtUs[from];
  }

  private grow(): void {
    this.ids = larger(this.ids);
    this.prices = larger(this.prices);
    this.sizes = larger(this.sizes);
    this.sides = larger(this.sides);
    this.exchangeAtUs = larger(this.exchangeAtUs);
  }
}
