import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defaultScenario } from '@parallax/market-model';
import { DEFAULT_THRESHOLDS, MonitoringCore, SERVICE_ALERTS, VENUE_ALERTS } from '@parallax/monitoring';
import { counterOf, STAGES, type Alert, type Row, type RefusalCode, type ServiceHealth, type StageName, type VenueHealth } from '@parallax/types';
import { decodeJson, fillSchema, marketPattern, patterns, refusedSchema, RowReader, serviceHealthSchema, venueHealthSchema } from '@parallax/wire';
import { VirtualHouse } from './support/virtual-house.js';

const MINUTES = [1, 2, 3, 4, 5];
/** Of a paper account that is used up, or one-sided: what a newcomer must not meet instead of fills. */
const USED_UP: readonly RefusalCode[] = ['BALANCE_INSUFFICIENT', 'POSITION_LIMIT', 'VENUE_EXPOSURE_LIMIT'];

const codes = new Map<string, number>();
const details = new Set<string>();
const venues = new Set<string>();
let fills = 0;
/** The last word of each. */
const services = new Map<string, ServiceHealth>();
const heardVenues = new Map<string, VenueHealth>();
/** What each service told last of each stage. */
const measured = new Map<string, ServiceHealth['latencies']>();
let quote: Row;
let house: VirtualHouse;

beforeAll(async () => {
  house = await VirtualHouse.open({}, defaultScenario);
  const bus = house.listen();
  bus.subscribe(patterns.fills, ({ bytes }) => {
    fills++;
    venues.add(decodeJson(fillSchema, bytes).venue);
  });
  bus.subscribe(patterns.refused, ({ bytes }) => {
    for (const { code, detail } of decodeJson(refusedSchema, bytes).refusals) {
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (code === 'RISK_STATE_UNKNOWN') details.add(detail);
    }
  });
  bus.subscribe(patterns.serviceHealth, ({ bytes }) => {
    const health = decodeJson(serviceHealthSchema, bytes);
    services.set(health.service, health);
    measured.set(health.service, { ...measured.get(health.service), ...health.latencies });
  });
  bus.subscribe(patterns.venueHealth, ({ bytes }) => {
    const health = decodeJson(venueHealthSchema, bytes);
    heardVenues.set(health.venue, health);
  });
  const reader = new RowReader();
  bus.subscribe(marketPattern('quote'), ({ bytes }) => void (quote = reader.market(bytes, 'quote').slice()), { whenSlow: 'newest' });
});
afterAll(async () => house.close());

test('nothing is traded before half a minute of the market is known, and risk says that this is why', async () => {
  await house.pass(25);
  expect([fills, [...codes.keys()]]).toEqual([0, ['RISK_STATE_UNKNOWN']]);
  expect(details.size).toBeGreaterThan(0);
  for (const detail of details) expect(detail).toMatch(/^leg \d: no regime of \S+ was heard$/);
  codes.clear();
  await house.pass(10);
});

test.each(MINUTES)('the house as `npm start` starts it fills orders in minute %d of its market', async () => {
  fills = 0;
  await house.pass(60);
  expect(fills).toBeGreaterThan(0);
});

test('they are filled at several venues, nothing is refused because the paper account is used up; what the market does is', () => {
  expect([...venues].toSorted()).toEqual(expect.arrayContaining(['binance', 'okx']));
  expect(USED_UP.filter((code) => codes.has(code))).toEqual([]);
  expect(codes.size).toBeGreaterThan(0);
  process.stderr.write(`default market: ${JSON.stringify([...codes])}, ${[...venues].join()}\n`);
});

test('every stage is measured by each service that it is declared of, and by no other', () => {
  const expected = new Map<string, string[]>();
  for (const [stage, { services: by }] of Object.entries(STAGES)) {
    // The gateway is not in this house.
    for (const service of by.filter((name) => name !== 'gateway')) expected.set(service, [...(expected.get(service) ?? []), stage].toSorted());
  }
  expect(Object.fromEntries([...measured].map(([service, latencies]) => [service, Object.keys(latencies).toSorted()]))).toEqual(Object.fromEntries(expected));
  // In virtual time a way through several services takes as long as the steps that it is in; the venue's answer as the paper venue models it.
  for (const latencies of measured.values()) for (const { p50, p99, count } of Object.values(latencies)) expect([p50 >= 0, p99 >= p50, count > 0]).toEqual([true, true, true]);
  expect(measured.get('execution')!['order-to-answer']!.p50).toBeGreaterThanOrEqual(10_000);
});

test('every number that a service tells is declared with its meaning, and none of their handlers failed', () => {
  const undeclared = [...services.values()].flatMap(({ service, counters }) =>
    Object.keys(counters).filter((name) => counterOf(name) === undefined).map((name) => `${service}: ${name}`));
  expect(undeclared).toEqual([]);
  for (const { service, counters } of services.values()) expect([service, counters.handlersFailed]).toEqual([service, 0]);
});

test('what the services of a running house tell is enough to raise each alert of monitoring, where its bounds are below it', () => {
  const alerts: Alert[] = [];
  const latencyP99Us = Object.fromEntries(Object.keys(STAGES).map((stage) => [stage, -1])) as Record<StageName, number>;
  const strict = { ...DEFAULT_THRESHOLDS, latencyP99Us, errorsPerSecond: -1, clockOffsetUs: -1, serviceClockUs: -1, trustedShare: 1.1, expectedServices: ['simulator' as const] };
  const startUs = house.nowUs();
  const core = new MonitoringCore(strict, startUs, (alert) => void alerts.push(alert));
  let nowUs = startUs;
  const second = (): void => {
    nowUs += 1_000_000;
    core.onWake(nowUs);
  };
  core.onQuote([...heardVenues.keys()][0], quote, nowUs);
  for (let i = 0; i < 5; i++) {
    for (const [name, health] of services) core.onService({ ...health, latencies: measured.get(name)!, atUs: nowUs, ready: i < 4 }, nowUs);
    for (const health of heardVenues.values()) core.onVenue({ ...health, connected: i < 4 }, nowUs);
    second();
  }
  for (let i = 0; i < 60; i++) second();
  const raised = (of: string): string[] => [...new Set(alerts.filter(({ subject, resolved }) => subject.startsWith(of) && !resolved).map(({ id, subject, sinceUs }) =>
    id.slice(subject.length + 1, -1 - String(sinceUs).length)))].toSorted();
  expect(raised('service.')).toEqual([...SERVICE_ALERTS].toSorted());
  expect(raised('venue.')).toEqual([...VENUE_ALERTS].toSorted());
});
