/** Price levels of one side as a frame lists them: parallel columns, reused from frame to frame, grown when needed. */
export class Levels {
  count = 0;
  prices = new Float64Array(64);
  sizes = new Float64Array(64);

  clear(): void {
    this.count = 0;
  }

  push(price: number, size: number): void {
    if (this.count === this.prices.length) this.grow();
    this.prices[this.count] = price;
    this.sizes[this.count++] = size;
  }

  private grow(): void {
    const prices = new Float64Array(this.prices.length * 2);
    const sizes = new Float64Array(this.sizes.length * 2);
    prices.set(this.prices);
    sizes.set(this.sizes);
    this.prices = prices;
    this.sizes = sizes;
  }
}

/**
 * A change of a book, or the whole book. Prices and sizes are integers at the instrument's scales, sizes absolute, 0
 * removes the level. Ids are the venue's; 0 where it has none. Reused: valid until the sink returns.
 */
export class DepthUpdate {
  instrument = -1;
  snapshot = false;
  exchangeAtUs = 0;
  firstId = 0;
  lastId = 0;
  previousId = 0;
  /** The venue's checksum as it sent it; NaN where it sent none. */
  checksum = Number.NaN;
  readonly bids = new Levels();
  readonly asks = new Levels();

  reset(): void {
    this.instrument = -1;
    this.snapshot = false;
    this.exchangeAtUs = 0;
    this.firstId = 0;
    this.lastId = 0;
    this.previousId = 0;
    this.checksum = Number.NaN;
    this.bids.count = 0;
    this.asks.count = 0;
  }
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

  private grow(): void {
    const larger = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(column.length * 2);
      copy.set(column);
      return copy;
    };
    this.ids = larger(this.ids);
    this.prices = larger(this.prices);
    this.sizes = larger(this.sizes);
    this.sides = larger(this.sides);
    this.exchangeAtUs = larger(this.exchangeAtUs);
  }
}
