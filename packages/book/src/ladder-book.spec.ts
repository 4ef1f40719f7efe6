import { describe, expect, test } from '@jest/globals';
import { LadderBook } from './ladder-book.js';
import { OccupiedTicks } from './occupied-ticks.js';
import { Side } from './side.js';

/** A plain book to compare with: maps, sorted on demand. */
class PlainBook {
  private readonly sides = [new Map<number, number>(), new Map<number, number>()];

  set(side: Side, price: number, size: number): boolean {
    const known = this.sides[side].has(price);
    if (size > 0) this.sides[side].set(price, size);
    else this.sides[side].delete(price);
    return known;
  }
  top(side: Side): number[][] {
    return [...this.sides[side]].toSorted(([a], [b]) => (side === Side.bid ? b - a : a - b));
  }
  truncate(count: number): void {
    for (const side of [Side.bid, Side.ask]) for (const [price] of this.top(side).slice(count)) this.sides[side].delete(price);
  }
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    mixed ^= mixed >>> 16;
    return (mixed >>> 0) / 2 ** 32;
  };
}

function topOf(book: LadderBook, side: Side): number[][] {
  const prices = new Float64Array(10_000);
  const sizes = new Float64Array(10_000);
  const found = book.top(side, prices, sizes);
  expect(found).toBe(book.levels(side));
  return Array.from({ length: found }, (_, i) => [prices[i], sizes[i]]);
}

describe.each([
  ['one tick wide, window never left', 1, 16_384, 3_000, 0],
  ['walks out of a small window', 1, 1024, 30_000, 0],
  ['tick of ten', 10, 1024, 40_000, 0],
  ['prices between ticks', 10, 1024, 20_000, 0.2],
])('%s', (_name, step, window, drift, offTick) => {
  test.each([1, 2, 3, 4])('equals a plain book after every change (seed %d)', (seed) => {
    const next = random(seed);
    const ladder = new LadderBook(step, window);
    const plain = new PlainBook();
    for (let i = 0; i < 3_000; i++) {
      const centre = 1_000_000 + Math.round(Math.sin(i / 400) * drift) * step;
      const side = next() < 0.5 ? Side.bid : Side.ask;
      const distance = Math.floor(next() ** 3 * window * 2) * step;
      const between = next() < offTick ? 3 : 0;
      const price = (side === Side.bid ? centre - distance : centre + distance) + between;
      const size = next() < 0.45 ? 0 : 1 + Math.floor(next() * 1e6);
      expect(ladder.set(side, price, size)).toBe(plain.set(side, price, size));
      const [bid = [0, 0]] = plain.top(Side.bid);
      const [ask = [0, 0]] = plain.top(Side.ask);
      expect([ladder.bestBidPrice, ladder.bestBidSize, ladder.bestAskPrice, ladder.bestAskSize]).toEqual([...bid, ...ask]);
      if (i % 500 === 499) {
        expect(topOf(ladder, Side.bid)).toEqual(plain.top(Side.bid));
        expect(topOf(ladder, Side.ask)).toEqual(plain.top(Side.ask));
        expect(ladder.sizeAt(side, price)).toBe(size);
      }
      if (i % 1_000 === 999) {
        ladder.truncate(50);
        plain.truncate(50);
      }
    }
  });
});

test('an emptied book is empty', () => {
  const book = new LadderBook(1, 1024);
  book.set(Side.bid, 5, 1);
  book.set(Side.ask, 9_000_000_000, 1);
  book.clear();
  expect([book.bestBidSize, book.bestAskPrice, book.levels(Side.bid), book.levels(Side.ask)]).toEqual([0, 0, 0, 0]);
});

test('the highest occupied tick is found over word and group borders', () => {
  const ticks = new OccupiedTicks(4096);
  for (const tick of [0, 31, 32, 1023, 1024, 4095]) {
    ticks.add(tick);
    expect(ticks.highestAtOrBelow(4095)).toBe(tick);
    expect(ticks.highestAtOrBelow(tick)).toBe(tick);
  }
  expect(ticks.highestAtOrBelow(4094)).toBe(1024);
  ticks.remove(1024);
  expect(ticks.highestAtOrBelow(4094)).toBe(1023);
  expect(ticks.highestAtOrBelow(30)).toBe(0);
  ticks.remove(0);
  expect(ticks.highestAtOrBelow(30)).toBe(-1);
});

test('a window follows the price where none is given, and a side stays what it was when it grows', () => {
  const next = random(9);
  const ladder = new LadderBook(1);
  const plain = new PlainBook();
  for (const centre of [1_000, 100_000, 10_000_000, 50_000, 700]) {
    for (let i = 0; i < 2_000; i++) {
      const side = next() < 0.5 ? Side.bid : Side.ask;
      const distance = 1 + Math.floor(next() ** 4 * centre * 0.9);
      const price = side === Side.bid ? centre - distance : centre + distance;
      const size = next() < 0.4 ? 0 : 1 + Math.floor(next() * 1e6);
      expect(ladder.set(side, price, size)).toBe(plain.set(side, price, size));
    }
    expect(topOf(ladder, Side.bid)).toEqual(plain.top(Side.bid));
    expect(topOf(ladder, Side.ask)).toEqual(plain.top(Side.ask));
  }
});
