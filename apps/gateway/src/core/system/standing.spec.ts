import { expect, test } from '@jest/globals';
import type { ServiceHealth, ServiceName } from '@parallax/types';
import { standingOf } from './standing.js';

const NOW = 1_760_000_000_000_000;
const SECOND = 1_000_000;
const health = (more: Partial<ServiceHealth> = {}): ServiceHealth => ({
  service: 'risk', instance: 'one', ready: true, missing: [], startedAtUs: NOW - 60 * SECOND, atUs: NOW - SECOND, counters: {}, latencies: {}, ...more,
});
const of = (services: readonly ServiceHealth[], ended: readonly [ServiceName, number][] = []): unknown =>
  standingOf('risk', { services, endedAtUs: new Map(ended) }, NOW);
const acts = { is: 'acts', why: '', sinceUs: null };
const standBy = health({ instance: 'two', ready: false, standsBy: true, missing: ['another instance judges'] });

test('one instance that is ready, heard and no stand-by acts, whatever the others are', () => {
  expect(of([health()])).toEqual(acts);
  expect(of([standBy, health(), health({ instance: 'three', ready: false, missing: ['this'] })])).toEqual(acts);
  expect(of([health({ instance: 'old', atUs: NOW - 9 * SECOND }), health()])).toEqual(acts);
  expect(of([health({ service: 'regime' })])).toMatchObject({ is: 'unheard' });
});

test('what an instance says keeps it from acting is told in its words', () => {
  expect(of([health({ ready: false, missing: ['the lease cannot be renewed', 'no instrument'] })])).toEqual(
    { is: 'cannot', why: 'risk is not ready: the lease cannot be renewed, no instrument', sinceUs: null });
  expect(of([standBy])).toEqual({ is: 'cannot', why: 'no instance of risk acts: another instance judges', sinceUs: null });
  // A stand-by that counts as ready to take over acts as little.
  expect(of([{ ...standBy, ready: true, missing: [] }])).toMatchObject({ is: 'cannot', why: 'no instance of risk acts: it stands by, and waits for the lease' });
  expect(of([standBy, health({ ready: false, missing: ['this'] })])).toMatchObject({ why: 'risk is not ready: this' });
  const trouble = { key: 'state-unknown', severity: 'critical', summary: 'risk approves nothing: a fill cannot be read' } as const;
  expect(of([health({ troubles: [trouble] })])).toEqual(acts);
  expect(of([health({ troubles: [{ ...trouble, stopsTrading: true }] })])).toEqual({ is: 'cannot', why: trouble.summary, sinceUs: null });
  const door = { ...trouble, key: 'door.okx', summary: 'no new plan with a leg at okx begins', stopsTrading: 'part' } as const;
  expect(of([health({ troubles: [trouble, door] })])).toEqual({ ...acts, parts: [door] });
  expect(of([health({ troubles: [{ ...trouble, stopsTrading: true }, door] })])).toMatchObject({ is: 'cannot', why: trouble.summary });
});

test('who is silent, was never heard, or whose clock is ahead, is not known to act; who ended does not', () => {
  const silent = health({ atUs: NOW - 5 * SECOND - 1 });
  expect(of([health({ atUs: NOW - 5 * SECOND })])).toEqual(acts);
  expect(of([silent, health({ instance: 'two', atUs: NOW - 20 * SECOND })])).toEqual({ is: 'unheard', why: 'risk is silent', sinceUs: silent.atUs });
  expect(of([health({ atUs: NOW + 250_001 })])).toMatchObject({ is: 'unheard', why: expect.stringContaining('clock of risk is ahead') });
  expect(of([])).toEqual({ is: 'unheard', why: 'risk has not been heard', sinceUs: null });
  expect(of([], [['risk', NOW - 3]])).toEqual({ is: 'cannot', why: 'risk has ended, and there is no other', sinceUs: NOW - 3 });
  expect(of([silent], [['risk', NOW - 3]])).toMatchObject({ is: 'unheard' });
});
