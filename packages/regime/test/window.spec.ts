import { expect, test } from '@jest/globals';
import { seeded } from '@parallax/testing';
import { MidWindow, SlidingMaximum } from '../src/index.js';
import { ReferenceWindow } from './support/reference-window.js';

test('the sliding maximum equals a plain maximum over the newest slots', () => {
  const next = seeded(3);
  const sliding = new SlidingMaximum(7);
  const values: (number | undefined)[] = [];
  for (let slot = 0; slot < 5_000; slot++) {
    const hole = next() < 0.2;
    values.push(hole ? undefined : Math.floor(next() * 20));
    if (hole) sliding.dropBefore(slot - 6);
    else sliding.push(slot, values[slot] as number);
    const newest = values.slice(-7).filter((value) => value !== undefined);
    expect(sliding.value).toBe(newest.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...newest));
  }
});

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`a window equals the plain reference on random prices, holes and jumps (seed ${seed})`, () => {
    const next = seeded(seed);
    const window = new MidWindow(60_000_000, 20);
    const reference = new ReferenceWindow(60_000_000, 20);
    let nowUs = 1_700_000_000_000_000;
    let mid = 30_000;
    for (let step = 0; step < 1_200; step++) {
      const kind = next();
      nowUs += Math.floor(kind < 0.9 ? next() * 2_000_000 : next() * (kind < 0.98 ? 40_000_000 : 400_000_000));
      const act = next();
      if (act < 0.8) {
        mid *= 1 + (next() - 0.5) * 0.01;
        window.push(mid, nowUs);
        reference.push(mid, nowUs);
      } else if (act < 0.9) {
        window.withdraw(nowUs);
        reference.push(null, nowUs);
      } else {
        window.advance(nowUs);
      }
      const right = reference.at(nowUs);
      expect(window.coverage).toBe(right.coverage);
      expect(window.fall).toBeCloseTo(right.fall, 12);
      expect(window.rise).toBeCloseTo(right.rise, 12);
      // Near 0 the square root makes much of a rounding in the rolling sum.
      expect(window.volatility ** 2).toBeCloseTo(right.volatility ** 2, 13);
    }
  });
}

test('a time that runs backwards changes no bucket', () => {
  const window = new MidWindow(60_000_000, 60);
  window.push(100, 50_000_000);
  window.push(101, 20_000_000);
  expect(window.mid).toBe(101);
  expect(window.coverage).toBeCloseTo(1 / 60, 12);
});
