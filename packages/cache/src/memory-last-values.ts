import {
  instrumentKey, Quote, QUOTE_COLUMNS, Trust, TrustCause, type Opportunity, type RegimeEvent, type RegimeHorizon, type Row,
} from '@parallax/types';
import type { Last, LastValues } from './last-values.js';

interface QuoteEntry extends Last<Row> {
  readonly venue: string;
  readonly symbol: string;
  atUs: number;
  confirmed: boolean;
}

export const regimeKey = (venue: string, symbol: string, horizon: RegimeHorizon): string => `${instrumentKey(venue, symbol)} ${horizon}`;

/** Last values of this process. A value that is older than the one known is not taken. */
export class MemoryLastValues implements LastValues {
  readonly failures: number = 0;
  private readonly quoteEntries = new Map<string, QuoteEntry>();
  private readonly opportunityEntries = new Map<string, Last<Opportunity>>();
  private readonly regimeEntries = new Map<string, Last<RegimeEvent>>();

  putQuote(venue: string, symbol: string, quote: Row): void {
    this.takeQuote(venue, symbol, quote, true);
  }

  /** @returns whether the quote was taken. An unconfirmed one never takes the place of any other. */
  takeQuote(venue: string, symbol: string, quote: Row, confirmed: boolean): boolean {
    const key = instrumentKey(venue, symbol);
    const atUs = quote[Quote.receivedAtUs];
    let entry = this.quoteEntries.get(key);
    if (entry === undefined) {
      entry = { venue, symbol, value: new Float64Array(QUOTE_COLUMNS), atUs, confirmed };
      this.quoteEntries.set(key, entry);
    } else if (!confirmed || (entry.confirmed && entry.atUs > atUs)) {
      return false;
    }
    // By hand: a subarray would be an object for each quote.
    for (let column = 0; column < QUOTE_COLUMNS; column++) entry.value[column] = quote[column];
    entry.atUs = atUs;
    entry.confirmed = confirmed;
    if (!confirmed) {
      entry.value[Quote.trust] = Trust.stale;
      entry.value[Quote.cause] = TrustCause.started;
    }
    return true;
  }

  quote(venue: string, symbol: string): Last<Row> | null {
    return this.quoteEntries.get(instrumentKey(venue, symbol)) ?? null;
  }

  *quotes(): Iterable<{ venue: string; symbol: string; last: Last<Row> }> {
    for (const entry of this.quoteEntries.values()) yield { venue: entry.venue, symbol: entry.symbol, last: entry };
  }

  putOpportunity(opportunity: Opportunity): void {
    if (opportunity.state === 'closed') this.opportunityEntries.delete(opportunity.id);
    else take(this.opportunityEntries, opportunity.id, opportunity, true);
  }

  takeOpportunity(opportunity: Opportunity): boolean {
    return take(this.opportunityEntries, opportunity.id, opportunity, false);
  }

  opportunities(): Iterable<Last<Opportunity>> {
    return this.opportunityEntries.values();
  }

  putRegime(regime: RegimeEvent): void {
    take(this.regimeEntries, regimeKey(regime.venue, regime.symbol, regime.horizon), regime, true);
  }

  takeRegime(regime: RegimeEvent): boolean {
    return take(this.regimeEntries, regimeKey(regime.venue, regime.symbol, regime.horizon), regime, false);
  }

  regime(venue: string, symbol: string, horizon: RegimeHorizon): Last<RegimeEvent> | null {
    return this.regimeEntries.get(regimeKey(venue, symbol, horizon)) ?? null;
  }

  regimes(): Iterable<Last<RegimeEvent>> {
    return this.regimeEntries.values();
  }

  load(): Promise<number> {
    return Promise.resolve(0);
  }
  flush(): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function take<Value extends { readonly atUs: number }>(entries: Map<string, Last<Value>>, key: string, value: Value, confirmed: boolean): boolean {
  const known = entries.get(key);
  if (known !== undefined && (!confirmed || (known.confirmed && known.atUs > value.atUs))) return false;
  entries.set(key, { value: structuredClone(value), atUs: value.atUs, confirmed });
  return true;
}
