import { Side } from '@parallax/book';
import type { InstrumentSpecification } from '@parallax/types';
import type { DepthSource } from './depth-source.js';
import { unitsOf, type LegUnits } from './fixed.js';

/** One price level of one side, exactly. */
export interface Level {
  readonly price: bigint;
  /** In the venue's unit, at the instrument's scale. */
  readonly size: bigint;
  readonly base: bigint;
}

/** The levels of one side, best first. */
export interface Levels {
  readonly units: LegUnits;
  readonly length: number;
  at(index: number): Level;
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
  exact(specification: InstrumentSpecification): Levels {
    return new ReachedLevels(this, unitsOf(specification));
  }

  /** Base units of all levels that count, as a float. */
  totalBase({ priceScale, sizeScale, contractSize, inverse }: InstrumentSpecification): number {
    let total = 0;
    for (let i = this.first; i < this.count; i++) total += inverse ? this.sizes[i] / (this.prices[i] / 10 ** priceScale) : this.sizes[i];
    return (total / 10 ** sizeScale) * Number(contractSize);
  }
}

/** Makes a level exact when a walk comes to it; most walks end long before the depth does. */
class ReachedLevels implements Levels {
  private readonly reached: Level[] = [];

  constructor(
    private readonly side: SideLevels,
    readonly units: LegUnits,
  ) {}

  get length(): number {
    return this.side.count - this.side.first;
  }

  at(index: number): Level {
    return (this.reached[index] ??= this.make(this.side.first + index));
  }

  private make(at: number): Level {
    const price = this.units.priceOf(this.side.prices[at]);
    const size = BigInt(this.side.sizes[at]);
    return { price, size, base: this.units.baseOf(size, price) };
  }
}
