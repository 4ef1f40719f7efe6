import type { Side } from './side.js';

function larger(column: Float64Array): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(column.length * 2);
  copy.set(column);
  return copy;
}

/** Price levels of one side: the first `count` of parallel columns. */
export interface LevelColumns {
  readonly count: number;
  readonly prices: Float64Array;
  readonly sizes: Float64Array;
}

/** Price levels of one side as a frame lists them: parallel columns, reused from frame to frame, grown when needed. */
export class Levels implements LevelColumns {
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

  protected grow(): void {
    this.prices = larger(this.prices);
    this.sizes = larger(this.sizes);
  }
}

/** A level as a frame tells it whose price or size is 2^53 or more at the instrument's scale: no number holds it exactly. */
export interface UnreadableLevel {
  readonly side: Side;
  /**
   * At the price scale. Infinity where it does not fit itself, which is so of asks alone: a bid there would leave nothing known.
   * Of a price between two steps of the scale, the better step.
   */
  readonly price: number;
  /** The price's exact digits at its scale; of a price between two steps, its own text. */
  readonly digits: string;
  /** The price lies between two steps of the scale: it is finer than the specification knows. */
  readonly between?: boolean;
  /** False for the removal of a level whose price does not fit. */
  readonly stands: boolean;
  /** How many numeric levels of its side the frame lists before it. */
  readonly after: number;
  /** What did not fit, and where in the frame. */
  readonly reason: string;
  readonly place: string;
}

/** What an update does to a book's levels. */
export interface LevelChanges {
  readonly bids: LevelColumns;
  readonly asks: LevelColumns;
  /** Levels that no number holds, in the frame's order; nearly always none. */
  readonly unreadable: readonly UnreadableLevel[];
}

/**
 * A change of a book, or the whole book. Prices and sizes are integers at the instrument's scales, sizes absolute, 0
 * removes the level. Ids are the venue's; 0 where it has none. Reused: valid until the sink returns.
 */
export class DepthUpdate implements LevelChanges {
  instrument = -1;
  snapshot = false;
  /** A snapshot that was fetched by REST. */
  fetched = false;
  exchangeAtUs = 0;
  firstId = 0;
  lastId = 0;
  previousId = 0;
  /** The venue's checksum as it sent it; NaN where it sent none. */
  checksum = Number.NaN;
  readonly unreadable: UnreadableLevel[] = [];
  /** A number of it has more decimals than its scale, which its unreadable levels show; null for none. */
  finer: { readonly scale: number; readonly decimals: number } | null = null;

  /** The lists may lie where the caller wants them. */
  constructor(
    readonly bids = new Levels(),
    readonly asks = new Levels(),
  ) {}

  reset(): void {
    this.instrument = -1;
    this.snapshot = false;
    this.fetched = false;
    this.exchangeAtUs = 0;
    this.firstId = 0;
    this.lastId = 0;
    this.previousId = 0;
    this.checksum = Number.NaN;
    this.bids.count = 0;
    this.asks.count = 0;
    if (this.unreadable.length > 0) this.unreadable.length = 0;
    this.finer = null;
  }
}
