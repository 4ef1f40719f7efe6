import { isBefore, Levels, Side, type BookReader, type DepthEnds, type LevelChanges, type LevelColumns } from '@parallax/book';
import {
  BOOK_COLUMNS, BookChange, Column, layoutOf, RowKind, Trade, TRADE_COLUMNS, Trades, TRADES_COLUMNS,
  type Row, type Trust, type TrustCause,
} from '@parallax/types';
import type { TradesUpdate } from '@parallax/venues';
import type { FrameOrigin } from './sink.js';

/** Writes the columns that every row begins with. */
export function writeHeader(
  row: Row, kind: RowKind, origin: FrameOrigin, exchangeAtUs: number, sequence: number, specificationVersion: number,
): void {
  row[Column.layout] = layoutOf(kind);
  row[Column.connection] = origin.connection;
  row[Column.frame] = origin.frame;
  row[Column.receivedAtUs] = origin.receivedAtUs;
  row[Column.exchangeAtUs] = exchangeAtUs;
  row[Column.sequence] = sequence;
  row[Column.epoch] = origin.epoch;
  row[Column.specificationVersion] = specificationVersion;
}

/** A row that grows to the largest it had to hold; what it held before is lost. */
export class GrowingRow {
  row: Row = new Float64Array(256);

  reserve(columns: number): Row {
    if (columns > this.row.length) this.row = new Float64Array(columns * 2);
    return this.row;
  }
}

/** Writes the trades behind the header; returns the columns used. */
export function writeTrades(target: GrowingRow, update: TradesUpdate): number {
  const { count } = update;
  const columns = TRADES_COLUMNS + count * TRADE_COLUMNS;
  const row = target.reserve(columns);
  row[Trades.count] = count;
  let at = TRADES_COLUMNS;
  for (let i = 0; i < count; i++, at += TRADE_COLUMNS) {
    row[at + Trade.id] = update.ids[i];
    row[at + Trade.price] = update.prices[i];
    row[at + Trade.size] = update.sizes[i];
    row[at + Trade.side] = update.sides[i];
    row[at + Trade.exchangeAtUs] = update.exchangeAtUs[i];
  }
  return columns;
}

/** What a book row says besides its levels. */
export interface ChainState {
  readonly firstId: number;
  readonly chainId: number;
  readonly previousId: number;
  readonly trust: Trust;
  readonly cause: TrustCause;
  readonly depthLimit: number;
}

/** The levels of an update that lie before the ends of a book's depth. */
export function beforeEnds({ bids, asks }: Pick<LevelChanges, 'bids' | 'asks'>, ends: DepthEnds): Pick<LevelChanges, 'bids' | 'asks'> {
  const cut = (side: Side, { prices, sizes, count }: LevelColumns): Levels => {
    const kept = new Levels();
    for (let i = 0; i < count; i++) if (isBefore(ends, side, prices[i])) kept.push(prices[i], sizes[i]);
    return kept;
  };
  return { bids: cut(Side.bid, bids), asks: cut(Side.ask, asks) };
}

/** Writes an update's levels as a chained change; returns the columns used. */
export function writeChange(target: GrowingRow, { bids, asks }: Pick<LevelChanges, 'bids' | 'asks'>, chain: ChainState): number {
  const columns = BOOK_COLUMNS + 2 * (bids.count + asks.count);
  const row = target.reserve(columns);
  writeChain(row, chain, false, bids.count, asks.count);
  let at = BOOK_COLUMNS;
  for (let i = 0; i < bids.count; i++) {
    row[at++] = bids.prices[i];
    row[at++] = bids.sizes[i];
  }
  for (let i = 0; i < asks.count; i++) {
    row[at++] = asks.prices[i];
    row[at++] = asks.sizes[i];
  }
  return columns;
}

/** Writes the whole book as far as its depth is known; returns the columns used. */
export function writeKeyframe(target: GrowingRow, book: BookReader, ends: DepthEnds, chain: ChainState): number {
  const row = target.reserve(BOOK_COLUMNS + 2 * (book.levels(Side.bid) + book.levels(Side.ask)));
  const prices = new Float64Array(Math.max(book.levels(Side.bid), book.levels(Side.ask)));
  const sizes = new Float64Array(prices.length);
  let at = BOOK_COLUMNS;
  const [bidCount, askCount] = [Side.bid, Side.ask].map((side) => {
    let found = book.top(side, prices, sizes);
    while (found > 0 && !isBefore(ends, side, prices[found - 1])) found--;
    for (let i = 0; i < found; i++) {
      row[at++] = prices[i];
      row[at++] = sizes[i];
    }
    return found;
  });
  writeChain(row, chain, true, bidCount, askCount);
  return at;
}

function writeChain(row: Row, chain: ChainState, keyframe: boolean, bidCount: number, askCount: number): void {
  row[BookChange.firstId] = chain.firstId;
  row[BookChange.lastId] = chain.chainId;
  row[BookChange.previousId] = chain.previousId;
  row[BookChange.keyframe] = keyframe ? 1 : 0;
  row[BookChange.trust] = chain.trust;
  row[BookChange.cause] = chain.cause;
  row[BookChange.bidCount] = bidCount;
  row[BookChange.askCount] = askCount;
  row[BookChange.depthLimit] = chain.depthLimit;
}
