import { expect, test } from '@jest/globals';
import { createLog } from '@parallax/telemetry';
import type { Timers } from '@parallax/types';
import { HostWatch } from '../src/index.js';

test('the log tells of every fault of a handler, however fast they come', () => {
  const lines: { repeated?: number }[] = [];
  let nowUs = 0;
  const waiting = new Map<object, { atUs: number; callback: () => void }>();
  const clock = { nowUs: () => nowUs };
  const timers: Timers = {
    after: (delayMs, callback) => {
      const one = { atUs: nowUs + delayMs * 1_000, callback };
      waiting.set(one, one);
      return () => void waiting.delete(one);
    },
  };
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as { repeated?: number }) };
  const log = createLog({ service: 'risk', instance: 'one', destination, pace: { clock, timers } });
  const watch = new HostWatch('risk', clock, log, true);
  const fault = new Error('the book is half done');
  for (let number = 0; number < 6_100; number++) {
    nowUs += 10_000;
    for (const one of [...waiting.values()].filter(({ atUs }) => atUs <= nowUs)) {
      waiting.delete(one);
      one.callback();
    }
    watch.failed(fault, 'exec.fill');
  }
  log.flush();
  expect(lines.map(({ repeated }) => repeated)).toEqual([undefined, expect.any(Number), expect.any(Number)]);
  expect(lines.reduce((sum, { repeated = 1 }) => sum + repeated, 0)).toBe(6_100);
  expect(watch.counters).toMatchObject({ handlersFailed: 6_100 });
});
