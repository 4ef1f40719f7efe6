import { expect, test } from '@jest/globals';
import { Trust, TrustCause } from '@parallax/types';
import { FREE, Scene, spot, swap, type PlainBook } from './support/scene.js';

/** One level a side of 1 BTC (or `size` thousandths), prices in cents. */
const flat = (bid: number, ask: number, size = 1000): PlainBook => ({ bids: [[bid, size]], asks: [[ask, size]] });
const NO_FEES = { fees: { default: '0' } };
const SECOND = 1_000_000;

/** Two venues; b bids `bps` basis points above the 10,000.00 that a asks. */
function twoVenues(bps: number, options: ConstructorParameters<typeof Scene>[0] = NO_FEES): Scene {
  const scene = new Scene(options, spot('a'), spot('b'));
  scene.set(0, flat(999_900, 1_000_000));
  setEdge(scene, bps);
  return scene;
}
const setEdge = (scene: Scene, bps: number): void => scene.set(1, flat(1_000_000 + bps * 100, 1_001_000 + bps * 100));

test('opens at the minimum edge, lives between the thresholds, closes below the lower one', () => {
  const scene = twoVenues(19);
  expect(scene.told).toEqual([]);
  expect(scene.notTaken).toMatchObject([{ reason: 'edge-below-minimum', grossEdgeBps: 19 }]);
  setEdge(scene, 20);
  expect(scene.states).toEqual(['opened']);
  for (const bps of [12, 19, 11, 21, 10, 20]) setEdge(scene, bps);
  expect(scene.states).toEqual(['opened']);
  setEdge(scene, 9);
  expect(scene.states).toEqual(['opened', 'closed: edge-gone']);
  setEdge(scene, 19);
  expect(scene.states).toHaveLength(2);
  setEdge(scene, 20);
  expect(scene.states).toHaveLength(3);
  expect(scene.told[2].id).not.toBe(scene.told[0].id);
});

test('while some size holds the minimum edge an update is of that size; below it the whole is shown, down to the closing edge', () => {
  const scene = new Scene({ ...NO_FEES, minimumEdgeBps: 20, maximumNotional: '1000000' }, spot('a'), spot('b'));
  const asks = (...levels: number[]): PlainBook => ({ bids: [[999_900, 1000]], asks: levels.map((price): [number, number] => [price, 1000]) });
  scene.set(0, asks(1_000_000));
  scene.set(1, { bids: [[1_003_000, 9000]], asks: [[1_004_000, 1]] });
  expect(scene.told.at(-1)).toMatchObject({ state: 'opened', legs: [{ size: '1' }, { size: '1' }], receipt: { netEdgeBps: '30' } });
  scene.pass(SECOND);
  // 30 and 5 basis points: of the second coin 0.664 may be taken before the whole falls below 20; all of both holds 17.5.
  scene.set(0, asks(1_000_000, 1_002_500));
  const [update] = scene.told.slice(1);
  expect(update).toMatchObject({ state: 'updated', legs: [{ size: '1.664' }, { size: '1.664' }] });
  expect(Number(update.receipt.netEdgeBps)).toBeGreaterThanOrEqual(20);
  // No size holds 20 any more: it is told at once although it moved by less than an update does, and is shown until 10.
  scene.pass(SECOND);
  scene.set(0, asks(1_001_050));
  expect(scene.told.at(-1)).toMatchObject({ state: 'updated', legs: [{ size: '1' }, { size: '1' }], receipt: { netEdgeBps: '19.4795' } });
  expect(scene.told).toHaveLength(3);
});

test('a pair that opened between two times of being left for the same reason is told as left again', () => {
  const scene = twoVenues(19);
  setEdge(scene, 20);
  setEdge(scene, 0);
  scene.notTaken.length = 0;
  setEdge(scene, 19);
  expect(scene.notTaken).toMatchObject([{ reason: 'edge-below-minimum' }]);
});

test('updates come only when the net edge moved by the named amount, and not more often than allowed', () => {
  const scene = twoVenues(30);
  setEdge(scene, 40);
  expect(scene.states).toEqual(['opened']);
  scene.pass(250_000);
  setEdge(scene, 40);
  expect(scene.states).toEqual(['opened', 'updated']);
  for (let i = 0; i < 1000; i++) {
    scene.pass(1000);
    setEdge(scene, i % 2 === 0 ? 40 : 45);
  }
  expect(scene.told.length).toBeLessThanOrEqual(2 + 4);
  expect(scene.told.at(-1)).toMatchObject({ id: scene.told[0].id, updates: scene.told.length - 1 });
  scene.pass(SECOND);
  const told = scene.told.length;
  setEdge(scene, 45);
  setEdge(scene, 45);
  expect(scene.told.length).toBeLessThanOrEqual(told + 1);
});

test('the size and its receipt: every cost named, the sum exact', () => {
  const scene = new Scene({ fees: { default: '0.0005', byVenue: { a: '0.0001' } }, maximumNotional: '25000' }, spot('a'), spot('b'));
  scene.set(0, { bids: [[999_900, 1000]], asks: [[1_000_000, 1000], [1_000_100, 1000], [1_000_200, 5000]] });
  scene.set(1, { bids: [[1_010_000, 1500], [1_009_000, 9000]], asks: [[1_011_000, 100]] });
  expect(scene.told).toHaveLength(1);
  const [{ receipt, legs, riskScore, confidence, base, kind }] = scene.told;
  expect({ kind, base }).toEqual({ kind: 'cross-venue', base: 'BTC' });
  // 1 × 10,000 + 1 × 10,001 + 0.499 × 10,002 = 24,991.998: 0.001 more would exceed 25,000.
  expect(legs.map(({ venue, side, size, limitPrice }) => ({ venue, side, size, limitPrice }))).toEqual([
    { venue: 'a', side: 'buy', size: '2.499', limitPrice: '10002' },
    { venue: 'b', side: 'sell', size: '2.499', limitPrice: '10090' },
  ]);
  expect(receipt).toEqual({
    currency: 'USDT', notional: '24991.998', grossEdge: '249.9', slippage: '11.988', fees: '15.1141548',
    wayOut: '0', funding: '0', inventory: '0', netEdge: '222.7978452', netEdgeBps: '89.1476',
  });
  expect(riskScore).toBeGreaterThan(0.1);
  expect(riskScore).toBeLessThan(1);
  expect(confidence).toBeGreaterThan(0.5);
  expect(confidence).toBeLessThanOrEqual(1);
});

test('a quote that is not trusted opens nothing and closes what rests on it', () => {
  const scene = twoVenues(30);
  scene.set(1, flat(1_003_000, 1_004_000), { trust: Trust.suspect });
  expect(scene.states).toEqual(['opened', 'closed: quote-untrusted']);
  scene.set(0, flat(999_900, 1_000_000));
  expect(scene.states).toHaveLength(2);
  expect(scene.core.notTaken.counts['quote-untrusted']).toBe(1);
  // Another version of the specification: its scales are not known.
  scene.set(1, flat(1_003_000, 1_004_000), { specificationVersion: 2 });
  expect(scene.states).toHaveLength(2);
  setEdge(scene, 30);
  expect(scene.states.at(-1)).toBe('opened');
});

test('an old quote opens nothing; time alone closes what rests on it, at the microsecond that it asked for', () => {
  const limits = { ...NO_FEES, quoteMaximumAgeUs: 3 * SECOND, proofMaximumAgeUs: SECOND };
  const scene = twoVenues(30, limits);
  expect(scene.core.wakeAtUs).toBe(scene.nowUs + SECOND + 1);
  scene.pass(SECOND);
  expect(scene.states).toEqual(['opened']);
  scene.pass(1);
  expect(scene.states).toEqual(['opened', 'closed: quote-too-old']);
  expect(scene.core.wakeAtUs).toBe(Number.POSITIVE_INFINITY);
  setEdge(scene, 31);
  expect(scene.states).toHaveLength(2);
  expect(scene.core.notTaken.counts['quote-too-old']).toBe(1);
  // Proven anew, but unchanged for too long.
  const old = { changedAtUs: scene.nowUs - 3 * SECOND - 1 };
  scene.set(0, flat(999_900, 1_000_000), old);
  expect(scene.states).toHaveLength(2);
  scene.set(0, flat(999_900, 1_000_000), { changedAtUs: scene.nowUs - 2 * SECOND });
  expect(scene.told.at(-1)).toMatchObject({ state: 'opened', legs: [{ ageUs: 2 * SECOND, provenAgeUs: 0 }, { ageUs: 0 }] });
});

test.each(['changedAtUs', 'provenAtUs'])('a quote whose %s lies an hour ahead opens nothing and closes what rests on it', (column) => {
  const scene = twoVenues(30);
  scene.set(0, flat(999_900, 1_000_000), { [column]: scene.nowUs + 3_600 * SECOND });
  expect(scene.states).toEqual(['opened', 'closed: quote-untrusted']);
  setEdge(scene, 31);
  expect(scene.states).toHaveLength(2);
  // Clocks of two machines differ by a little.
  scene.set(0, flat(999_900, 1_000_000), { [column]: scene.nowUs + 250_000 });
  expect(scene.states.at(-1)).toBe('opened');
});

test('a pushed quote keeps an opportunity alive past its first wake', () => {
  const scene = twoVenues(30, { ...NO_FEES, proofMaximumAgeUs: SECOND });
  for (let i = 0; i < 10; i++) {
    scene.pass(SECOND / 2);
    scene.set(0, flat(999_900, 1_000_000));
    setEdge(scene, 30);
  }
  expect(scene.states).toEqual(['opened']);
});

test('a ticker ahead of the depth may deny an edge but not make one', () => {
  const scene = new Scene(NO_FEES, spot('a'), spot('b'));
  scene.set(0, flat(999_900, 1_000_000));
  const book = flat(1_000_500, 1_001_500);
  scene.set(1, book, { bidPrice: 1_005_000 });
  expect(scene.told).toEqual([]);
  scene.set(1, flat(1_005_000, 1_006_000), { bidPrice: 1_000_500 });
  expect(scene.told).toEqual([]);
  // The ticker says that the better of two levels is gone: only the other one is walked.
  scene.set(1, { bids: [[1_006_000, 100], [1_005_000, 100]], asks: [[1_007_000, 1]] }, { bidPrice: 1_005_000 });
  expect(scene.told[0].legs[1]).toMatchObject({ limitPrice: '10050', averagePrice: '10050', size: '0.1' });
});

test('ids follow from kind, legs and opening frame', () => {
  const ids = (): string[] => [twoVenues(30), twoVenues(40)].map((scene) => scene.told[0].id);
  expect(ids()).toEqual(ids());
  expect(ids()[0]).toMatch(/^opp-[0-9a-f]{24}$/);
  const scene = twoVenues(30, { ...NO_FEES, traceparentOf: ({ connection, frame }) => `00-${connection}-${frame}-01` });
  expect(scene.told[0]).toMatchObject({
    origin: { venue: 'b', connection: 101, frame: 2 },
    links: [{ venue: 'a', connection: 100, frame: 1 }],
    traceparent: '00-101-2-01',
  });
});

test('depth that dries up below the smallest order closes it', () => {
  const scene = new Scene(NO_FEES, spot('a', { minimumSize: 10 }), spot('b'));
  scene.set(0, flat(999_900, 1_000_000));
  setEdge(scene, 30);
  scene.pass(SECOND);
  scene.set(1, flat(1_003_000, 1_004_000, 9));
  expect(scene.states).toEqual(['opened', 'closed: depth-gone']);
});

test('a halted instrument closes what rests on it', () => {
  const scene = twoVenues(30);
  scene.instruments.add(spot('b', { status: 'halted', version: 2 }));
  scene.core.onInstrument(1, scene.nowUs);
  expect(scene.states).toEqual(['opened', 'closed: instrument-halted']);
  setEdge(scene, 30);
  expect(scene.states).toHaveLength(2);
});

test('shutdown closes everything, and what has closed may be made to rest', () => {
  const scene = twoVenues(30, { ...NO_FEES, reopenAfterUs: SECOND });
  setEdge(scene, 0);
  setEdge(scene, 30);
  expect(scene.states).toEqual(['opened', 'closed: edge-gone']);
  scene.pass(SECOND);
  scene.set(0, flat(999_900, 1_000_000));
  expect(scene.states).toHaveLength(3);
  scene.core.shutdown(scene.nowUs);
  expect(scene.states.at(-1)).toBe('closed: shutdown');
  expect(scene.core.open).toEqual([]);
});

test('different quote currencies are different, and one venue is no cross-venue pair', () => {
  const scene = new Scene(NO_FEES, spot('a'), spot('b', { quote: 'USDC' }), spot('a', { symbol: 'BTC2/USDT' }), swap('c', { quote: 'USD' }));
  scene.set(0, flat(999_900, 1_000_000));
  scene.set(1, flat(1_100_000, 1_100_100));
  scene.set(2, flat(1_100_000, 1_100_100));
  scene.set(3, flat(1_100_000, 1_100_100));
  expect(scene.told).toEqual([]);
  expect(scene.core.notTaken.counts['currency-differs']).toBeGreaterThan(0);
});

test('a pair at equal prices, or the wrong way round, is nothing even without costs', () => {
  const scene = new Scene(FREE, spot('a'), spot('b'));
  scene.set(0, flat(999_900, 1_000_000));
  scene.set(1, flat(1_000_000, 1_000_100));
  scene.set(1, flat(999_000, 999_900));
  expect(scene.told).toEqual([]);
});

test('remembered quotes open nothing, however fresh and crossed, with each other or with a live one', () => {
  const scene = new Scene(FREE, spot('a'), spot('b'));
  const remembered = { trust: Trust.stale, cause: TrustCause.remembered, sequence: 0, epoch: 0 };
  const [low, high] = [flat(999_900, 1_000_000), flat(1_010_000, 1_011_000)];
  scene.set(0, low, remembered);
  scene.set(1, high, remembered);
  scene.set(0, low);
  scene.set(0, low, remembered);
  scene.set(1, high);
  expect(scene.told).toEqual([]);
  scene.set(0, low);
  expect(scene.states).toEqual(['opened']);
});
