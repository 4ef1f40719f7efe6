import { expect, test } from '@jest/globals';
import { isCovered, SERVICE_SILENT_US, whyNotReady, type ServiceHealth } from './health.js';

const health = (instance: string, startedAtUs: number, atUs: number, service: ServiceHealth['service'] = 'risk'): ServiceHealth => ({
  service, instance, startedAtUs, atUs, ready: true, missing: [], counters: {}, latencies: {},
});

test('who does not act says what it lacks, or that it waits for the lease alone', () => {
  const standBy: ServiceHealth = { ...health('b', 0, 10), ready: false, standsBy: true };
  const rebuilding = { ...standBy, missing: ['its state is not rebuilt yet'] };
  const degraded = { ...health('a', 0, 10), degraded: ['a book is not trusted'] };
  expect([standBy, rebuilding, degraded].map(whyNotReady)).toEqual([['it stands by, and waits for the lease'], ['its state is not rebuilt yet'], []]);
});

test('a stand-by is covered by a ready instance of its service that is heard, and nobody else is', () => {
  const standBy: ServiceHealth = { ...health('b', 0, 10), ready: false, standsBy: true };
  const acting = health('a', 0, 10);
  expect(isCovered(standBy, [standBy, acting], 10)).toBe(true);
  expect(isCovered(standBy, [standBy], 10)).toBe(false);
  expect(isCovered(standBy, [acting], 11 + SERVICE_SILENT_US)).toBe(false);
  expect(isCovered(standBy, [{ ...acting, atUs: 11 + SERVICE_SILENT_US }], 10)).toBe(false);
  expect(isCovered(standBy, [{ ...acting, ready: false }], 10)).toBe(false);
  expect(isCovered(standBy, [{ ...acting, service: 'execution' }], 10)).toBe(false);
  expect(isCovered({ ...standBy, standsBy: undefined }, [acting], 10)).toBe(false);
});
