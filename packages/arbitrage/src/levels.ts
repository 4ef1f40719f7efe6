import { Side } from '@parallax/book';
import type { InstrumentSpecification } from '@parallax/types';
import type { DepthSource } from './depth-source.js';
import { Exact, DIVISION_DECIMALS, exactFromScaled } from './exact.js';

/** One price level of one side, exactly. */
export interface ExactLevel {
  readonly price: Exact;
  /** Size in the venue's unit and in base units (rounded down at 18 decimals for inverse contracts). */
  readonly size: Exact;
  readonly base: Exact;
}

/**
 * One side of one book, read into reused columns of integers. Levels better than the quote are passed over: where a
 * ticker is ahead of the depth channel, they are gone.
 */
export class SideLevels {
  count = 0;
  /** First level that counts. */
  first = 0;
  readonly prices: Float64Array;
  readonly sizes: Float64Array;

  constructor(capacity: number) {
    this.prices = new Float64Array(capacity);
    this.sizes = new Float64Array(capacity);
  }

  /** Reads the side; `best` is the quote's price as a float. Returns whether a level is left. */
  read(depth: DepthSource, instrument: number, side: Side, best: number, priceScale: number): boolean {
    this.count = depth.top(instrument, side, this.prices, this.sizes);
    this.first = 0;
    const unit = 10 ** priceScale;
    if (side === Side.ask) while (this.first < this.count && this.prices[this.first] / unit < best) this.first++;
    else while (this.first < this.count && this.prices[this.first] / unit > best) this.first++;
    return this.first < this.count;
  }

  exact(specification: InstrumentSpecification): ExactLevel[] {
    const levels: ExactLevel[] = [];
    for (let i = this.first; i < this.count; i++) {
      const price = exactFromScaled(this.prices[i], specification.priceScale);
      const size = exactFromScaled(this.sizes[i], specification.sizeScale);
      levels.push({ price, size, base: baseOf(size, price, specification) });
    }
    return levels;
  }
}

/** Base units of a size: size × contractSize, for inverse contracts ÷ price (rounded down at 18 decimals). */
export function baseOf(size: Exact, price: Exact, { contractSize, inverse }: InstrumentSpecification): Exact {
  const units = size.mul(contractSize);
  return inverse ? units.div(price).toDecimalPlaces(DIVISION_DECIMALS, Exact.ROUND_DOWN) : units;
}
