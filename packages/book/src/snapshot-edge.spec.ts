import { describe, expect, test } from '@jest/globals';
import { Trust, TrustCause, type InstrumentSpecification } from '@parallax/types';
import { Applied, BookKeeper } from './book-keeper.js';
import { DepthUpdate } from './depth-update.js';
import { isBefore } from './depth-ends.js';
import type { InBand, JoinRule, RestBridge } from './join-rule.js';
import { Side } from './side.js';
import type { BestWitness } from './snapshot-edge.js';

const SPOT: RestBridge = { kind: 'rest-bridge', firstLink: 'covers-next', link: 'contiguous', crossed: 'resync', snapshotLevels: [4] };
const FUTURES: RestBridge = { ...SPOT, firstLink: 'covers', link: 'previous' };
const STREAMED: InBand = { kind: 'in-band', link: 'previous', crossed: 'resync', bridge: { fewestLevels: 1, snapshotLevels: [4] } };

const SPECIFICATION: InstrumentSpecification = {
  venue: 'test', symbol: 'A/B', venueSymbol: 'AB', base: 'A', quote: 'B', settle: 'B', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 0, sizeScale: 0, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};
type Level = readonly [price: number, size: number];
const BIDS: readonly Level[] = [[100, 1], [98, 1], [96, 1], [90, 1]];
const ASKS: readonly Level[] = [[101, 1], [103, 1], [105, 1], [111, 1]];

function update(lastId: number, bids: readonly Level[], asks: readonly Level[] = []): DepthUpdate {
  const made = Object.assign(new DepthUpdate(), { firstId: lastId, lastId, previousId: lastId - 1 });
  for (const [price, size] of bids) made.bids.push(price, size);
  for (const [price, size] of asks) made.asks.push(price, size);
  return made;
}
const snapshot = (id: number, bids: readonly Level[] = BIDS, asks: readonly Level[] = ASKS): DepthUpdate =>
  Object.assign(update(id, bids, asks), { snapshot: true, fetched: true });
const remove = (levels: readonly Level[]): Level[] => levels.map(([price]) => [price, 0]);

function keeperOf(rule: JoinRule = SPOT, witness: BestWitness | null = null) {
  const wanted: TrustCause[] = [];
  const keeper = new BookKeeper(rule, SPECIFICATION, (cause) => wanted.push(cause), witness);
  const state = (): [Trust, TrustCause] => [keeper.trust, keeper.cause];
  const ends = (): [number, number] => [keeper.known.bidEnd, keeper.known.askEnd];
  return { keeper, wanted, state, ends };
}
const BEYOND = [Trust.suspect, TrustCause.beyondSnapshot];

describe('the edge of a snapshot', () => {
  test('stands behind the last level of a side that was cut; a shorter side is whole', () => {
    const { keeper, ends, wanted } = keeperOf();
    keeper.apply(snapshot(10, BIDS, ASKS.slice(1)));
    expect([ends(), keeper.trust, wanted]).toEqual([[89, Infinity], Trust.synced, []]);
    keeper.apply(snapshot(20, BIDS.slice(1), ASKS));
    expect(ends()).toEqual([-Infinity, 112]);
    keeper.fault(TrustCause.gap);
    expect(ends()).toEqual([-Infinity, Infinity]);
  });

  test.each<[string, readonly Level[], readonly Level[]]>([
    ['a bid', [...remove(BIDS), [80, 5]], []], ['an ask', [], [...remove(ASKS), [120, 5]]],
    ['no bid', remove(BIDS), []], ['no ask', [], remove(ASKS)],
  ])('%s behind it is not known to be the best', (_what, bids, asks) => {
    const { keeper, state, ends, wanted } = keeperOf();
    keeper.apply(snapshot(10));
    expect(keeper.apply(update(11, bids, asks))).toBe(Applied.changed);
    expect([state(), ends(), wanted, keeper.isJoined]).toEqual([BEYOND, [89, 112], [TrustCause.beyondSnapshot], false]);
    keeper.apply(update(12, [[79, 1]], [[121, 1]]));
    expect([state(), keeper.counters.beyond, wanted.length]).toEqual([BEYOND, 1, 1]);
  });

  test('gives trust back with the best that comes back before it', () => {
    const { keeper, state } = keeperOf();
    keeper.apply(snapshot(10));
    keeper.apply(update(11, [...remove(BIDS), [80, 5]]));
    keeper.apply(update(12, [[95, 2]]));
    expect([state(), keeper.book.bestBidPrice]).toEqual([[Trust.synced, TrustCause.resumed], 95]);
  });

  test('of a graver doubt changes nothing, nor hides it', () => {
    const { keeper, state } = keeperOf({ ...STREAMED, link: 'none' });
    keeper.apply(snapshot(10));
    keeper.fault(TrustCause.connectionGap);
    keeper.apply(update(11, [...remove(BIDS), [80, 5]]));
    expect(state()).toEqual([Trust.suspect, TrustCause.connectionGap]);
  });

  test('is of fetched snapshots alone where the stream tells of levels that come near', () => {
    const { keeper, ends } = keeperOf(STREAMED);
    keeper.apply(Object.assign(snapshot(10), { fetched: false }));
    expect(ends()).toEqual([-Infinity, Infinity]);
    keeper.fault(TrustCause.gap);
    keeper.apply(snapshot(20));
    expect(ends()).toEqual([89, 112]);
  });

  test('counts levels that no number holds, and may be one', () => {
    const { keeper, ends, state } = keeperOf();
    const cut = snapshot(10, BIDS.slice(0, 3), ASKS);
    cut.unreadable.push({ side: Side.bid, price: 70, digits: '70', stands: true, after: 3, reason: 'does not fit', place: '$' });
    keeper.apply(cut);
    expect(ends()).toEqual([70, 112]);
    keeper.apply(update(11, [[70, 3]]));
    expect(ends()).toEqual([69, 112]);
    keeper.apply(update(12, [...remove(BIDS), [70, 0]]));
    expect(state()).toEqual(BEYOND);
  });

  test('among the levels of a checksum leaves that unknown', () => {
    const { keeper } = keeperOf({ ...STREAMED, checksum: { name: 'none is right', levels: 3, compute: () => -1 } });
    const made = snapshot(10);
    keeper.apply(Object.assign(made, { checksum: -1 }));
    expect(keeper.counters.checksumsChecked).toBe(1);
    keeper.apply(Object.assign(update(11, [[98, 0], [96, 0], [80, 1]]), { checksum: 7 }));
    expect([keeper.counters.checksumsChecked, keeper.trust]).toEqual([1, Trust.synced]);
  });
});

describe('a fresh snapshot', () => {
  test('is wanted once the best is half way to the edge; the book stands meanwhile, and goes on by what was kept', () => {
    for (const rule of [SPOT, FUTURES]) {
      const { keeper, wanted, state, ends } = keeperOf(rule);
      keeper.apply(snapshot(10));
      keeper.apply(update(11, [[100, 0], [98, 0]]));
      expect([wanted, keeper.isJoined]).toEqual([[], true]);
      keeper.apply(update(12, [[96, 0], [95, 1]]));
      expect([wanted, keeper.isJoined, keeper.reason, state()]).toEqual([[TrustCause.beyondSnapshot], false, TrustCause.beyondSnapshot, [Trust.synced, TrustCause.snapshotApplied]]);
      for (let id = 13; id < 20; id++) keeper.apply(update(id, [[94, id], [85, id]]));
      // It stands at 16, where 85 had the size of then; what came after it is put on it.
      expect(keeper.apply(snapshot(16, [[95, 1], [94, 16], [85, 16], [83, 2]], ASKS))).toBe(Applied.changed);
      expect([state(), keeper.lastId, keeper.isJoined, wanted.length]).toEqual([[Trust.synced, TrustCause.snapshotApplied], 19, true, 1]);
      expect([keeper.book.sizeAt(Side.bid, 94), keeper.book.sizeAt(Side.bid, 85), keeper.book.sizeAt(Side.bid, 83)]).toEqual([19, 19, 2]);
      expect([ends(), keeper.counters.renewals, keeper.counters.resyncs, keeper.counters.gaps]).toEqual([[82, 112], 1, 1, 0]);
      expect(keeper.apply(update(20, [[83, 0]]))).toBe(Applied.changed);
      expect(keeper.trust).toBe(Trust.synced);
    }
  });

  test('that came too early for what was kept is asked for again, and costs nothing', () => {
    const { keeper, wanted, state } = keeperOf();
    keeper.apply(snapshot(10));
    keeper.apply(update(11, [[100, 0], [98, 0], [96, 0]]));
    keeper.apply(update(12, [[91, 1]]));
    expect(keeper.apply(snapshot(10))).toBe(Applied.ignored);
    expect([wanted, state(), keeper.lastId, keeper.book.bestBidPrice]).toEqual([[TrustCause.beyondSnapshot, TrustCause.beyondSnapshot], [Trust.synced, TrustCause.snapshotApplied], 12, 91]);
    expect(keeper.apply(snapshot(12, [[91, 1], [90, 1], [85, 1], [84, 1]]))).toBe(Applied.changed);
    expect([keeper.known.bidEnd, keeper.isJoined]).toEqual([83, true]);
  });

  test('that comes late is put beneath the latest updates; one from before them all is asked for again', () => {
    const { keeper, wanted } = keeperOf();
    keeper.apply(snapshot(10));
    keeper.apply(update(11, [[100, 0], [98, 0], [96, 0]]));
    let id = 11;
    for (let i = 0; i < 2_500; i++) keeper.apply(update(++id, [[90, i + 1]]));
    expect(keeper.buffered).toBe(300);
    expect(keeper.apply(snapshot(id - 301, [[90, 1], [85, 1], [84, 1], [83, 1]]))).toBe(Applied.ignored);
    expect([keeper.trust, keeper.lastId, wanted]).toEqual([Trust.synced, id, [TrustCause.beyondSnapshot, TrustCause.beyondSnapshot]]);
    expect(keeper.apply(snapshot(id - 299, [[90, 1], [85, 1], [84, 1], [83, 1]]))).toBe(Applied.changed);
    expect([keeper.trust, keeper.lastId, keeper.book.sizeAt(Side.bid, 90), keeper.known.bidEnd, keeper.buffered]).toEqual([Trust.synced, id, 2_500, 82, 0]);
  });

  test('from before the last update proves nothing of a loss or a silence after it', () => {
    for (const cause of [TrustCause.connectionGap, TrustCause.frameRefused, TrustCause.silence]) {
      const { keeper } = keeperOf();
      keeper.apply(snapshot(10));
      keeper.apply(update(11, [[100, 0], [98, 0], [96, 0]]));
      keeper.apply(update(12, [[91, 1]]));
      keeper.fault(cause);
      const doubted = keeper.trust;
      expect(keeper.apply(snapshot(11, [[90, 1], [85, 1], [84, 1], [83, 1]]))).toBe(Applied.ignored);
      expect([keeper.trust, keeper.cause]).toEqual([doubted, cause]);
      keeper.apply(update(13, [[92, 1]]));
      expect([keeper.trust, keeper.isJoined]).toEqual([Trust.synced, false]);
      keeper.apply(snapshot(12, [[91, 1], [90, 1], [85, 1], [84, 1]]));
      expect([keeper.trust, keeper.isJoined, keeper.book.bestBidPrice, keeper.known.bidEnd]).toEqual([Trust.synced, true, 92, 83]);
    }
  });

  test('is needed no more, or needed as any other, when the book is lost meanwhile', () => {
    const { keeper, wanted } = keeperOf();
    keeper.apply(snapshot(10));
    keeper.apply(update(11, [[100, 0], [98, 0], [96, 0]]));
    keeper.apply(update(13, [[91, 1]]));
    expect([keeper.trust, keeper.cause, wanted]).toEqual([Trust.resyncing, TrustCause.gap, [TrustCause.beyondSnapshot]]);
    keeper.apply(snapshot(12));
    expect([keeper.trust, keeper.lastId, keeper.isJoined]).toEqual([Trust.synced, 13, true]);
    keeper.fault(TrustCause.connectionLost);
    expect(keeper.isJoined).toBe(false);
  });

  test('that nobody could be asked for is asked for with the next update', () => {
    const heard: TrustCause[] = [];
    let isAway = true;
    const keeper = new BookKeeper(SPOT, SPECIFICATION, (cause) => {
      heard.push(cause);
      return !isAway;
    });
    keeper.apply(snapshot(10));
    for (const id of [11, 12]) keeper.apply(update(id, [[100, 0], [98, 0], [96, 0]]));
    expect([keeper.trust, keeper.lastId]).toEqual([Trust.synced, 12]);
    isAway = false;
    for (const id of [13, 14]) keeper.apply(update(id, [[91, 1]]));
    expect(heard).toEqual([TrustCause.beyondSnapshot, TrustCause.beyondSnapshot, TrustCause.beyondSnapshot]);
  });
});

test('where the venue’s own best quotes show that nothing unknown stands before a best, it is known', () => {
  const told: { id: number; bid: number }[] = [];
  const witness: BestWitness = {
    lowestBid: (from, to) => Math.min(...told.filter(({ id }) => id >= from && id <= to).map(({ bid }) => bid)),
    highestAsk: () => -Infinity,
  };
  const { keeper, state, ends } = keeperOf(SPOT, witness);
  keeper.apply(snapshot(10));
  // Of before the snapshot, and of after the update: neither says anything of the book at that update.
  told.push({ id: 9, bid: 70 }, { id: 12, bid: 80 });
  keeper.apply(update(11, [...remove(BIDS), [80, 5]]));
  expect([state(), ends()[0]]).toEqual([BEYOND, 89]);
  keeper.apply(update(12, [[79, 5]]));
  expect([state(), ends()[0]]).toEqual([[Trust.synced, TrustCause.resumed], 79]);
  // A best lower than any that was told may have an unknown one before it.
  keeper.apply(update(13, [[80, 0]]));
  expect(state()).toEqual(BEYOND);
  told.push({ id: 14, bid: 75 });
  keeper.apply(update(14, [[78, 1]]));
  expect([state(), ends()[0]]).toEqual([[Trust.synced, TrustCause.resumed], 75]);
});

/** A market that is known in full beside a keeper that hears cut snapshots, some late, and all changes. */
test.each([[1, false], [2, false], [3, true], [4, true]])('whatever the market does, what is trusted and told is the whole truth up to the end (seed %d, quotes heard: %s)', (seed, hasQuotes) => {
  let random = seed;
  const below = (n: number): number => (random = (random * 48_271) % 2_147_483_647) % n;
  const truth = [new Map<number, number>(), new Map<number, number>()];
  let middle = 1_000;
  let id = 0;
  const sorted = (side: Side): Level[] => [...truth[side]].toSorted(([a], [b]) => (side === Side.bid ? b - a : a - b));
  const quotes: { id: number; bid: number; ask: number }[] = [];
  const within = (from: number, to: number) => quotes.filter((quote) => quote.id >= from && quote.id <= to);
  const witness: BestWitness = {
    lowestBid: (from, to) => Math.min(...within(from, to).map(({ bid }) => bid)),
    highestAsk: (from, to) => Math.max(...within(from, to).map(({ ask }) => ask)),
  };
  const rule = { ...SPOT, snapshotLevels: [12] };
  let asked = 0;
  const keeper = new BookKeeper(rule, SPECIFICATION, () => ++asked, hasQuotes ? witness : null);
  const fetched: { body: DepthUpdate; at: number }[] = [];
  const fetch = (at: number): void => void fetched.push({ body: snapshot(id, sorted(Side.bid).slice(0, 12), sorted(Side.ask).slice(0, 12)), at });
  const count = { synced: 0, beyond: 0 };
  for (let step = 0; step < 6_000; step++) {
    middle += below(5) - 2 + (step % 900 > 850 ? 6 : 0) - (step % 900 > 400 && step % 900 < 450 ? 6 : 0);
    const changes: [Level[], Level[]] = [[], []];
    const set = (side: Side, price: number, size: number): void => {
      if (size === 0) truth[side].delete(price);
      else truth[side].set(price, size);
      changes[side].push([price, size]);
    };
    for (const [price] of sorted(Side.bid)) if (price >= middle) set(Side.bid, price, 0);
    for (const [price] of sorted(Side.ask)) if (price <= middle) set(Side.ask, price, 0);
    for (let i = below(4); i >= 0; i--) {
      const away = 1 + below(below(4) === 0 ? 90 : 20);
      const side = below(2) as Side;
      set(side, middle + (side === Side.bid ? -away : away), below(3) === 0 ? 0 : 1 + below(9));
    }
    id++;
    const wasAsked = asked;
    keeper.apply(update(id, ...changes));
    if (hasQuotes && below(2) === 0) quotes.push({ id, bid: sorted(Side.bid)[0]?.[0] ?? 0, ask: sorted(Side.ask)[0]?.[0] ?? Infinity });
    // As often as it comes some updates late, it is lost, or somebody else had asked.
    if ((asked > wasAsked || (!keeper.isJoined && below(40) === 0)) && below(4) > 0) fetch(step + below(below(4) === 0 ? 60 : 6));
    if (below(300) === 0) fetch(step + below(6));
    for (const ready of fetched.filter(({ at }) => at <= step)) {
      fetched.splice(fetched.indexOf(ready), 1);
      keeper.apply(ready.body);
    }
    if (below(700) === 0) keeper.fault(TrustCause.gap);
    if (keeper.cause === TrustCause.beyondSnapshot) count.beyond++;
    if (keeper.trust !== Trust.synced) continue;
    count.synced++;
    for (const side of [Side.bid, Side.ask]) {
      const wanted = sorted(side).filter(([price]) => isBefore(keeper.known, side, price));
      const [prices, sizes] = [new Float64Array(500), new Float64Array(500)];
      const found = keeper.book.top(side, prices, sizes);
      const shown = Array.from({ length: found }, (_, i): Level => [prices[i], sizes[i]]).filter(([price]) => isBefore(keeper.known, side, price));
      if (JSON.stringify(shown) !== JSON.stringify(wanted)) expect([step, side, shown]).toEqual([step, side, wanted]);
      if (truth[side].size > 0) expect([step, shown.length > 0]).toEqual([step, true]);
    }
  }
  expect(count.synced).toBeGreaterThan(3_000);
  expect(count.beyond).toBeGreaterThan(50);
  expect(keeper.counters.renewals).toBeGreaterThan(10);
});
