import type { InstrumentSpecification } from './instrument.js';
import type { RegimeEvent } from './regime.js';
import type { Row } from './rows.js';
import type { Counters } from './service-counters.js';

/** A quote as it was believed last, before whoever recalls it had heard of it. */
export interface RememberedQuote {
  readonly venue: string;
  readonly symbol: string;
  /** The scales at which the row's integers were written; its version stands in the row. */
  readonly priceScale: number;
  readonly sizeScale: number;
  /**
   * Prices, sizes and times of then; trust `stale`, cause `remembered`, so that no detector takes it. Sequence and epoch are
   * 0: any live row follows it.
   */
  readonly row: Row;
}

export interface Remembered {
  readonly quotes: readonly RememberedQuote[];
  readonly regimes: readonly RegimeEvent[];
}

/**
 * The last values of the market, for services that start. What is recalled is for showing, and for being more careful, never
 * for trading: it gives way to the first live value, whatever the times of both.
 */
export interface LastValues {
  /**
   * Keeps a copy of a trusted quote. Of one that is not trusted nothing is kept: the last one that was believed stays. Synchronous
   * and cheap.
   */
  putQuote(specification: InstrumentSpecification, quote: Row): void;
  /** Keeps a state of the market; a later one of the same symbol and horizon takes its place. */
  putRegime(regime: RegimeEvent): void;
  /**
   * What this process and earlier ones put. Never rejects: after a time limit, or where nothing can be read, it gives what is
   * known here.
   */
  recall(): Promise<Remembered>;
  /** What went well and what did not, by name, for the health of those who use it. */
  readonly counters: Counters;
}
