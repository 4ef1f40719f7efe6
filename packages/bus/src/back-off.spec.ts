import { expect, test } from '@jest/globals';
import { BackOff } from './back-off.js';

test('waits double to the cap, in their upper half, and begin anew after a reset', () => {
  let drawn = 0;
  const backOff = new BackOff({ next: () => drawn }, 100, 1_000);
  expect([1, 2, 3, 4, 5, 6].map(() => backOff.nextMs())).toEqual([50, 100, 200, 400, 500, 500]);
  drawn = 1;
  expect(backOff.nextMs()).toBe(1_000);
  backOff.reset();
  expect(backOff.nextMs()).toBe(100);
});
