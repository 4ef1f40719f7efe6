import { expect, test } from '@jest/globals';
import { ClockOffset } from '@parallax/normalisation';
import { StageLatencies } from '@parallax/runtime';
import { FrameStages } from './frame-stages.js';

const START_US = 1_790_000_000_000_000;
const HOUR_US = 3_600_000_000;

/** What is told of frames that came so late, of a venue whose clock is so far ahead of ours; null: the venue tells no time. */
function told(aheadUs: number, ways: readonly (number | null)[], quoted = true): ReturnType<StageLatencies['recent']> & { unknown: number } {
  const latencies = new StageLatencies();
  const stages = new FrameStages({ latencies });
  const clock = new ClockOffset();
  ways.forEach((wayUs, index) => {
    const receivedAtUs = START_US + index * 1_000_000;
    const eventAtUs = wayUs === null ? 0 : receivedAtUs - wayUs + aheadUs;
    stages.started();
    clock.observe(eventAtUs, receivedAtUs);
    if (quoted) stages.onQuote();
    if (quoted) stages.onQuote();
    stages.finished({ eventAtUs, clock }, receivedAtUs, receivedAtUs + 60);
  });
  return { ...latencies.recent(START_US), unknown: latencies.of('exchange-to-received').total().unknown };
}

test.each([0, 7 * HOUR_US, -7 * HOUR_US])('the way from the venue is told beyond the fastest, however far its clock is ahead (%d µs)', (aheadUs) => {
  expect(told(aheadUs, [10_000, 10_040, 10_000])).toEqual({
    'exchange-to-received': { p50: 0, p99: 40, count: 3 }, 'received-to-quote': { p50: 60, p99: 60, count: 3 }, unknown: 0,
  });
});

test('of a venue that tells no time the way is unknown and not 0', () => {
  expect(told(0, [null, null])).toEqual({ 'received-to-quote': { p50: 60, p99: 60, count: 2 }, unknown: 2 });
});

test('a frame that led to no quote has no latency', () => {
  expect(told(0, [10, 20], false)).toEqual({ unknown: 0 });
});
