import { instrumentKey, isTrusted, QUOTE_COLUMNS, type InstrumentSpecification, type RegimeEvent, type Remembered, type Row } from '@parallax/types';
import { regimeKey, remembered, type KeptQuote } from './kept-values.js';
import type { OpenLastValues } from './last-values.js';

/** Last values of this process. */
export class MemoryLastValues implements OpenLastValues {
  readonly counters = {};
  readonly quotes = new Map<string, KeptQuote>();
  readonly regimes = new Map<string, RegimeEvent>();

  putQuote(specification: InstrumentSpecification, quote: Row): void {
    this.take(specification, quote);
  }

  /** @returns the key of what was kept, or null where the quote was not believed. */
  take({ venue, symbol, priceScale, sizeScale }: InstrumentSpecification, quote: Row): string | null {
    if (!isTrusted(quote)) return null;
    const key = instrumentKey(venue, symbol);
    let kept = this.quotes.get(key);
    if (kept?.priceScale !== priceScale || kept.sizeScale !== sizeScale) {
      kept = { venue, symbol, priceScale, sizeScale, row: new Float64Array(QUOTE_COLUMNS) };
      this.quotes.set(key, kept);
    }
    // By hand: a subarray would be an object for each quote.
    for (let column = 0; column < QUOTE_COLUMNS; column++) kept.row[column] = quote[column];
    return key;
  }

  putRegime(regime: RegimeEvent): void {
    this.regimes.set(regimeKey(regime), regime);
  }

  recall(): Promise<Remembered> {
    return Promise.resolve({ quotes: [...this.quotes.values()].map(remembered), regimes: [...this.regimes.values()] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
