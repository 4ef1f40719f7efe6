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
  const missing = new Readiness(core, { nowUs: () => nowUs }, []).missing().filter((text) => (text.startsWith(service) && !text.includes('sign of life')) || text.includes(`clock of ${service}`));
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
  expect(of('normalisation')).toEqual([["the clock of normalisation is 3600.0 s behind the gateway's: how old its word is cannot be told"], ['next']]);
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

test('a stand-by is not missing where the one that acts is not ready, and that one is', () => {
  const standBy = (): void => say('waits', { service: 'execution', ready: false, standsBy: true });
  pass(2, () => (say('acts', { service: 'execution', ready: false, missing: ['risk is silent'], actsSinceUs: START }), standBy()));
  expect(of('execution')[0]).toEqual(['execution is not ready: risk is silent']);
  pass(7, standBy);
  expect(of('execution')[0].toSorted()).toEqual(['execution has been silent for 7 s', 'execution is not ready: it stands by, and waits for the lease']);
});

test('after a take-over nobody is missed at any moment, though the clock of the one that died was behind', () => {
  say('died', { service: 'risk', actsSinceUs: START, atUs: nowUs - 200_000 });
  say('takes over', { service: 'risk', ready: false, standsBy: true });
  const missed: unknown[] = [];
  for (let tenth = 1; tenth <= 100; tenth++) {
    nowUs += SECOND / 10;
    if (tenth % 10 === 0) say('takes over', { service: 'risk', actsSinceUs: START + SECOND });
    if (of('risk')[0].length > 0) missed.push([tenth, of('risk')[0]]);
  }
  expect([missed, of('risk')[1]]).toEqual([[], ['takes over']]);
});

/** What is missing of the market is another test's. */
const OF_MARKET = /sign of life|no book|no trusted quote|regime of no market/;

test('cut off from the bus nothing is known of the others, and who is not heard afterwards is told as such', () => {
  const missing = (): string[] => new Readiness(core, { nowUs: () => nowUs }, ['risk', 'execution']).missing().filter((text) => !OF_MARKET.test(text));
  core.onHistory(true, nowUs);
  pass(2, () => (say('n'), say('r', { service: 'risk' }), say('e', { service: 'execution' })));
  expect(missing()).toEqual([]);
  core.onBus(false, nowUs);
  pass(12, () => {});
  expect(missing()).toEqual(['the bus is not connected, for 12 s now: how the others are is not known']);
  core.onBus(true, nowUs);
  pass(1, () => (say('n'), say('r', { service: 'risk' })));
  expect(missing()).toEqual(['execution has not been heard since the bus came back']);
  pass(1, () => (say('n'), say('r', { service: 'risk' }), say('e', { service: 'execution' })));
  expect(missing()).toEqual([]);
  pass(7, () => (say('n'), say('r', { service: 'risk' })));
  expect(missing()).toEqual(['execution has been silent for 7 s']);
});

test('as long as no regime, trusted book or sign of life of risk is known, that is missing, though every service is ready', () => {
  const missing = (): string[] => new Readiness(core, { nowUs: () => nowUs }, []).missing();
  const services = (): void => {
    say('n');
    say('r', { service: 'risk' });
  };
  core.onHistory(true, nowUs);
  pass(2, services);
  expect(missing()).toEqual([
    'risk gives no sign of life', 'no book is trusted', 'the regime of no market is known, so that risk allows nothing new',
  ]);
  core.onRiskAlive({ epoch: 1, instance: 'r', atUs: nowUs, limitDifferences: [] });
  core.onStandingRegime({
    venue: 'okx', symbol: 'BTC/USDT', base: 'BTC', horizon: '1m', regime: 'NORMAL', previous: null, confidence: 1, strength: 0, enteredAtUs: nowUs, durationUs: 0, atUs: nowUs,
    origin: { venue: 'okx', connection: 1, frame: 1, receivedAtUs: nowUs },
  }, nowUs);
  expect(missing()).toEqual(['no book is trusted']);
});
