import {
  BOOK_COLUMNS, BookChange, Column, layoutOf, Quote, QUOTE_COLUMNS, RowKind, TRADE_COLUMNS, Trades, TRADES_COLUMNS,
  type InstrumentSpecification, type Row,
} from '@parallax/types';

export type Levels = readonly (readonly [price: number, size: number])[];

export const specification: InstrumentSpecification = {
  venue: 'kraken', symbol: 'BTC/USD', venueSymbol: 'BTC/USD', base: 'BTC', quote: 'USD', settle: 'USD', kind: 'spot',
  inverse: false, contractSize: '1', priceScale: 1, sizeScale: 3, priceStep: 1, sizeStep: 1, minimumSize: 2,
  minimumNotional: '0', status: 'trading', version: 1, source: 'catalogue',
};

export function bookRow(bids: Levels, asks: Levels, fields: { keyframe?: boolean; id: number; previous?: number; trust?: number }): Row {
  const row = new Float64Array(BOOK_COLUMNS + (bids.length + asks.length) * 2);
  row[Column.layout] = layoutOf(RowKind.book);
  row[Column.specificationVersion] = 1;
  row[BookChange.lastId] = fields.id;
  row[BookChange.previousId] = fields.previous ?? fields.id - 1;
  row[BookChange.keyframe] = fields.keyframe ? 1 : 0;
  row[BookChange.trust] = fields.trust ?? 1;
  row[BookChange.bidCount] = bids.length;
  row[BookChange.askCount] = asks.length;
  row.set([...bids, ...asks].flat(), BOOK_COLUMNS);
  return row;
}

/** `side` is the taker's: 1 bought, -1 sold. */
export function tradesRow(...trades: readonly { price: number; size: number; side: 1 | -1 }[]): Row {
  const row = new Float64Array(TRADES_COLUMNS + trades.length * TRADE_COLUMNS);
  row[Column.specificationVersion] = 1;
  row[Trades.count] = trades.length;
  trades.forEach(({ price, size, side }, i) => row.set([i + 1, price, size, side, 0], TRADES_COLUMNS + i * TRADE_COLUMNS));
  return row;
}

export function quoteRow(bid: readonly [number, number], ask: readonly [number, number], trust = 1): Row {
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Column.specificationVersion] = 1;
  row[Quote.trust] = trust;
  row.set([...bid, ...ask], Quote.bidPrice);
  return row;
}
