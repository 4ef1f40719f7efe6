import { expect, test } from '@jest/globals';
import { StageLatencies } from '../src/index.js';

const SECOND = 1_000_000;
const START = 1_790_000_000 * SECOND;

test('what is recent ends after a minute at most; what was measured since the start stays', () => {
  const latencies = new StageLatencies();
  const stage = latencies.of('order-to-answer');
  const summaries: (number | null)[] = [];
  for (let second = 0; second < 120; second++) {
    const nowUs = START + second * SECOND;
    if (second < 10) stage.record(nowUs - 400_000, nowUs);
    summaries.push(stage.recent(nowUs)?.p99 ?? null);
  }
  expect(summaries.filter((p99) => p99 !== null).every((p99) => p99 === 400_000)).toBe(true);
  expect(summaries.indexOf(null)).toBe(60);
  expect(summaries.slice(60).every((p99) => p99 === null)).toBe(true);
  expect([latencies.recent(START + 120 * SECOND), stage.total().count]).toEqual([{}, 10]);
});

test('nobody asked for long: what lies before that is not recent', () => {
  const stage = new StageLatencies().of('answer-to-fill');
  stage.record(START, START + 5);
  expect(stage.recent(START)).toEqual({ p50: 5, p99: 5, count: 1 });
  stage.record(START, START + 9);
  expect(stage.recent(START + 3_600 * SECOND)).toBeNull();
  expect([stage.total().count, stage.total().sum]).toEqual([2, 14]);
});

test('a moment that is not known, or one that lies after the other, makes the latency unknown and never 0', () => {
  const stage = new StageLatencies().of('received-to-order');
  stage.record(0, START);
  stage.record(START + 1, START);
  stage.recordUnknown();
  expect([stage.recent(START), stage.total().count, stage.total().unknown]).toEqual([null, 0, 3]);
  stage.record(START, START);
  expect(stage.recent(START)).toEqual({ p50: 0, p99: 0, count: 1 });
});

test('a stage is one thing however often it is asked for, and others are others', () => {
  const latencies = new StageLatencies();
  latencies.of('intent-to-verdict').record(START, START + 3);
  latencies.of('intent-to-verdict').record(START, START + 3);
  latencies.of('verdict-to-order').record(START, START + 8);
  expect(latencies.recent(START)).toEqual({ 'intent-to-verdict': { p50: 3, p99: 3, count: 2 }, 'verdict-to-order': { p50: 8, p99: 8, count: 1 } });
});
