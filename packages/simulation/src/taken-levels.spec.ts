import { expect, test } from '@jest/globals';
import { TakenLevels } from './taken-levels.js';

test('however many levels are taken, each is remembered until the market changes it', () => {
  const taken = new TakenLevels(1);
  const prices = Array.from({ length: 70 }, (_, at) => 1_000 + at);
  for (const price of prices) expect(taken.take(price, price - 990, 500)).toEqual({ side: 1, price, size: price - 990, visible: 500 });
  expect(prices.map((price) => taken.takenAt(price))).toEqual(prices.map((price) => price - 990));
  expect(taken.take(1_003, 2, 500).size).toBe(15);
  for (const price of prices.filter((one) => one % 2 === 0)) taken.onLevel(price, price === 1_010 ? 500 : 499);
  expect(prices.filter((price) => taken.takenAt(price) > 0)).toEqual(prices.filter((price) => price % 2 === 1 || price === 1_010));
  taken.onWholeBook((price) => (price === 1_003 ? 500 : 0));
  expect(taken.all()).toEqual([{ side: 1, price: 1_003, size: 15, visible: 500 }]);
});
