import { layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust, type InstrumentSpecification, type RegimeEvent, type Row } from '@parallax/types';

/** A made-up spot market of `base` against USDT: prices in cents, sizes with `sizeScale` digits. */
export function spotOf(venue: string, base: string, sizeScale: number): InstrumentSpecification {
  return {
    venue, symbol: `${base}/USDT`, venueSymbol: `${base}USDT`, base, quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
    contractSize: '1', priceScale: 2, sizeScale, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5',
    status: 'trading', version: 1, source: 'catalogue',
  };
}

/** A quote that detectors take, still without prices and times. */
export function trustedQuote(): Row {
  const row: Row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.layout] = layoutOf(RowKind.quote);
  row[Quote.specificationVersion] = 1;
  row[Quote.trust] = Trust.synced;
  return row;
}

/** What regime tells each second of a market in which nothing unusual happens. */
export function calmRegime({ venue, symbol, base }: Pick<InstrumentSpecification, 'venue' | 'symbol' | 'base'>, nowUs: number): RegimeEvent {
  return {
    venue, symbol, base, horizon: '1m', regime: 'NORMAL', previous: null, confidence: 1, strength: 0, enteredAtUs: nowUs, durationUs: 0, atUs: nowUs,
    origin: { venue, connection: 1, frame: 1, receivedAtUs: nowUs },
  };
}
