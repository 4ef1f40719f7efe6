import { expect, test } from '@jest/globals';
import { DepthUpdate, LadderBook, Side } from '@parallax/book';
import { BOOK_COLUMNS, BookChange, LEVEL_COLUMNS, Trade, TRADE_COLUMNS, Trades, TRADES_COLUMNS, Trust, TrustCause } from '@parallax/types';
import { TradesUpdate } from '@parallax/venues';
import { GrowingRow, writeChange, writeKeyframe, writeTrades, type ChainState } from './row-writers.js';

const CHAIN: ChainState = { firstId: 5, chainId: 7, previousId: 6, trust: Trust.synced, cause: TrustCause.resumed, depthLimit: 9 };
const WHOLE = { bidEnd: -Infinity, askEnd: Infinity };
const levelsOf = (row: Float64Array, columns: number): number[] => [...row.subarray(BOOK_COLUMNS, columns)];

test('each trade of a message stands in a place of its own, and the row ends with the last', () => {
  const update = new TradesUpdate();
  const trades = Array.from({ length: 120 }, (_, i) => [1_000 + i, 200 + i, 3_000 + i, i % 2 === 0 ? 1 : -1, 40_000 + i] as const);
  for (const trade of trades) update.push(...trade);
  const target = new GrowingRow();
  const columns = writeTrades(target, update);
  expect([columns, target.row[Trades.count]]).toEqual([TRADES_COLUMNS + trades.length * TRADE_COLUMNS, trades.length]);
  const read = trades.map((_, i) => {
    const at = TRADES_COLUMNS + i * TRADE_COLUMNS;
    return [Trade.id, Trade.price, Trade.size, Trade.side, Trade.exchangeAtUs].map((column) => target.row[at + column]);
  });
  expect(read).toEqual(trades);
});

test('a change holds its levels and no more, those behind the ends of the known depth left out', () => {
  const update = new DepthUpdate();
  for (const [price, size] of [[100, 1], [90, 2], [80, 0]]) update.bids.push(price, size);
  for (const [price, size] of [[101, 3], [111, 0]]) update.asks.push(price, size);
  const target = new GrowingRow();
  const told = (ends: typeof WHOLE): unknown => {
    const columns = writeChange(target, update, ends, CHAIN);
    const { row } = target;
    expect(columns).toBe(BOOK_COLUMNS + LEVEL_COLUMNS * (row[BookChange.bidCount] + row[BookChange.askCount]));
    return [row[BookChange.bidCount], row[BookChange.askCount], levelsOf(row, columns)];
  };
  expect(told(WHOLE)).toEqual([3, 2, [100, 1, 90, 2, 80, 0, 101, 3, 111, 0]]);
  expect(told({ bidEnd: 80, askEnd: 111 })).toEqual([2, 1, [100, 1, 90, 2, 101, 3]]);
  expect(told({ bidEnd: 100, askEnd: 101 })).toEqual([0, 0, []]);
  expect([BookChange.firstId, BookChange.lastId, BookChange.previousId, BookChange.keyframe, BookChange.trust, BookChange.cause, BookChange.depthLimit]
    .map((column) => target.row[column])).toEqual([5, 7, 6, 0, Trust.synced, TrustCause.resumed, 9]);
});

test('a keyframe holds what lies before the ends, and no more', () => {
  const book = new LadderBook(1);
  for (const price of [100, 90, 80]) book.set(Side.bid, price, price * 2);
  for (const price of [101, 111]) book.set(Side.ask, price, price * 2);
  const target = new GrowingRow();
  const columns = writeKeyframe(target, book, { bidEnd: 80, askEnd: Infinity }, CHAIN);
  expect([columns, target.row[BookChange.keyframe], target.row[BookChange.bidCount], target.row[BookChange.askCount]]).toEqual([BOOK_COLUMNS + 8, 1, 2, 2]);
  expect(levelsOf(target.row, columns)).toEqual([100, 200, 90, 180, 101, 202, 111, 222]);
});
