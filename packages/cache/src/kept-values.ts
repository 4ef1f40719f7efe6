import { instrumentKey, Quote, QUOTE_COLUMNS, Trust, TrustCause, type RegimeEvent, type RememberedQuote, type Row } from '@parallax/types';

/** A quote as it was believed when it was put: its row still says so, and so it leaves this package only through {@link remembered}. */
export interface KeptQuote {
  readonly venue: string;
  readonly symbol: string;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly row: Row;
}

export const quoteKey = ({ venue, symbol }: Pick<KeptQuote, 'venue' | 'symbol'>): string => instrumentKey(venue, symbol);
export const regimeKey = ({ venue, symbol, horizon }: Pick<RegimeEvent, 'venue' | 'symbol' | 'horizon'>): string =>
  `${instrumentKey(venue, symbol)} ${horizon}`;

/** The copy that is handed out: no detector takes it, and whatever is heard live follows it. */
export function remembered({ row, ...about }: KeptQuote): RememberedQuote {
  const copy = row.slice(0, QUOTE_COLUMNS);
  copy[Quote.trust] = Trust.stale;
  copy[Quote.cause] = TrustCause.remembered;
  copy[Quote.sequence] = 0;
  copy[Quote.epoch] = 0;
  return { ...about, row: copy };
}
