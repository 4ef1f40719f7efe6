import { expect, test } from '@jest/globals';
import { Rhythm } from './rhythm.js';

const SECOND = 1_000_000;
const START = 1_790_000_000_000_000;

/** Looks once a second at a symbol that is proven once a second for a minute and then falls silent; when it was found silent. */
function foundSilentAfter(originAheadUs: number): number {
  const rhythm = new Rhythm();
  expect(rhythm.isSilent(START)).toBe(false);
  for (let second = 1; second <= 60; second++) {
    rhythm.prove(START + second * SECOND + originAheadUs);
    expect(rhythm.isSilent(START + second * SECOND)).toBe(false);
  }
  for (let second = 61; second < 10_000; second++) if (rhythm.isSilent(START + second * SECOND)) return second - 60;
  return Infinity;
}

test.each([0, 0.2, 10, 3_600, 86_400])('silence is found after 20 s, though the clock of who receives is %s s ahead', (seconds) => {
  expect(foundSilentAfter(seconds * SECOND)).toBeGreaterThanOrEqual(20);
  expect(foundSilentAfter(seconds * SECOND)).toBeLessThanOrEqual(21);
});

test('a symbol that was never proven is not silent, and one that speaks again is not any more', () => {
  const rhythm = new Rhythm();
  expect(rhythm.isSilent(START)).toBe(false);
  rhythm.prove(START);
  expect([rhythm.isSilent(START + 9 * SECOND), rhythm.isSilent(START + 10 * SECOND)]).toEqual([false, true]);
  rhythm.prove(START + 11 * SECOND);
  expect(rhythm.isSilent(START + 12 * SECOND)).toBe(false);
});

test('what was proven before the machine slept is silent at the first look after it woke', () => {
  const rhythm = new Rhythm();
  rhythm.prove(START);
  expect(rhythm.isSilent(START + 28_800 * SECOND)).toBe(true);
});
