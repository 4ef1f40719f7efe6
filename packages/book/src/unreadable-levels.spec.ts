import { describe, expect, test } from '@jest/globals';
import { Trust, TrustCause, type InstrumentSpecification } from '@parallax/types';
import { Applied, BookKeeper } from './book-keeper.js';
import { DepthUpdate, type UnreadableLevel } from './depth-update.js';
import type { InBand, JoinRule, RestBridge } from './join-rule.js';
import { Side } from './side.js';

const SPECIFICATION: InstrumentSpecification = {
  venue: 'test', symbol: 'A/B', venueSymbol: 'AB', base: 'A', quote: 'B', settle: 'B', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 0, sizeScale: 0, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};
const UNPROVED: InBand = { kind: 'in-band', link: 'none', crossed: 'resync' };
const CHECKED: InBand = {
  kind: 'in-band', link: 'none', crossed: 'resync', depthLimit: 4,
  checksum: { name: 'sizes of the best two', levels: 2, compute: (book) => sumOf(book.top.bind(book)) },
};
const SPOT: RestBridge = { kind: 'rest-bridge', firstLink: 'covers-next', link: 'contiguous', crossed: 'resync', snapshotLevels: [] };

function sumOf(top: (side: Side, prices: Float64Array, sizes: Float64Array) => number): number {
  const [prices, sizes] = [new Float64Array(2), new Float64Array(2)];
  let sum = 0;
  for (const side of [Side.bid, Side.ask]) for (let i = 0, found = top(side, prices, sizes); i < found; i++) sum += sizes[i];
  return sum;
}

/** A level's size; `big` does not fit. */
type Level = readonly [price: number | 'far', size: number | 'big'];
type Ids = Partial<Pick<DepthUpdate, 'firstId' | 'lastId' | 'checksum'>>;

function update(ids: Ids, bids: readonly Level[], asks: readonly Level[] = []): DepthUpdate {
  const made = Object.assign(new DepthUpdate(), ids);
  const push = (side: Side, [price, size]: Level): void => {
    const levels = side === Side.bid ? made.bids : made.asks;
    if (price !== 'far' && size !== 'big') return levels.push(price, size);
    const level: UnreadableLevel = {
      side, price: price === 'far' ? Infinity : price, digits: price === 'far' ? '99999999999999999' : String(price),
      stands: size !== 0, after: levels.count, reason: 'does not fit', place: '$',
    };
    made.unreadable.push(level);
  };
  for (const level of bids) push(Side.bid, level);
  for (const level of asks) push(Side.ask, level);
  return made;
}
const snapshot = (bids: readonly Level[], asks: readonly Level[], ids: Ids = {}): DepthUpdate =>
  Object.assign(update(ids, bids, asks), { snapshot: true });

function keeperOf(rule: JoinRule) {
  const wanted: TrustCause[] = [];
  const keeper = new BookKeeper(rule, SPECIFICATION, (cause) => wanted.push(cause));
  const state = (): [Trust, TrustCause] => [keeper.trust, keeper.cause];
  return { keeper, wanted, state };
}
const HIDDEN = [Trust.suspect, TrustCause.levelUnreadable];

describe('an unreadable level', () => {
  test('deep in the book leaves it trusted, enters no side as a number and ends the depth', () => {
    const { keeper, wanted, state } = keeperOf(UNPROVED);
    expect(keeper.apply(snapshot([[99, 1], [98, 'big'], [97, 3]], [[101, 1], [105, 'big'], [110, 2]]))).toBe(Applied.changed);
    expect([state(), wanted]).toEqual([[Trust.synced, TrustCause.snapshotApplied], []]);
    expect([keeper.unreadable.count, keeper.unreadable.bidEnd, keeper.unreadable.askEnd]).toEqual([2, 98, 105]);
    expect([keeper.book.sizeAt(Side.bid, 98), keeper.book.sizeAt(Side.ask, 105), keeper.book.levels(Side.bid)]).toEqual([0, 0, 2]);
  });

  test('at the best makes the book suspect until it goes, and no snapshot is asked for', () => {
    const { keeper, wanted, state } = keeperOf(UNPROVED);
    keeper.apply(snapshot([[99, 1]], [[101, 1], [102, 1]]));
    keeper.apply(update({}, [], [[101, 'big']]));
    expect([state(), keeper.book.bestAskPrice, keeper.isJoined]).toEqual([HIDDEN, 102, true]);
    keeper.apply(update({}, [[98, 4]]));
    expect(state()).toEqual(HIDDEN);
    keeper.apply(update({}, [], [[101, 0]]));
    expect([state(), wanted, keeper.counters.unreadable]).toEqual([[Trust.synced, TrustCause.resumed], [], 1]);
  });

  test('is hidden by a better one and hides the best again when that goes; a size that fits ends it', () => {
    const { keeper, state } = keeperOf(UNPROVED);
    keeper.apply(snapshot([[99, 1], [98, 'big'], [97, 1]], [[101, 1]]));
    keeper.apply(update({}, [[99, 0]]));
    expect(state()).toEqual(HIDDEN);
    keeper.apply(update({}, [[99, 5]]));
    expect(keeper.trust).toBe(Trust.synced);
    keeper.apply(update({}, [[99, 0], [98, 7]]));
    expect([keeper.trust, keeper.book.bestBidPrice, keeper.book.bestBidSize, keeper.unreadable.count]).toEqual([Trust.synced, 98, 7, 0]);
    expect([keeper.unreadable.bidEnd, keeper.unreadable.askEnd]).toEqual([-Infinity, Infinity]);
  });

  test('of a side that has nothing else leaves that side unknown', () => {
    const { keeper, state } = keeperOf(UNPROVED);
    keeper.apply(snapshot([[99, 1]], [[101, 'big']]));
    expect(state()).toEqual(HIDDEN);
    keeper.apply(snapshot([[99, 1]], [['far', 3]]));
    expect(state()).toEqual(HIDDEN);
    keeper.apply(update({}, [], [['far', 0]]));
    expect([keeper.trust, keeper.unreadable.count]).toEqual([Trust.synced, 0]);
  });

  test('counts in the place in which its frame lists it', () => {
    const { keeper } = keeperOf(UNPROVED);
    keeper.apply(snapshot([[99, 1], [98, 2], [98, 'big'], [97, 'big'], [97, 3]], [[101, 1]]));
    expect([keeper.unreadable.count, keeper.unreadable.bidEnd, keeper.book.sizeAt(Side.bid, 98), keeper.book.sizeAt(Side.bid, 97)]).toEqual([1, 98, 0, 3]);
  });

  test('goes with the book: a snapshot without it and a gap leave none', () => {
    const { keeper } = keeperOf(UNPROVED);
    keeper.apply(snapshot([[99, 1], [98, 'big']], [[101, 1]]));
    keeper.apply(snapshot([[99, 1]], [[101, 1]]));
    expect(keeper.unreadable.count).toBe(0);
    keeper.apply(update({}, [[98, 'big']]));
    keeper.fault(TrustCause.gap);
    expect([keeper.unreadable.count, keeper.unreadable.bidEnd]).toEqual([0, -Infinity]);
  });

  test('waits with its update for the snapshot', () => {
    const { keeper, state } = keeperOf(SPOT);
    keeper.apply(update({ firstId: 11, lastId: 12 }, [[99, 'big']]));
    keeper.apply(snapshot([[99, 1], [98, 1]], [[101, 1]], { firstId: 11, lastId: 11 }));
    expect([state(), keeper.book.bestBidPrice]).toEqual([HIDDEN, 98]);
  });

  test('does not hide a graver doubt: what a lost frame needs is still needed when it goes', () => {
    const { keeper, wanted, state } = keeperOf(UNPROVED);
    keeper.apply(snapshot([[99, 1]], [[101, 'big'], [102, 1]]));
    keeper.fault(TrustCause.connectionGap);
    keeper.apply(update({}, [], [[101, 0]]));
    expect([state(), keeper.isJoined, wanted]).toEqual([[Trust.suspect, TrustCause.connectionGap], false, [TrustCause.connectionGap]]);
  });
});

describe('where a checksum covers the best two levels', () => {
  test('an unreadable one below them is of no matter', () => {
    const { keeper } = keeperOf(CHECKED);
    keeper.apply(snapshot([[99, 1], [98, 2], [97, 'big']], [[101, 4], [102, 8]], { checksum: 15 }));
    expect([keeper.trust, keeper.counters.checksumsChecked, keeper.counters.checksumsFailed]).toEqual([Trust.synced, 1, 0]);
  });

  test('an unreadable one among them leaves the sum unknown: not trusted, not failed, and proved when it goes', () => {
    const { keeper, wanted, state } = keeperOf(CHECKED);
    keeper.apply(snapshot([[99, 1], [98, 'big'], [97, 2]], [[101, 4], [102, 8]], { checksum: 777 }));
    expect(state()).toEqual([Trust.suspect, TrustCause.checksumImpossible]);
    keeper.apply(update({ checksum: 778 }, [[96, 3]]));
    expect([state(), keeper.counters.checksumsChecked, wanted]).toEqual([[Trust.suspect, TrustCause.checksumImpossible], 0, []]);
    // Gone, and what came meanwhile is proved by the first sum that can be computed.
    keeper.apply(update({ checksum: 15 }, [[98, 0]]));
    expect([keeper.trust, keeper.counters.checksumsChecked, keeper.counters.checksumsFailed]).toEqual([Trust.synced, 1, 0]);
  });

  test('a frame without a checksum proves nothing of those that could not be summed', () => {
    const { keeper } = keeperOf(CHECKED);
    keeper.apply(snapshot([[99, 1], [98, 'big']], [[101, 4]], { checksum: 777 }));
    keeper.apply(update({}, [[98, 0]]));
    expect(keeper.trust).toBe(Trust.suspect);
    keeper.apply(update({ checksum: 99 }, [[97, 1]]));
    expect([keeper.trust, keeper.counters.checksumsFailed]).toEqual([Trust.resyncing, 1]);
  });

  test('a far price is among them where the side is short', () => {
    const { keeper } = keeperOf(CHECKED);
    keeper.apply(snapshot([[99, 1], [98, 2]], [[101, 4], ['far', 1]], { checksum: 777 }));
    expect(keeper.cause).toBe(TrustCause.checksumImpossible);
    keeper.apply(update({ checksum: 15 }, [], [[102, 8]]));
    expect([keeper.trust, keeper.unreadable.count]).toEqual([Trust.synced, 1]);
  });

  test('unreadable levels count where a side is cut to its depth, and are cut themselves', () => {
    const { keeper } = keeperOf(CHECKED);
    keeper.apply(snapshot([[99, 1], [98, 2], [97, 'big'], [96, 1], [95, 1]], [[101, 4], [102, 8], [103, 1], [104, 'big'], ['far', 1]]));
    expect([keeper.book.levels(Side.bid), keeper.book.levels(Side.ask), keeper.unreadable.count]).toEqual([3, 3, 2]);
    keeper.apply(update({}, [[99.5, 1], [99.2, 1]], [[100, 1]]));
    expect([keeper.book.levels(Side.bid), keeper.book.levels(Side.ask), keeper.unreadable.count]).toEqual([4, 4, 0]);
  });

  test('ids that chain prove what the sum cannot', () => {
    const { keeper } = keeperOf({ ...CHECKED, link: 'previous' });
    keeper.apply(snapshot([[99, 1], [98, 'big']], [[101, 4]], { lastId: 5, checksum: 777 }));
    keeper.apply(Object.assign(update({ lastId: 6, checksum: 778 }, [[97, 1]]), { previousId: 5 }));
    expect(keeper.trust).toBe(Trust.synced);
  });
});

describe('a level between two steps of the scale', () => {
  const between = (side: Side, price: number, digits: string, stands: boolean): UnreadableLevel =>
    ({ side, price, digits, stands, between: true, after: 0, reason: 'finer', place: '$' });
  const withOne = (made: DepthUpdate, level: UnreadableLevel): DepthUpdate => (made.unreadable.push(level), made);

  test('ends the depth before it, touches no other level, and goes when it is removed', () => {
    const { keeper, state } = keeperOf(UNPROVED);
    keeper.apply(withOne(snapshot([[99, 1], [98, 2], [97, 3]], [[101, 1]]), between(Side.bid, 98, '97.5', true)));
    expect([state()[0], keeper.unreadable.bidEnd, keeper.book.sizeAt(Side.bid, 98)]).toEqual([Trust.synced, 98, 2]);
    // The step beside it changes; it stands.
    keeper.apply(update({}, [[98, 5]]));
    expect([keeper.unreadable.bidEnd, keeper.book.sizeAt(Side.bid, 98)]).toEqual([98, 5]);
    keeper.apply(withOne(update({}, []), between(Side.bid, 98, '97.5', false)));
    expect([keeper.unreadable.count, keeper.unreadable.bidEnd]).toEqual([0, -Infinity]);
  });

  test('hides the best where it may be better', () => {
    const { keeper, state } = keeperOf(UNPROVED);
    keeper.apply(snapshot([[99, 1]], [[101, 1]]));
    keeper.apply(withOne(update({}, []), between(Side.ask, 100, '100.5', true)));
    expect(state()).toEqual(HIDDEN);
    keeper.apply(withOne(update({}, []), between(Side.ask, 100, '100.5', false)));
    expect(state()[0]).toBe(Trust.synced);
  });

  test('is not remembered behind the cut of a side', () => {
    const { keeper } = keeperOf({ ...UNPROVED, depthLimit: 2 });
    keeper.apply(withOne(snapshot([[99, 1], [98, 2]], [[101, 1]]), between(Side.bid, 98, '97.5', true)));
    expect(keeper.unreadable.count).toBe(1);
    keeper.apply(update({}, [[100, 1]]));
    expect([keeper.unreadable.count, keeper.book.levels(Side.bid)]).toEqual([0, 2]);
  });
});
