import { expect, test } from '@jest/globals';
import { whyNotReady, type ServiceHealth } from './health.js';

const health = (instance: string, startedAtUs: number, atUs: number, service: ServiceHealth['service'] = 'risk'): ServiceHealth => ({
  service, instance, startedAtUs, atUs, ready: true, missing: [], counters: {}, latencies: {},
});

test('who does not act says what it lacks, or that it waits for the lease alone', () => {
  const standBy: ServiceHealth = { ...health('b', 0, 10), ready: false, standsBy: true };
  const rebuilding = { ...standBy, missing: ['its state is not rebuilt yet'] };
  const degraded = { ...health('a', 0, 10), degraded: ['a book is not trusted'] };
  expect([standBy, rebuilding, degraded].map(whyNotReady)).toEqual([['it stands by, and waits for the lease'], ['its state is not rebuilt yet'], []]);
});
