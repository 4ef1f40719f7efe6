import { expect, test } from '@jest/globals';
import { BackOff } from './back-off.js';
import { SnapshotPlanner } from './snapshot-planner.js';
import { RateLimit } from './rate-limit.js';

const SECOND = 1_000_000;
const highest = { next: () => 0.999_999, id: () => '' };

test('waits double up to the cap, jittered in their upper half, and start anew after success', () => {
  const backOff = new BackOff(highest, { firstMs: 100, highestMs: 1_000 });
  expect(Array.from({ length: 6 }, () => backOff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  backOff.reset();
  expect(backOff.next()).toBe(100);
  expect(new BackOff({ next: () => 0, id: () => '' }, { firstMs: 100, highestMs: 1_000 }).next()).toBe(50);
});

test('a rate limit gives no more than its amount within any stretch of its period and a tenth, and obeys a pause', () => {
  const limit = new RateLimit({ amount: 4, everyMs: 1_000 });
  const at = (seconds: number): number => 10 * SECOND + seconds * SECOND;
  expect([0, 0, 0.5, 0.5, 0.5].map((seconds) => limit.take(1, at(seconds)))).toEqual([true, true, true, true, false]);
  expect(limit.availableAtUs(1, at(0.5))).toBe(at(1.1));
  expect(limit.availableAtUs(3, at(0.5))).toBe(at(1.6));
  expect([limit.take(3, at(1.1)), limit.take(2, at(1.1)), limit.take(1, at(1.2))]).toEqual([false, true, false]);
  limit.pause(at(10));
  expect([limit.take(1, at(9)), limit.availableAtUs(1, at(9)), limit.take(1, at(10))]).toEqual([false, at(10), true]);
});

test('what is more than a whole limit is not waited for for ever', () => {
  const limit = new RateLimit({ amount: 4, everyMs: 1_000 });
  expect([limit.take(9, SECOND), limit.take(1, SECOND), limit.take(9, 3 * SECOND)]).toEqual([true, false, true]);
});

test('snapshots keep within the weight limit, one request per symbol', () => {
  const fetched: string[] = [];
  const planner = new SnapshotPlanner({ amount: 120, everyMs: 60_000 }, 20, (symbol) => fetched.push(symbol));
  for (const symbol of ['A', 'B', 'A', 'C', 'D', 'E', 'F', 'G', 'H']) planner.want(symbol, SECOND);
  expect(fetched).toEqual(['A', 'B', 'C']);
  expect(planner.wakeAtUs).toBe(67 * SECOND);
  planner.onWake(planner.wakeAtUs);
  expect(fetched).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
  planner.onWake(planner.wakeAtUs);
  expect(fetched).toHaveLength(8);
  // Who has nothing to do does not want to be woken: a timer set by it would spin.
  expect(planner.wakeAtUs).toBe(Infinity);
  planner.want('A', 134 * SECOND);
  planner.onDone('A');
  planner.pause(390 * SECOND);
  planner.want('I', 300 * SECOND);
  expect([fetched.length, planner.wakeAtUs]).toEqual([8, 390 * SECOND]);
  planner.onWake(390 * SECOND);
  expect([fetched.length, planner.wakeAtUs]).toEqual([9, Infinity]);
});
