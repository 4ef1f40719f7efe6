import { expect, test } from '@jest/globals';
import { Flow } from './flow.js';

const SECOND = 1_000_000;

test('what has never come, and what comes no more, is told with how long; what flows is not', () => {
  const flow = new Flow('quote');
  expect([flow.look(0, 0), flow.look(0, 60 * SECOND)]).toEqual(['no quote has come yet', 'no quote has come yet']);
  expect([flow.look(3, 61 * SECOND), flow.look(3, 71 * SECOND), flow.look(3, 73 * SECOND)]).toEqual([null, null, 'no quote has come for 12 s']);
  expect([flow.look(4, 74 * SECOND), flow.look(4, 80 * SECOND)]).toEqual([null, null]);
});
