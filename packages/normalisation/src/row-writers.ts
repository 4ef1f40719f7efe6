import { Side, type BookReader, type DepthUpdate } from '@parallax/book';
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

/** Writes an update's levels as a chained change; returns the columns used. */
export function writeChange(target: GrowingRow, update: DepthUpdate, chain: ChainState): number {
  const { bids, asks } = update;
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

/** Writes the whole book; returns the columns used. */
export function writeKeyframe(target: GrowingRow, book: BookReader, chain: ChainState): number {
  const bidCount = book.levels(Side.bid);
  const askCount = book.levels(Side.ask);
  const columns = BOOK_COLUMNS + 2 * (bidCount + askCount);
  const row = target.reserve(columns);
  writeChain(row, chain, true, bidCount, askCount);
  const prices = new Float64Array(Math.max(bidCount, askCount));
  const sizes = new Float64Array(prices.length);
  let at = BOOK_COLUMNS;
  for (const side of [Side.bid, Side.ask]) {
    const found = book.top(side, prices, sizes);
    for (let i = 0; i < found; i++) {
      row[at++] = prices[i];
      row[at++] = sizes[i];
    }
  }
  return columns;
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
