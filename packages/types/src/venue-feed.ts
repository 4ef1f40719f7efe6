/**
 * How a wanted symbol stands with its venue: the venue does not list it; it is to be asked for, as soon as a connection is
 * open; it is asked for; the venue acknowledged that, which proves nothing; data was heard and comes no more; it is refused.
 */
export type MissingState = 'unlisted' | 'wanted' | 'asked' | 'acknowledged' | 'silent' | 'refused';

/** A symbol that is wanted of a venue and of which nothing is heard, wholly or by some feeds. */
export interface MissingSymbol {
  readonly symbol: string;
  /** Of the feed that stands worst. */
  readonly state: MissingState;
  /** The feeds of which nothing is heard; none where the venue does not list it. */
  readonly feeds: readonly string[];
  /** Since when it counts as missing; null while its first word may still come, and where the venue does not list it. */
  readonly sinceUs: number | null;
  /** When one of these feeds was heard last; null for never. */
  readonly heardAtUs: number | null;
  /** How often it was tried to bring it back. */
  readonly attempts: number;
  /** The venue's own words, where it refused. */
  readonly reason: string;
}

/** What ingestion wants of one venue and what of it is missing, told once a second. */
export interface VenueFeed {
  readonly venue: string;
  readonly instance: string;
  /** Connections that are wanted, and how many of them are open. */
  readonly connections: number;
  readonly open: number;
  /** Symbols that the venue lists and that are wanted. */
  readonly wanted: number;
  readonly missing: readonly MissingSymbol[];
  readonly atUs: number;
}

/** A sentence for people, the venue left out. */
export function missingSentence({ symbol, state, feeds, sinceUs, heardAtUs, attempts, reason }: MissingSymbol): string {
  if (state === 'unlisted') return `${symbol} is not listed`;
  const what = `${symbol} (${feeds.join(', ')})`;
  if (sinceUs === null) return `nothing was heard of ${what} yet: ${state}`;
  const tried = attempts === 0 ? '' : `; asked for again ${attempts === 1 ? 'once' : `${attempts} times`}`;
  if (reason !== '') return `${what} is refused: ${reason}${tried}`;
  return `nothing is heard of ${what}${heardAtUs === null ? '' : ' any more'}: ${state}${tried}`;
}
