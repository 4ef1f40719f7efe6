import { expect, test } from '@jest/globals';
import { windowFor } from './window.js';

test.each([
  ['a coin of few ticks', 5_000, 2_048], ['none at all', 1, 2_048], ['an ask, whose ticks are negative', -616_860, 16_384],
  ['ETH/USDT at 0.01', 268_250, 8_192], ['BTC/USDT at 0.01', 6_168_600, 65_536], ['the largest', 1e12, 65_536],
])('the window of %s', (_name, bestTick, ticks) => {
  expect(windowFor(bestTick)).toBe(ticks);
});
