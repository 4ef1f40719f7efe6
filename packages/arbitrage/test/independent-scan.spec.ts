import { expect, test } from '@jest/globals';
import { Money } from '@parallax/money';
import { seeded } from '@parallax/testing';
import type { Opportunity } from '@parallax/types';
import { independentScan } from './support/independent-scan.js';
import { FREE, Scene, spot, swap, type Ladder, type PlainBook } from './support/scene.js';

/** A book around `middle` (integer price), 1 to 6 levels a side, small sizes. */
function randomBook(next: () => number, middle: number, spread: number, priceUnit: number, sizeUnit: number): PlainBook {
  const side = (sign: number): Ladder => {
    let price = middle + sign * (1 + Math.floor(next() * spread));
    return Array.from({ length: 1 + Math.floor(next() * 6) }, () => {
      const level = [price * priceUnit, (1 + Math.floor(next() * 9)) * sizeUnit] as const;
      price += sign * (1 + Math.floor(next() * 4));
      return level;
    });
  };
  return { bids: side(-1), asks: side(1) };
}

test('without costs every opportunity is what a plain scan of both books finds: nothing missed, nothing extra', () => {
  let found = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const next = seeded(seed);
    // Three venues of different scales and steps.
    const specifications = [
      spot('a'), spot('b', { priceScale: 4, sizeScale: 6, sizeStep: 2_000 }), spot('c', { priceScale: 3, sizeScale: 3, sizeStep: 5 }),
    ];
    const units = [[1, 1], [100, 1000], [10, 1]];
    for (let round = 0; round < 25; round++) {
      const scene = new Scene({ ...FREE, closeEdgeBps: 0 }, ...specifications);
      for (let i = 0; i < 3; i++) {
        scene.nowUs += 1000;
        scene.set(i, randomBook(next, 10_000 + Math.floor(next() * 12), 4, units[i][0], units[i][1]));
      }
      const seen = new Map(scene.core.open.map((one) => [`${one.legs[0].venue}>${one.legs[1].venue}`, one]));
      for (let buy = 0; buy < 3; buy++) {
        for (let sell = 0; sell < 3; sell++) {
          if (buy === sell) continue;
          const side = (i: number) => ({ book: scene.books.get(i) as PlainBook, specification: specifications[i] });
          // The steps of b and c (0.002, 0.005) meet at 0.01, which the scan does not know: its coarser step must be a multiple.
          if (buy + sell === 3) continue;
          const right = independentScan(side(buy), side(sell));
          const one = seen.get(`${specifications[buy].venue}>${specifications[sell].venue}`);
          expect(one === undefined).toBe(right === null);
          if (!one || !right) continue;
          found++;
          expect(one.legs[0].baseSize).toBe(right.base);
          expect(one.legs[1].baseSize).toBe(right.base);
          expect(one.receipt.notional).toBe(right.paid);
          expect(one.receipt.netEdge).toBe(right.gain);
        }
      }
    }
  }
  expect(found).toBeGreaterThan(400);
});

/** Every order step of a side as its own unit, best first: the plainest book there is. Prices in cents. */
const units = (ladder: Ladder): number[] => ladder.flatMap(([price, size]) => Array.from({ length: size }, () => price));

/** The largest number of steps whose last one pays and which as a whole reach the minimum; tried one by one. */
function stepsByTrial(
  books: { buy: PlainBook; sell: PlainBook }, feeBps: readonly [number, number], minimumBps: number, basis: boolean,
): { steps: number; net: Money } | null {
  const [asks, bids] = [units(books.buy.asks), units(books.sell.bids)];
  const [exitBids, exitAsks] = [units(books.buy.bids), units(books.sell.asks)];
  const middles = [(asks[0] + exitBids[0]) / 2, (bids[0] + exitAsks[0]) / 2];
  const depth = basis ? Math.min(asks.length, bids.length, exitBids.length, exitAsks.length) : Math.min(asks.length, bids.length);
  let [net, paid, best] = [new Money(0), new Money(0), null as { steps: number; net: Money } | null];
  for (let i = 0; i < depth; i++) {
    const fee = (price: number, leg: 0 | 1): Money => new Money(price).mul(feeBps[leg]).div(10_000);
    let unit = new Money(bids[i] - asks[i]).sub(fee(asks[i], 0)).sub(fee(bids[i], 1));
    if (basis) {
      unit = unit.sub(middles[0] - exitBids[i] + exitAsks[i] - middles[1]).sub(fee(exitBids[i], 0)).sub(fee(exitAsks[i], 1));
    }
    if (unit.lte(0)) break;
    net = net.add(unit);
    paid = paid.add(asks[i]);
    if (net.mul(10_000).gte(paid.mul(minimumBps))) best = { steps: i + 1, net };
    else break;
  }
  return best;
}

for (const basis of [false, true]) {
  test(`with fees and a minimum edge, ${basis ? 'basis' : 'cross-venue'} sizes equal trying step after step`, () => {
    let [found, none] = [0, 0];
    for (let seed = 100; seed < 600; seed++) {
      const next = seeded(seed);
      const feeBps = [Math.floor(next() * 6), Math.floor(next() * 6)] as const;
      const minimumBps = Math.floor(next() * 12);
      const fees = { default: '0', byVenue: { a: String(feeBps[0] / 10_000), b: String(feeBps[1] / 10_000) } };
      const scene = new Scene({ ...FREE, fees, minimumEdgeBps: minimumBps, depthLevels: 10 }, spot('a'), basis ? swap('b') : spot('b'));
      const gap = 10 + Math.floor(next() * 40);
      const books = { buy: randomBook(next, 10_000, 4, 1, 1), sell: randomBook(next, 10_000 + gap, 4, 1, 1) };
      scene.set(0, books.buy);
      scene.set(1, books.sell);
      const right = stepsByTrial(books, feeBps, minimumBps, basis);
      const [one] = scene.core.open as (Opportunity | undefined)[];
      expect(one === undefined).toBe(right === null);
      if (!one || !right) {
        none++;
        continue;
      }
      found++;
      expect(one.kind).toBe(basis ? 'basis' : 'cross-venue');
      expect(Number(one.legs[0].size) * 1000).toBe(right.steps);
      expect(one.receipt.netEdge).toBe(right.net.div(100_000).toFixed());
    }
    expect(found).toBeGreaterThan(100);
    expect(none).toBeGreaterThan(20);
  });
}
