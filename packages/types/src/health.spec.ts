import { expect, test } from '@jest/globals';
import { isCovered, SERVICE_SILENT_US, succeeds, takesPlaceOf, whyNotReady, type ServiceHealth } from './health.js';

const START = 1_760_000_000_000_000;
const health = (instance: string, startedAtUs: number, atUs: number, service: ServiceHealth['service'] = 'risk'): ServiceHealth => ({
  service, instance, startedAtUs, atUs, ready: true, missing: [], counters: {}, latencies: {},
});

test('a successor is of the same service, started after the last word of the other, and finds it silent', () => {
  const gone = health('a', START, START + 100);
  const laterUs = gone.atUs + SERVICE_SILENT_US + 1;
  expect(succeeds(health('b', gone.atUs + 1, laterUs), gone)).toBe(true);
  expect(succeeds(health('b', gone.atUs + 1, laterUs - 1), gone)).toBe(false);
  expect(succeeds(health('b', gone.atUs, laterUs), gone)).toBe(false);
  expect(succeeds(health('b', gone.atUs + 1, laterUs, 'execution'), gone)).toBe(false);
  expect(succeeds({ ...gone, atUs: laterUs }, gone)).toBe(false);
});

test('a stand-by that acts since after the last word of another does its work, whenever it started', () => {
  const gone = health('a', START, START + 100);
  const acting = (sinceUs: number): ServiceHealth => ({ ...health('b', START - 5, gone.atUs + SERVICE_SILENT_US + 1), actsSinceUs: sinceUs });
  expect(succeeds(acting(gone.atUs + 1), gone)).toBe(true);
  expect(succeeds(acting(gone.atUs), gone)).toBe(false);
  expect(takesPlaceOf({ ...acting(gone.atUs + 1), atUs: gone.atUs + 2 }, gone)).toBe(true);
  expect(takesPlaceOf({ ...acting(gone.atUs + 1), service: 'execution' }, gone)).toBe(false);
  expect(takesPlaceOf(health('b', START - 5, gone.atUs + 2), gone)).toBe(false);
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
