import { expect, test } from '@jest/globals';
import { SERVICE_SILENT_US, succeeds, type ServiceHealth } from './health.js';

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
