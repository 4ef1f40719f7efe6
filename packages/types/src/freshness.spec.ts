import { expect, test } from '@jest/globals';
import { ageUs, CLOCK_MARGIN_US, isFresh } from './freshness.js';

const NOW = 1_700_000_000_000_000;

test('an age is known up to the margin into the future, and unknown beyond it', () => {
  expect([NOW - 5, NOW, NOW + CLOCK_MARGIN_US, NOW + CLOCK_MARGIN_US + 1, NOW + 3_600_000_000].map((atUs) => ageUs(atUs, NOW))).toEqual([5, 0, 0, null, null]);
});

test('what is too old, or an hour ahead, is not fresh', () => {
  const fresh = (atUs: number): boolean => isFresh(atUs, 2_000_000, NOW);
  expect([NOW - 2_000_001, NOW - 2_000_000, NOW, NOW + CLOCK_MARGIN_US, NOW + CLOCK_MARGIN_US + 1, NOW + 3_600_000_000].map(fresh)).toEqual([
    false, true, true, true, false, false,
  ]);
});
