import { BOOK_COLUMNS, BookChange, LEVEL_COLUMNS, QUOTE_COLUMNS, RowKind, TRADE_COLUMNS, Trades, TRADES_COLUMNS, type Row } from './rows.js';
import type { ServiceName } from './service-name.js';

/** One kind of row that tells of a market, `md.<name>.<venue>.<base>.<symbol>` on the bus. */
export interface MarketRow {
  readonly kind: RowKind;
  /** Columns that each row of the kind has. */
  readonly columns: number;
  /** Columns behind those, as the row's own counts announce them; left out: none. */
  readonly more?: (row: Row) => number;
  /** What a reader gets who is too slow for all: the newest row of each instrument, or gaps that the sequence shows. */
  readonly whenSlow: 'newest' | 'drop';
  /** Services whose users of the bus may read it. Normalisation alone writes it. */
  readonly readBy: readonly ServiceName[];
}

/**
 * Every kind of row that tells of a market. Subjects, rights on the bus, what a slow reader gets and how long a row must be follow
 * from this table: a new kind is a line here, its columns in rows.ts, who writes it and who reads it.
 */
export const MARKET_ROWS = {
  quote: {
    kind: RowKind.quote, columns: QUOTE_COLUMNS, whenSlow: 'newest',
    readBy: ['regime', 'arbitrage', 'risk', 'execution', 'paper', 'monitoring', 'gateway'],
  },
  book: {
    kind: RowKind.book, columns: BOOK_COLUMNS, more: (row) => (row[BookChange.bidCount] + row[BookChange.askCount]) * LEVEL_COLUMNS,
    whenSlow: 'drop', readBy: ['arbitrage', 'execution', 'paper', 'gateway'],
  },
  trade: {
    kind: RowKind.trades, columns: TRADES_COLUMNS, more: (row) => row[Trades.count] * TRADE_COLUMNS,
    whenSlow: 'drop', readBy: ['regime', 'execution', 'paper'],
  },
} as const satisfies Readonly<Record<string, MarketRow>>;

export type MarketRowName = keyof typeof MARKET_ROWS;
export const MARKET_ROW_NAMES = Object.keys(MARKET_ROWS) as MarketRowName[];
/** The same lines with the type of any line. */
export const marketRow = (name: MarketRowName): MarketRow => MARKET_ROWS[name];
