import { expect, test } from '@jest/globals';
import type { ServiceHealth } from '@parallax/types';
import { answerWord, type WordSources } from './gateway-answers.js';

const health = { service: 'gateway', instance: 'g', ready: true, missing: [], startedAtUs: 1, atUs: 2, counters: {}, latencies: {} } satisfies ServiceHealth;

test('a probe makes no metrics, and metrics that cannot be made are told as none and logged', async () => {
  const logged: unknown[] = [];
  let made = 0;
  const sources: WordSources = {
    health: () => health,
    metrics: () => {
      made++;
      throw new Error('a gauge failed');
    },
  };
  const log = { error: (message: string, fields?: object) => void logged.push([message, fields]) };
  expect([await answerWord('health', sources, log), made, logged]).toEqual([{ is: 'health', word: health }, 0, []]);
  expect(await answerWord('metrics', sources, log)).toEqual({ is: 'metrics', word: null });
  expect([made, logged]).toEqual([1, [['the gateway cannot say its metrics', { error: 'Error: a gauge failed' }]]]);
});
