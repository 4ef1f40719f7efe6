import { beforeEach, expect, test } from '@jest/globals';
import { SERVICE_SILENT_US, type ServiceHealth } from './health.js';
import { ServicePresence } from './service-presence.js';

const START = 1_760_000_000_000_000;
const LONG = SERVICE_SILENT_US + 1;
let presence: ServicePresence;

const health = (instance: string, more: Partial<ServiceHealth> = {}): ServiceHealth => ({
  service: 'risk', instance, startedAtUs: START, atUs: START, ready: true, missing: [], counters: {}, latencies: {}, ...more,
});
const covered = (nowUs: number): string[] => presence.covered(nowUs).map(({ instance }) => instance);

beforeEach(() => {
  presence = new ServicePresence();
  presence.onHealth(health('gone'), START);
});

test('who is silent is covered by one that is heard and ready, or acts, whatever their clocks say', () => {
  const waits = { ready: false, standsBy: true } as const;
  presence.onHealth(health('a', waits), START);
  presence.onHealth(health('b', { ready: false }), START);
  presence.onHealth(health('gone'), START);
  for (const one of [health('a', waits), health('b', { ready: false })]) presence.onHealth(one, START + LONG);
  expect(covered(START + LONG)).toEqual([]);
  presence.onHealth(health('a', { ready: false, actsSinceUs: 1, atUs: 1 }), START + LONG);
  expect(covered(START + LONG)).toEqual(['gone']);
  presence.onHealth(health('a', waits), START + LONG);
  presence.onHealth(health('b', { atUs: 1 }), START + LONG);
  expect(covered(START + LONG)).toEqual(['gone']);
  // Nobody is covered by one that is not heard either, nor before it is silent.
  expect(covered(START + 2 * LONG)).toEqual([]);
  presence.onHealth(health('b'), START + 2 * LONG);
  presence.onHealth(health('gone'), START + 2 * LONG);
  expect(covered(START + 2 * LONG)).toEqual(['a']);
});

test('one that came after its last word covers it before it is ready; one of another service never does', () => {
  presence.onHealth(health('x', { service: 'execution' }), START + LONG);
  expect(covered(START + LONG)).toEqual([]);
  presence.onHealth(health('next', { ready: false, startedAtUs: START - 1 }), START + LONG);
  expect(covered(START + LONG)).toEqual(['gone']);
});

test('silence is known of those that were heard', () => {
  expect(presence.silentForUs(health('gone', { atUs: START + 9 }), START + 3)).toBe(3);
  expect(presence.silentForUs(health('never heard'), START)).toBeNull();
});

test('an ingestion whose venues are not known is covered by one that came after it alone', () => {
  const ingestion = (instance: string): ServiceHealth => health(instance, { service: 'ingestion' });
  presence = new ServicePresence();
  presence.onHealth(ingestion('elder'), START);
  presence.onHealth(ingestion('gone'), START);
  presence.onHealth(ingestion('elder'), START + LONG);
  presence.onFeed({ venue: 'okx', instance: 'elder' }, START + LONG);
  expect(covered(START + LONG)).toEqual([]);
  presence.onHealth(ingestion('next'), START + LONG);
  expect(covered(START + LONG)).toEqual(['gone']);
});

test('a stand-by is in order while one that acts is heard, ready or not, and while it lacks nothing itself', () => {
  const standBy = health('b', { ready: false, standsBy: true });
  const inOrder = (one = standBy, nowUs = START): boolean => presence.standsByInOrder(one, nowUs);
  expect(inOrder()).toBe(true);
  presence.onHealth(health('gone', { ready: false, missing: ['x'], actsSinceUs: START, atUs: START + 9 * LONG }), START);
  expect([inOrder(), inOrder(standBy, START + LONG)]).toEqual([true, false]);
  expect(inOrder({ ...standBy, missing: ['its lease cannot be taken'] })).toBe(false);
  expect(inOrder({ ...standBy, service: 'execution' })).toBe(false);
  expect(inOrder({ ...standBy, standsBy: undefined })).toBe(false);
  presence.onHealth(health('gone', { ready: false, standsBy: true }), START);
  expect(inOrder()).toBe(false);
});
