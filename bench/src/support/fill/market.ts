import { BOOK_COLUMNS, BookChange, Column, layoutOf, Quote, QUOTE_COLUMNS, RowKind, type InstrumentSpecification, type Row } from '@parallax/types';
import { spotOf } from '../market.js';

export const VENUE_IDS = ['binance', 'okx'] as const;
export const SYMBOLS = 20;
export const ACCOUNT = 'main';
const LEVELS = 10;
/** The second venue bids higher than the first asks: 100.00 against 101.00. */
export const MIDDLES = [9_999, 10_101] as const;

export const INSTRUMENTS: readonly InstrumentSpecification[] = VENUE_IDS.flatMap((venue) =>
  Array.from({ length: SYMBOLS }, (_, symbol) => spotOf(venue, `COIN${symbol}`, 3)),
);

/** A whole book and its quote, with sizes that differ from `update` to `update`, so that what was taken before counts no more. */
export class FillMarket {
  readonly book: Row = new Float64Array(BOOK_COLUMNS + LEVELS * 4);
  readonly quote: Row = new Float64Array(QUOTE_COLUMNS);

  write(venue: number, update: number, nowUs: number): void {
    const { book, quote } = this;
    for (const row of [book, quote]) {
      row[Column.connection] = venue + 1;
      row[Column.frame] = row[Column.sequence] = update;
      row[Column.receivedAtUs] = nowUs;
      row[Column.specificationVersion] = row[Column.epoch] = 1;
    }
    book[Column.layout] = layoutOf(RowKind.book);
    book[BookChange.lastId] = update;
    book[BookChange.keyframe] = book[BookChange.trust] = 1;
    book[BookChange.bidCount] = book[BookChange.askCount] = LEVELS;
    const size = 1_000_000 + (update % 7);
    for (let level = 0; level < LEVELS; level++) {
      book.set([MIDDLES[venue] - 1 - level, size + level], BOOK_COLUMNS + level * 2);
      book.set([MIDDLES[venue] + 1 + level, size + level], BOOK_COLUMNS + (LEVELS + level) * 2);
    }
    quote[Column.layout] = layoutOf(RowKind.quote);
    quote[Quote.bidPrice] = quote[Quote.depthBidPrice] = MIDDLES[venue] - 1;
    quote[Quote.askPrice] = quote[Quote.depthAskPrice] = MIDDLES[venue] + 1;
    quote[Quote.bidSize] = quote[Quote.depthBidSize] = quote[Quote.askSize] = quote[Quote.depthAskSize] = size;
    quote[Quote.updateId] = quote[Quote.depthUpdateId] = update;
    quote[Quote.trust] = 1;
    quote[Quote.changedAtUs] = quote[Quote.provenAtUs] = nowUs;
  }
}
