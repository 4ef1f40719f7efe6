import { beforeEach, expect, test } from '@jest/globals';
import type { ServiceHealth, ServiceName } from '@parallax/types';
import { GatewayCore } from '../core/gateway-core.js';
import { Readiness } from './readiness.js';

const START = 1_760_000_000_000_000;
const SECOND = 1_000_000;
let nowUs: number;
let core: GatewayCore;

const say = (instance: string, more: Partial<ServiceHealth> = {}): void => {
  core.onService({ service: 'normalisation', instance, ready: true, missing: [], startedAtUs: START, atUs: nowUs, counters: {}, latencies: {}, ...more }, nowUs);
};
/** What is missing of one service, and who of it is shown. */
const of = (service: ServiceName): [string[], string[]] => {
  const missing = new Readiness(core, { nowUs: () => nowUs }, []).missing().filter((text) => text.includes(service));
  return [missing, core.collections.service.values().filter((one) => one.service === service).map(({ instance }) => instance)];
};
const pass = (seconds: number, each: () => void): void => {
  for (let i = 0; i < seconds; i++) {
    nowUs += SECOND;
    each();
  }
};

beforeEach(() => {
  nowUs = START;
  core = new GatewayCore();
});

test('an instance that was killed is missed until another does its work, and the gateway is ready again whichever started first', () => {
  say('elder', { ready: false, missing: ['x'] });
  say('younger', { startedAtUs: START + SECOND });
  pass(7, () => say('elder', { ready: false, missing: ['x'] }));
  expect(of('normalisation')).toEqual([['normalisation is not ready: x', 'normalisation has been silent for 7 s'], ['elder', 'younger']]);
  say('elder');
  expect(of('normalisation')).toEqual([[], ['elder']]);
  say('elder', { ended: true });
  expect(of('normalisation')[1]).toEqual([]);
});

test('where the clock was set back before the next one started, the one that died is not missed for the whole step', () => {
  say('died');
  const backUs = 3_600 * SECOND;
  pass(7, () => say('next', { startedAtUs: nowUs - backUs - SECOND, atUs: nowUs - backUs }));
  // Its own clock is told as it is.
  expect(of('normalisation')).toEqual([['normalisation has been silent for 3600 s'], ['next']]);
});

test('an ingestion of whose venues one is fed by nobody else is missed', () => {
  const feed = (instance: string, ...venues: string[]): void => {
    say(instance, { service: 'ingestion' });
    for (const venue of venues) core.onFeed({ venue, instance, connections: 1, open: 1, wanted: 1, missing: [], atUs: nowUs }, nowUs);
  };
  feed('elder', 'okx');
  feed('younger', 'okx', 'kraken');
  pass(7, () => feed('elder', 'okx'));
  expect(of('ingestion')[0]).toEqual(['ingestion has been silent for 7 s']);
  feed('elder', 'okx', 'kraken');
  expect(of('ingestion')).toEqual([[], ['elder']]);
});
