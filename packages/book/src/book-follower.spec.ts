import { expect, test } from '@jest/globals';
import { BOOK_COLUMNS, BookChange, type Row } from '@parallax/types';
import { BookFollower } from './book-follower.js';
import { Side } from './side.js';

type Level = readonly [price: number, size: number];
function row(previousId: number, lastId: number, bids: readonly Level[], asks: readonly Level[] = [], keyframe = 0, depthLimit = 0): Row {
  const made = new Float64Array(BOOK_COLUMNS + 2 * (bids.length + asks.length));
  made[BookChange.previousId] = previousId;
  made[BookChange.lastId] = lastId;
  made[BookChange.keyframe] = keyframe;
  made[BookChange.trust] = 1;
  made[BookChange.depthLimit] = depthLimit;
  made[BookChange.bidCount] = bids.length;
  made[BookChange.askCount] = asks.length;
  [...bids, ...asks].flat().forEach((value, index) => (made[BOOK_COLUMNS + index] = value));
  return made;
}

test('follows a keyframe and the chain behind it', () => {
  const follower = new BookFollower(1);
  expect(follower.apply(row(3, 4, [[9, 1]]))).toBe(false);
  expect(follower.reader).toBeNull();
  expect(follower.apply(row(4, 4, [[10, 1], [9, 2]], [[12, 3]], 1))).toBe(true);
  expect(follower.apply(row(4, 5, [[10, 0]], [[11, 7]]))).toBe(true);
  expect([follower.book.bestBidPrice, follower.book.bestAskPrice, follower.book.bestAskSize]).toEqual([9, 11, 7]);
});

test('a missing change breaks the chain once; changes that a keyframe contained already do not', () => {
  const follower = new BookFollower(1);
  follower.apply(row(1, 1, [[5, 1]], [], 1));
  expect(follower.apply(row(2, 3, [[6, 1]]))).toBe(false);
  expect(follower.apply(row(3, 4, [[6, 1]]))).toBe(false);
  expect([follower.breaks, follower.reader]).toEqual([1, null]);
  expect(follower.apply(row(5, 5, [[7, 1]], [], 1))).toBe(true);
  expect(follower.apply(row(3, 4, [[6, 9]]))).toBe(true);
  expect(follower.book.sizeAt(Side.bid, 6)).toBe(0);
  expect(follower.apply(row(5, 6, [[8, 1]]))).toBe(true);
});

test('another writer begins another chain, whatever its ids are: nothing of it is taken as known, nor added to the book of before', () => {
  const by = (writer: number, made: Row): Row => {
    made[BookChange.epoch] = writer;
    return made;
  };
  const follower = new BookFollower(1);
  expect(follower.apply(by(1, row(100, 100, [[5, 1]], [], 1)))).toBe(true);
  expect(follower.apply(by(2, row(6, 7, [[6, 1]])))).toBe(false);
  expect([follower.breaks, follower.reader]).toEqual([1, null]);
  expect(follower.apply(by(2, row(8, 8, [[7, 1]], [], 1)))).toBe(true);
  expect([follower.book.bestBidPrice, follower.book.levels(Side.bid)]).toEqual([7, 1]);
  expect(follower.apply(by(1, row(8, 9, [[9, 1]])))).toBe(false);
  expect(follower.apply(by(1, row(101, 101, [[4, 1]], [], 1)))).toBe(true);
  expect(follower.book.bestBidPrice).toBe(4);
});

test('a depth limit cuts as the venue cuts', () => {
  const follower = new BookFollower(1);
  follower.apply(row(1, 1, [[5, 1], [4, 1]], [], 1, 2));
  follower.apply(row(1, 2, [[6, 1]], [], 0, 2));
  expect([follower.book.levels(Side.bid), follower.book.sizeAt(Side.bid, 4)]).toEqual([2, 0]);
});

test('a keyframe that is older than changes which were passed over is joined by them, unless one of them is missing', () => {
  const follower = new BookFollower(1);
  expect(follower.apply(row(7, 8, [[9, 1]]))).toBe(false);
  expect(follower.apply(row(8, 9, [[9, 0], [4, 2]]))).toBe(false);
  expect(follower.apply(row(9, 10, [[3, 1]]))).toBe(false);
  // Asked for at the first change, answered after the third.
  expect(follower.apply(row(8, 8, [[9, 1]], [], 1))).toBe(true);
  expect([follower.inStep, follower.book.bestBidPrice, follower.book.levels(Side.bid)]).toEqual([true, 4, 2]);
  expect(follower.apply(row(10, 11, [[8, 1]]))).toBe(true);
  const other = new BookFollower(1);
  other.apply(row(8, 9, [[9, 0]]));
  other.apply(row(11, 12, [[3, 1]]));
  // Nothing leads from 10 to 11, and nothing on from 7.
  for (const id of [7, 8]) expect(other.apply(row(id, id, [[9, 1]], [], 1))).toBe(false);
  expect([other.inStep, other.reader]).toEqual([false, null]);
  expect(other.apply(row(12, 12, [[7, 1]], [], 1))).toBe(true);
  expect(other.apply(row(12, 13, [[8, 1]]))).toBe(true);
  expect([other.book.bestBidPrice, other.book.levels(Side.bid)]).toEqual([8, 2]);
});

