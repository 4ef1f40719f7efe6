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

/** The levels of one side, best first. */
export interface ExactLevels {
  readonly length: number;
  at(index: number): ExactLevel;
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

  /** The levels that count, exactly; valid until the side is read again. */
  exact(specification: InstrumentSpecification): ExactLevels {
    return new ReachedLevels(this, specification);
  }

  /** Base units of all levels that count, as a float. */
  totalBase({ priceScale, sizeScale, contractSize, inverse }: InstrumentSpecification): number {
    let total = 0;
    for (let i = this.first; i < this.count; i++) total += inverse ? this.sizes[i] / (this.prices[i] / 10 ** priceScale) : this.sizes[i];
    return (total / 10 ** sizeScale) * Number(contractSize);
  }
}

/** Makes a level exact when a walk comes to it; most walks end long before the depth does. */
class ReachedLevels implements ExactLevels {
  private readonly reached: ExactLevel[] = [];

  constructor(
    private readonly side: SideLevels,
    private readonly specification: InstrumentSpecification,
  ) {}

  get length(): number {
    return this.side.count - this.side.first;
  }

  at(index: number): ExactLevel {
    return (this.reached[index] ??= this.make(this.side.first + index));
  }

  private make(at: number): ExactLevel {
    const { side, specification } = this;
    const price = exactFromScaled(side.prices[at], specification.priceScale);
    const size = exactFromScaled(side.sizes[at], specification.sizeScale);
    return { price, size, base: baseOf(size, price, specification) };
  }
}

/** Size × contractSize: base units of a linear contract, quote units of an inverse one. */
export function unitsOf(size: Exact, { contractSize }: InstrumentSpecification): Exact {
  return contractSize === '1' ? size : size.mul(contractSize);
}

/** Base units of a size: its units, for inverse contracts ÷ price (rounded down at 18 decimals). */
export function baseOf(size: Exact, price: Exact, specification: InstrumentSpecification): Exact {
  const units = unitsOf(size, specification);
  return specification.inverse ? units.div(price).toDecimalPlaces(DIVISION_DECIMALS, Exact.ROUND_DOWN) : units;
}
