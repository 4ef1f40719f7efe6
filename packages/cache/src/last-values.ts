import type { Opportunity, RegimeEvent, Row } from '@parallax/types';

/** A value with its time. */
export interface Last<Value> {
  readonly value: Value;
  /** When it came about: a quote's frame was received, an opportunity or regime last changed. Integer microseconds. */
  readonly atUs: number;
  /**
   * False for what was loaded after a start and has not been heard since: good for showing, never for deciding. A loaded
   * quote is `stale` as well, so that no detector takes it.
   */
  readonly confirmed: boolean;
}

/**
 * The last value of everything: what a service knows at once after it starts. Writing is synchronous and cheap; values
 * given are copied, values returned are the cache's own and must not be changed.
 */
export interface LastValues {
  putQuote(venue: string, symbol: string, quote: Row): void;
  quote(venue: string, symbol: string): Last<Row> | null;
  quotes(): Iterable<{ readonly venue: string; readonly symbol: string; readonly last: Last<Row> }>;

  /** A closed opportunity is forgotten. */
  putOpportunity(opportunity: Opportunity): void;
  opportunities(): Iterable<Last<Opportunity>>;

  putRegime(regime: RegimeEvent): void;
  regime(venue: string, symbol: string, horizon: RegimeEvent['horizon']): Last<RegimeEvent> | null;
  regimes(): Iterable<Last<RegimeEvent>>;

  /** Takes over what an earlier process left, where nothing newer is known here; gives how many values. */
  load(): Promise<number>;
  /** Resolves when what was put so far is safe, or could not be made so (see `failures`). */
  flush(): Promise<void>;
  close(): Promise<void>;
  /** How often the shared cache could not be read or written. The values in this process stay good. */
  readonly failures: number;
}
