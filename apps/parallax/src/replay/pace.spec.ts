import { expect, test } from '@jest/globals';
import { VirtualTime } from '@parallax/simulation';
import { paced } from './pace.js';

const SECOND_US = 1_000_000;
const START_US = 1_700_000_000 * SECOND_US;

/** Ten seconds of events in steps of 20 ms, each of which costs the machine `costUs`; returns when each step was let through. */
async function play(speed: number, costUs: (step: number) => number): Promise<{ eventUs: number; passedUs: number }[]> {
  const time = new VirtualTime(START_US);
  const pace = paced(speed, time, time, new AbortController().signal);
  const steps: { eventUs: number; passedUs: number }[] = [];
  for (let step = 0; step <= 500; step++) {
    const eventUs = step * 20_000;
    time.advanceTo(time.nowUs() + costUs(step));
    // Nothing but the wait itself moves time: its alarm rings in the first millisecond that it is due.
    const through = { now: false };
    void pace(eventUs).then(() => (through.now = true));
    for (let ms = 0; ms < 60_000; ms++) {
      await Promise.resolve();
      await Promise.resolve();
      if (through.now) break;
      time.advanceTo(time.nowUs() + 1_000);
    }
    steps.push({ eventUs, passedUs: time.nowUs() - START_US - costUs(0) });
  }
  return steps;
}

test.each([1, 10, 0.5])('at speed %d events come when they are due, to two milliseconds', async (speed) => {
  for (const { eventUs, passedUs } of await play(speed, () => 100)) expect(Math.abs(passedUs - eventUs / speed)).toBeLessThanOrEqual(2_000);
});

test('what a slow spell cost is caught up with, and never overtaken', async () => {
  const steps = await play(10, (step) => (step === 100 ? 200_000 : 100));
  for (const { eventUs, passedUs } of steps) expect(passedUs).toBeGreaterThanOrEqual(eventUs / 10 - 1_000);
  expect(steps[100].passedUs).toBeGreaterThan(390_000);
  expect(steps[500].passedUs).toBeLessThanOrEqual(1_002_000);
});

test('Ctrl-C ends the wait', async () => {
  const time = new VirtualTime(START_US);
  const end = new AbortController();
  const pace = paced(1, time, time, end.signal);
  await pace(0);
  const due = pace(60 * SECOND_US);
  end.abort();
  await due;
  expect(time.nowUs()).toBe(START_US);
});
