import { expect, test } from '@jest/globals';
import { Trust, TrustCause, type InstrumentSpecification } from '@parallax/types';
import { BookKeeper } from './book-keeper.js';
import { DepthUpdate } from './depth-update.js';
import type { InBand, JoinRule, RestBridge } from './join-rule.js';

/** A crossed book is lost data or the venue's own state: see JoinRule, `crossed`. */
const SPOT: RestBridge = { kind: 'rest-bridge', firstLink: 'covers-next', link: 'contiguous', crossed: 'resync', snapshotLevels: [] };
const NUMBERED: InBand = { kind: 'in-band', link: 'none', crossed: 'tolerate' };
const SUMMED: InBand = {
  kind: 'in-band', link: 'none', crossed: 'resync', checksum: { name: 'best bid', levels: 1, compute: (book) => book.bestBidPrice },
};
const SPECIFICATION: InstrumentSpecification = {
  venue: 'test', symbol: 'A/B', venueSymbol: 'AB', base: 'A', quote: 'B', settle: 'B', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 0, sizeScale: 0, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};
type Level = readonly [price: number, size: number];

function update(id: number, bids: readonly Level[], asks: readonly Level[] = [], checksum = Number.NaN): DepthUpdate {
  const made = Object.assign(new DepthUpdate(), { firstId: id, lastId: id, checksum });
  for (const [price, size] of bids) made.bids.push(price, size);
  for (const [price, size] of asks) made.asks.push(price, size);
  return made;
}
const snapshot = (id: number, bid: number, ask: number, checksum?: number): DepthUpdate =>
  Object.assign(update(id, [[bid, 1]], [[ask, 1]], checksum), { snapshot: true });

function keeperOf(rule: JoinRule) {
  const wanted: TrustCause[] = [];
  const keeper = new BookKeeper(rule, SPECIFICATION, (cause) => wanted.push(cause));
  return { keeper, wanted, state: (): [Trust, TrustCause] => [keeper.trust, keeper.cause] };
}
const OWN = [Trust.suspect, TrustCause.crossedAtVenue];

test('where no loss goes unseen, a crossed book is the venue’s own: not trusted, nothing asked for, trusted as it uncrosses', () => {
  const { keeper, wanted, state } = keeperOf(NUMBERED);
  keeper.apply(snapshot(0, 151, 149));
  expect([state(), keeper.isJoined]).toEqual([OWN, true]);
  keeper.apply(update(0, [[152, 5]]));
  expect(state()).toEqual(OWN);
  keeper.apply(update(0, [[151, 0], [152, 0], [148, 4]]));
  expect([state(), keeper.counters.crossed]).toEqual([[Trust.synced, TrustCause.resumed], 1]);
  keeper.apply(update(0, [[149, 1]]));
  expect([state(), keeper.counters.crossed, wanted]).toEqual([OWN, 2, []]);
});

test('elsewhere an update that crosses the book is lost data, until a snapshot shows the venue’s own book crossed', () => {
  const { keeper, wanted, state } = keeperOf(SPOT);
  keeper.apply(snapshot(10, 99, 101));
  keeper.apply(update(11, [[102, 1]]));
  expect([state(), wanted]).toEqual([[Trust.resyncing, TrustCause.crossed], [TrustCause.crossed]]);
  keeper.apply(snapshot(11, 102, 101));
  expect([state(), keeper.isJoined]).toEqual([OWN, true]);
  keeper.apply(update(12, [[103, 1]]));
  expect([state(), wanted.length]).toEqual([OWN, 1]);
  keeper.apply(update(13, [[102, 0], [103, 0], [98, 1]]));
  expect(state()).toEqual([Trust.synced, TrustCause.resumed]);
  keeper.apply(update(14, [[102, 1]]));
  expect([state(), wanted.length]).toEqual([[Trust.resyncing, TrustCause.crossed], 2]);
});

test('a checksum that is right shows the same; one that fails says more than the crossing', () => {
  const { keeper, wanted, state } = keeperOf(SUMMED);
  keeper.apply(snapshot(0, 99, 101, 99));
  keeper.apply(update(0, [[102, 1]], [], 102));
  expect([state(), wanted]).toEqual([OWN, []]);
  keeper.apply(update(0, [[102, 0]], [], 99));
  expect(state()).toEqual([Trust.synced, TrustCause.resumed]);
  keeper.apply(update(0, [[103, 1]], [], 99));
  expect([state(), wanted]).toEqual([[Trust.resyncing, TrustCause.checksumFailed], [TrustCause.checksumFailed]]);
});

test('what is crossed does not hide that frames were lost: uncrossed, it still wants its proof', () => {
  const { keeper, wanted, state } = keeperOf(NUMBERED);
  keeper.apply(snapshot(0, 99, 101));
  keeper.fault(TrustCause.connectionGap);
  keeper.apply(update(0, [[102, 1]]));
  keeper.apply(update(0, [[102, 0]]));
  expect([state(), wanted]).toEqual([[Trust.suspect, TrustCause.connectionGap], [TrustCause.connectionGap]]);
});

test('a silent book that is heard again crossed is crossed, not resumed', () => {
  const { keeper, state } = keeperOf(NUMBERED);
  keeper.apply(snapshot(0, 99, 101));
  keeper.fault(TrustCause.silence);
  keeper.apply(update(0, [[102, 1]]));
  expect(state()).toEqual(OWN);
});
