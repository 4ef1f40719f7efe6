import { expect, test } from '@jest/globals';
import { probabilisticQueue, riskAverseQueue } from './queue-model.js';
import { RestingOrders } from './resting-orders.js';

/** Two orders rest at rank 1000 behind 50, and one at 999 behind 20. */
function resting(queue = probabilisticQueue()): RestingOrders {
  const orders = new RestingOrders(queue);
  orders.add(1, 1000, 10, 50, 50);
  orders.add(2, 1000, 10, 50, 50);
  orders.add(3, 999, 10, 20, 20);
  return orders;
}
const frontsOf = ({ fronts, count }: RestingOrders): number[] => [...fronts.subarray(0, count)];

test('what a trade took from a level is no cancellation when the level tells it: each place moves by the trade alone', () => {
  const orders = resting();
  expect([orders.trade(0, 20, 20), orders.trade(1, 20, 20)]).toEqual([0, 0]);
  expect(frontsOf(orders)).toEqual([30, 30, 20]);
  orders.onLevel(1000, 30);
  expect(frontsOf(orders)).toEqual([30, 30, 20]);
  // Two trades between two words on the level.
  for (const size of [5, 7]) for (const at of [0, 1]) orders.trade(at, size, size);
  orders.onLevel(1000, 18);
  expect(frontsOf(orders)).toEqual([18, 18, 20]);
});

test('what went beside the trades was cancelled, and is shared by the model', () => {
  const orders = resting({ name: 'all before', afterCancellation: (front, _before, _after, cancelled) => front - cancelled });
  orders.trade(0, 20, 20);
  orders.onLevel(1000, 26);
  // Of 24 that went 20 had traded; the other order heard of no trade.
  expect(frontsOf(orders)).toEqual([26, 26, 20]);
  orders.onWholeBook((rank) => (rank === 999 ? 15 : 26));
  expect(frontsOf(orders)).toEqual([26, 26, 15]);
});

test('what trades beyond the front reaches the order', () => {
  const orders = resting(riskAverseQueue);
  expect(orders.trade(0, 60, 60)).toBe(10);
  expect(orders.trade(1, 60, 50)).toBe(0);
  expect(frontsOf(orders)).toEqual([0, 0, 20]);
});

test('an order that takes the place of one that has gone begins without what traded for that one', () => {
  const orders = resting({ name: 'all before', afterCancellation: (front, _before, _after, cancelled) => front - cancelled });
  for (const at of [2, 1, 0]) {
    orders.trade(at, 4, 4);
    orders.removeAt(at);
  }
  for (const number of [7, 8, 9]) orders.add(number, 1000, 10, 50, 50);
  orders.onLevel(1000, 40);
  expect(frontsOf(orders)).toEqual([40, 40, 40]);
});
