import { isBefore, Side, type BookReader, type DepthEnds, type LevelChanges } from '@parallax/book';
import {
  BOOK_COLUMNS, BookChange, Column, layoutOf, LEVEL_COLUMNS, RowKind, Trade, TRADE_COLUMNS, Trades, TRADES_COLUMNS,
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

/** Writes an update's levels as a chained change, those behind the ends of the known depth left out; returns the columns used. */
export function writeChange(target: GrowingRow, { bids, asks }: Pick<LevelChanges, 'bids' | 'asks'>, { bidEnd, askEnd }: DepthEnds, chain: ChainState): number {
  const row = target.reserve(BOOK_COLUMNS + LEVEL_COLUMNS * (bids.count + asks.count));
  const { prices: bidPrices, sizes: bidSizes, count: bidCount } = bids;
  const { prices: askPrices, sizes: askSizes, count: askCount } = asks;
  let at = BOOK_COLUMNS;
  for (let i = 0; i < bidCount; i++) {
    const price = bidPrices[i];
    if (price <= bidEnd) continue;
    row[at++] = price;
    row[at++] = bidSizes[i];
  }
  const asksFrom = at;
  for (let i = 0; i < askCount; i++) {
    const price = askPrices[i];
    if (price >= askEnd) continue;
    row[at++] = price;
    row[at++] = askSizes[i];
  }
  writeChain(row, chain, false, (asksFrom - BOOK_COLUMNS) / LEVEL_COLUMNS, (at - asksFrom) / LEVEL_COLUMNS);
  return at;
}

/** Levels that are looked at first: as many as most readers walk, and as the larger snapshots of a venue have. */
const FIRST_LEVELS = 1_024;

/** Writes the whole book as far as its depth is known; returns the columns used. */
export function writeKeyframe(target: GrowingRow, book: BookReader, ends: DepthEnds, chain: ChainState): number {
  const row = target.reserve(BOOK_COLUMNS + LEVEL_COLUMNS * (book.levels(Side.bid) + book.levels(Side.ask)));
  const asksFrom = writeSide(row, BOOK_COLUMNS, book, Side.bid, ends);
  const end = writeSide(row, asksFrom, book, Side.ask, ends);
  writeChain(row, chain, true, (asksFrom - BOOK_COLUMNS) / LEVEL_COLUMNS, (end - asksFrom) / LEVEL_COLUMNS);
  return end;
}

/** Writes a side's levels before its end; returns where the next column stands. A book may hold many times as many behind the end. */
function writeSide(row: Row, from: number, book: BookReader, side: Side, ends: DepthEnds): number {
  const levels = book.levels(side);
  let room = FIRST_LEVELS;
  for (;;) {
    const prices = new Float64Array(room);
    const sizes = new Float64Array(room);
    let found = book.top(side, prices, sizes);
    if (found === room && found < levels && isBefore(ends, side, prices[found - 1])) {
      room = Math.min(levels, room * 4);
      continue;
    }
    while (found > 0 && !isBefore(ends, side, prices[found - 1])) found--;
    for (let i = 0; i < found; i++) {
      row[from + i * LEVEL_COLUMNS] = prices[i];
      row[from + i * LEVEL_COLUMNS + 1] = sizes[i];
    }
    return from + found * LEVEL_COLUMNS;
  }
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
