import { describe, expect, test } from '@jest/globals';
import { seeded } from '@parallax/testing';
import { Trust } from '@parallax/types';
import { MINUTE_REGIME } from '../src/index.js';
import { Market } from './support/market.js';

const START = 1_700_000_000_000_000;
const SECOND = 1_000_000;

/** Walks `market` from `from` to `to` seconds, ten quotes a second, the mid given by `path(second)` and small noise. */
function walk(market: Market, from: number, to: number, path: (second: number) => number, noise = 0.00002, seed = 9): void {
  const next = seeded(seed);
  for (let tenth = from * 10; tenth < to * 10; tenth++) {
    market.quote(path(tenth / 10) * (1 + (next() - 0.5) * noise), START + tenth * (SECOND / 10));
  }
}

test('calm is told once half of the window is known, with its confidence', () => {
  const market = new Market();
  walk(market, 0, 120, () => 30_000);
  expect(market.entered).toEqual(['NORMAL']);
  const [normal] = market.events;
  expect(normal.atUs - START).toBe(29 * SECOND);
  expect(normal.previous).toBeNull();
  expect(normal.confidence).toBeGreaterThan(0.45);
  expect(normal.confidence).toBeLessThan(0.5);
  expect(normal.origin).toEqual({
    venue: 'test', connection: 7, frame: 290, receivedAtUs: normal.atUs - SECOND / 10,
  });
});

test('a crash is entered at the threshold and left when the window has passed it', () => {
  const market = new Market();
  const price = (second: number): number => (second < 90 ? 30_000 : Math.max(29_400, 30_000 - (second - 90) * 300));
  walk(market, 0, 300, price);
  expect(market.entered).toEqual(['NORMAL', 'HIGH_VOLATILITY', 'FLASH_CRASH', 'NORMAL']);
  const crash = market.events.find((event) => event.regime === 'FLASH_CRASH' && event.durationUs === 0);
  expect(crash?.strength).toBeGreaterThanOrEqual(1);
  // 1.5 % of 30,000 are 450: reached 1.5 s after the fall began.
  expect(((crash?.atUs ?? 0) - START) / SECOND).toBeCloseTo(91.5, 0);
  expect(market.events.at(-1)?.regime).toBe('NORMAL');
});

test('a pump is the same upwards', () => {
  const market = new Market();
  walk(market, 0, 300, (second) => (second < 90 ? 30_000 : Math.min(30_800, 30_000 + (second - 90) * 400)));
  expect(market.entered).toContain('FLASH_PUMP');
  expect(market.entered).not.toContain('FLASH_CRASH');
  expect(market.events.at(-1)?.regime).toBe('NORMAL');
});

test('wide noise without direction is high volatility and nothing graver', () => {
  const market = new Market();
  walk(market, 0, 90, () => 30_000);
  walk(market, 90, 180, () => 30_000, 0.004);
  walk(market, 180, 300, () => 30_000);
  expect(market.entered).toEqual(['NORMAL', 'HIGH_VOLATILITY', 'NORMAL']);
});

test('a measure that hovers around the entry threshold does not flap', () => {
  const market = new Market();
  const wave = (second: number): number => 30_000 * (1 - 0.0149 - 0.0003 * Math.sin(second * 3));
  walk(market, 0, 60, () => 30_000);
  // The high of 30,000 is repeated, so that the fall keeps hovering between 1.46 and 1.52 %.
  for (let second = 60; second < 600; second++) {
    market.quote(30_000, START + second * SECOND);
    for (let part = 1; part < 100; part++) market.quote(wave(second + part / 100), START + second * SECOND + part * 10_000);
  }
  const changes = market.events.filter((event) => event.durationUs === 0).length;
  // Exit at half of the entry: what touches 30,000 again ends a crash, so at most one change a dwell.
  expect(changes).toBeLessThan(2 + (2 * 540 * SECOND) / MINUTE_REGIME.minimumDwellUs);
  const flapping = new Market({ ...MINUTE_REGIME, flashMoveExit: MINUTE_REGIME.flashMoveEntry, minimumDwellUs: 0 });
  walk(flapping, 0, 60, () => 30_000);
  for (let second = 60; second < 600; second++) {
    flapping.quote(30_000, START + second * SECOND);
    for (let part = 1; part < 100; part++) flapping.quote(wave(second + part / 100), START + second * SECOND + part * 10_000);
  }
  expect(flapping.events.filter((event) => event.durationUs === 0).length).toBeGreaterThan(changes * 5);
});

test('quotes that are not trusted move nothing, and a window without trust holds its state without confidence', () => {
  const market = new Market();
  walk(market, 0, 60, () => 30_000);
  for (let second = 60; second < 65; second++) market.quote(20_000, START + second * SECOND, Trust.suspect);
  expect(market.entered).toEqual(['NORMAL']);
  walk(market, 65, 70, () => 29_000);
  expect(market.entered).toEqual(['NORMAL', 'FLASH_CRASH']);
  market.quote(29_000, START + 70 * SECOND, Trust.resyncing);
  market.passTo(START + 400 * SECOND);
  const last = market.events.at(-1);
  // The high has left the window before the last return did, and calm was never claimed on so little.
  expect(last).toMatchObject({ regime: 'HIGH_VOLATILITY', previous: 'FLASH_CRASH', confidence: 0 });
  expect(market.detector.wakeAtUs).toBe(Number.POSITIVE_INFINITY);
  walk(market, 400, 500, () => 29_000);
  expect(market.entered).toEqual(['NORMAL', 'FLASH_CRASH', 'HIGH_VOLATILITY', 'NORMAL']);
});

test('a crash ends while the price stays where it fell, at the bucket in which the window has passed it', () => {
  const market = new Market();
  walk(market, 0, 60, () => 30_000);
  // Quotes as seldom as they may be for the price to stand.
  for (let second = 60; second < 120; second += 10) market.quote(29_000, START + second * SECOND);
  expect(market.entered.at(-1)).toBe('FLASH_CRASH');
  market.passTo(START + 129 * SECOND);
  expect(market.entered.at(-1)).toBe('NORMAL');
  expect((market.events.at(-1)?.enteredAtUs ?? 0) - START).toBe(120 * SECOND);
});

test('silence ends no crash: who told the prices may be gone', () => {
  const market = new Market();
  walk(market, 0, 60, () => 30_000);
  market.quote(29_000, START + 60 * SECOND);
  market.passTo(START + 200 * SECOND);
  expect(market.events.at(-1)).toMatchObject({ regime: 'FLASH_CRASH', confidence: 0 });
  expect(market.detector.wakeAtUs).toBe(Number.POSITIVE_INFINITY);
  // Nor is a silence covered afterwards: calm needs half a window of quotes again.
  walk(market, 500, 540, () => 29_000);
  expect((market.events.at(-1)?.enteredAtUs ?? 0) - START).toBe(529 * SECOND);
  expect(market.entered.at(-1)).toBe('NORMAL');
});

describe('what stands', () => {
  const standing = (market: Market, second: number) => market.detector.standing(market.instrument, START + second * SECOND);

  test('is known from half of a window on, for as long as quotes come, and says when it held', () => {
    const market = new Market();
    expect(standing(market, 0)).toBeNull();
    walk(market, 0, 29, () => 30_000);
    expect(standing(market, 29)).toBeNull();
    walk(market, 29, 60, () => 30_000);
    expect(standing(market, 60)).toMatchObject({ regime: 'NORMAL', atUs: START + 60 * SECOND, enteredAtUs: START + 29 * SECOND, durationUs: 31 * SECOND });
  });

  test('is unknown half a window after the last price stood, and known again half a window after the first', () => {
    const market = new Market();
    walk(market, 0, 120, () => 30_000);
    // The last price stands for 10 s; then it takes 30 s until more than half of the window is a hole.
    expect(standing(market, 159)).toMatchObject({ regime: 'NORMAL' });
    expect(standing(market, 160)).toBeNull();
    walk(market, 300, 328, () => 30_000);
    expect(standing(market, 328)).toBeNull();
    walk(market, 328, 330, () => 30_000);
    expect(standing(market, 330)).toMatchObject({ regime: 'NORMAL' });
  });

  test('is unknown where the book lost its trust, though quotes come', () => {
    const market = new Market();
    walk(market, 0, 120, () => 30_000);
    for (let second = 120; second <= 150; second++) market.quote(30_000, START + second * SECOND, Trust.suspect);
    expect(standing(market, 149)).toMatchObject({ regime: 'NORMAL' });
    expect(standing(market, 151)).toBeNull();
    // What was found last is remembered all the same, for those who shrink by it.
    expect(market.detector.current(market.instrument, START + 151 * SECOND)).toMatchObject({ regime: 'NORMAL' });
  });

  test('is unknown while a grave state rests on little, which is told as entered', () => {
    const market = new Market();
    walk(market, 0, 5, (second) => 30_000 * (1 - second / 100));
    expect(market.entered.at(-1)).toBe('FLASH_CRASH');
    expect(standing(market, 5)).toBeNull();
  });
});

test('a quote of another specification version is counted and not read', () => {
  const market = new Market();
  walk(market, 0, 60, () => 30_000);
  market.version = 2;
  market.quote(60_000, START + 60 * SECOND);
  expect(market.detector.versionMismatches).toBe(1);
  expect(market.entered).toEqual(['NORMAL']);
  // Once the table knows it, it is read with its own scale: 300,000.00 at 3 decimals are 30,000.000.
  market.instruments.add({ ...market.instruments.get(0), priceScale: 3, version: 2 });
  market.quote(300_000, START + 61 * SECOND);
  expect(market.detector.versionMismatches).toBe(1);
  expect(market.entered).toEqual(['NORMAL']);
});

test('the same input gives the same events', () => {
  const run = (): unknown => {
    const market = new Market();
    const next = seeded(5);
    let mid = 30_000;
    for (let step = 0; step < 20_000; step++) {
      mid *= 1 + (next() - 0.5) * 0.002;
      market.quote(mid, START + step * 100_000);
    }
    return market.events;
  };
  const events = run() as unknown[];
  expect(events.length).toBeGreaterThan(3);
  expect(run()).toEqual(events);
});
