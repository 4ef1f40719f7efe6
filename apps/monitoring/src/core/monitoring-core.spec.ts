import { beforeEach, expect, test } from '@jest/globals';
import { Quote, QUOTE_COLUMNS, type Alert, type ServiceHealth, type VenueHealth } from '@parallax/types';
import { MonitoringCore } from './monitoring-core.js';
import { CounterRate } from './rate.js';
import { DEFAULT_THRESHOLDS } from './thresholds.js';

const START = 1_760_000_000_000_000;
const SECOND = 1_000_000;
let core: MonitoringCore;
let alerts: Alert[];
let now: number;

const service = (more: Partial<ServiceHealth> = {}): ServiceHealth => ({
  service: 'risk', instance: 'r1', ready: true, missing: [], startedAtUs: START, atUs: now, counters: {}, latencies: {}, ...more,
});
const venue = (more: Partial<VenueHealth> = {}): VenueHealth => ({
  venue: 'okx', connected: true, connections: 1, lastFrameAtUs: now, framesPerSecond: 10, reconnects: 0, deadLetters: 0,
  clockOffsetUs: 0, symbols: [], atUs: now, ...more,
});
const symbol = (trust: string): VenueHealth['symbols'][number] => ({
  symbol: 'BTC/USDT', trust, cause: 'gap', changedAtUs: now, provenAtUs: now, gaps: 0, resyncs: 0, checksumsChecked: 0,
  checksumsFailed: 0, crossed: 0,
});
/** Lets seconds pass; `each` reports before every wake. */
const pass = (seconds: number, each: () => void = () => {}): void => {
  for (let i = 0; i < seconds; i++) {
    now += SECOND;
    each();
    if (core.wakeAtUs <= now) core.onWake(now);
  }
};
const said = (): string[] => alerts.map(({ severity, resolved, subject, summary }) => `${resolved ? 'over' : severity} ${subject}: ${summary}`);

beforeEach(() => {
  alerts = [];
  now = START;
  core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: [] }, START, (alert) => void alerts.push(alert));
});

test('a service that falls silent is told once, and once more when it speaks again', () => {
  pass(10, () => core.onService(service(), now));
  expect(said()).toEqual([]);
  pass(20);
  expect(said()).toEqual(['critical service.risk.r1: risk is silent']);
  pass(3, () => core.onService(service(), now));
  expect(said().slice(1)).toEqual(['over service.risk.r1: risk speaks again']);
  expect(alerts[1].id).toBe(alerts[0].id);
  expect(core.openAlerts).toEqual([]);
});

test('what a service itself says stands wrong is an alert as long as it says so, and while it is silent', () => {
  const troubles = [{ key: 'epoch-refused.okx', severity: 'critical' as const, summary: 'okx refuses every order' }];
  pass(2, () => core.onService(service({ troubles }), now));
  expect(said()).toEqual(['critical service.risk.r1: okx refuses every order']);
  pass(10);
  expect(core.openAlerts).toHaveLength(2);
  pass(2, () => core.onService(service(), now));
  expect(said().slice(1)).toEqual(expect.arrayContaining(['over service.risk.r1: it stands no more: okx refuses every order']));
  expect(core.openAlerts).toEqual([]);
});

test('a service whose clock is away from those of the others is told with them and the distance, until it agrees', () => {
  const all = (aheadUs: number): void => {
    for (const name of ['monitoring', 'execution', 'regime'] as const) core.onService(service({ service: name, instance: 'i' }), now);
    core.onService(service({ atUs: now + aheadUs }), now);
  };
  pass(5, () => all(3_600 * SECOND));
  expect(said()).toEqual([expect.stringMatching(
    /^critical service\.risk\.r1: the clock of risk \(r1\) is 3600\.0 s ahead of those of others, among them monitoring:i, execution:i, regime:i: .*NTP/,
  )]);
  pass(12, () => all(0));
  expect(said().slice(1)).toEqual(['over service.risk.r1: the clock of risk agrees with those of the others']);
  expect(core.openAlerts).toEqual([]);
});

test('an instance that is gone is missed until another that came after it is heard, though that does not work yet', () => {
  pass(3, () => core.onService(service(), now));
  pass(10);
  expect(said()).toEqual(['critical service.risk.r1: risk is silent']);
  const starting = (): void => core.onService(service({ instance: 'r2', startedAtUs: now, ready: false, missing: ['x'] }), now);
  pass(2, starting);
  expect(said().slice(1)).toEqual(['over service.risk.r1: another instance of risk does its work', 'warning service.risk.r2: risk is not ready: x']);
  expect(core.serviceReports(now).map(({ instance }) => instance)).toEqual(['r2']);
});

test('of an instance that was killed nothing stands where an elder one does the same work, neither its silence nor its troubles', () => {
  const troubles = [{ key: 'two-writers.normalisation.okx', severity: 'critical' as const, summary: 'two write okx' }];
  const elder = (more: Partial<ServiceHealth> = {}): void => core.onService(service({ service: 'normalisation', instance: 'elder', ...more }), now);
  pass(3, () => elder());
  const startedAtUs = now;
  pass(3, () => (elder({ troubles }), core.onService(service({ service: 'normalisation', instance: 'younger', startedAtUs, troubles }), now)));
  expect(core.openAlerts).toHaveLength(2);
  pass(10, () => elder());
  expect(core.openAlerts).toEqual([]);
  expect(said().at(-1)).toBe('over service.normalisation.younger: another instance of normalisation does its work');
  expect(said().filter((line) => line.includes('silent'))).toEqual([]);
  expect(core.serviceReports(now).map(({ instance }) => instance)).toEqual(['elder']);
});

test('what was killed is missed where the one beside it does not work itself', () => {
  const beside = (): void => core.onService(service({ instance: 'r2', ready: false, missing: ['x'] }), now);
  pass(3, () => (core.onService(service(), now), beside()));
  pass(10, beside);
  expect(said()).toContain('critical service.risk.r1: risk is silent');
  expect(core.openAlerts).toHaveLength(2);
});

test('an ingestion that was killed is missed as long as one of its venues is fed by nobody else', () => {
  const ingestion = (instance: string, ...venues: string[]): void => {
    core.onService(service({ service: 'ingestion', instance }), now);
    for (const fed of venues) core.onFeed({ venue: fed, instance }, now);
  };
  pass(3, () => (ingestion('elder', 'okx'), ingestion('younger', 'okx', 'kraken')));
  pass(10, () => ingestion('elder', 'okx'));
  expect(said()).toEqual(['critical service.ingestion.younger: ingestion is silent, and nobody else feeds kraken']);
  pass(2, () => ingestion('elder', 'okx', 'kraken'));
  expect(said().slice(1)).toEqual(['over service.ingestion.younger: another instance of ingestion does its work']);
  expect(core.openAlerts).toEqual([]);
});

test('a clock that was set back before the next instance started keeps nothing standing of the one that died', () => {
  pass(3, () => core.onService(service(), now));
  const stepUs = 3_600 * SECOND;
  pass(10, () => core.onService(service({ instance: 'r2', startedAtUs: now - stepUs - SECOND, atUs: now - stepUs }), now));
  expect(core.openAlerts).toEqual([]);
  expect(said().filter((line) => line.includes('silent'))).toEqual([]);
  expect(core.serviceReports(now).map(({ instance, silentUs }) => [instance, silentUs])).toEqual([['r2', 0]]);
});

test('an instance that died is not missed where its stand-by acts, and is where the stand-by only waits', () => {
  let acts: Partial<ServiceHealth> = { ready: false, standsBy: true };
  const standBy = (): void => core.onService(service({ instance: 'r2', ...acts }), now);
  pass(3, () => (core.onService(service({ actsSinceUs: START }), now), standBy()));
  acts = { actsSinceUs: now + 900_000 };
  // Monitoring looks shortly before it hears.
  for (let i = 0; i < 20; i++) {
    core.onWake((now += 900_000));
    now += 100_000;
    standBy();
  }
  expect(said()).toEqual([]);
  expect(core.serviceReports(now).map(({ instance }) => instance)).toEqual(['r2']);
  // A stand-by that dies is missed, if not for ever: the one that acts had done so before, and nobody would take over from it.
  const third = (): void => core.onService(service({ instance: 'r3', ready: false, standsBy: true }), now);
  pass(3, () => (standBy(), third()));
  pass(10, standBy);
  expect(said()).toEqual(['warning service.risk.r3: a stand-by of risk is silent: nobody would take over from the instance that acts']);
  pass(600, standBy);
  expect(said().slice(1)).toEqual(['over service.risk.r3: another instance of risk does its work']);
  expect(core.openAlerts).toEqual([]);
});

test('an alert names some of what a service lacks and how much more, and what stands keeps its newest words', () => {
  const books = Array.from({ length: 300 }, (_, number) => `book ${number}`);
  pass(2, () => core.onService(service({ ready: false, missing: books }), now));
  expect(said()).toEqual(['warning service.risk.r1: risk is not ready: book 0, book 1, book 2, book 3, book 4, and 295 more']);
  pass(2, () => core.onService(service({ ready: false, missing: ['book 7'] }), now));
  expect(said()).toHaveLength(1);
  expect(core.openAlerts).toMatchObject([{ summary: 'risk is not ready: book 7', sinceUs: alerts[0].sinceUs }]);
});

test('a stand-by is no trouble while another instance acts, ready or not; it is once none does, or it could not take over', () => {
  const acting = (more: Partial<ServiceHealth> = {}): void => core.onService(service({ actsSinceUs: START, ...more }), now);
  const standBy = (missing: string[] = []): void => core.onService(service({ instance: 'r2', ready: false, standsBy: true, missing }), now);
  pass(5, () => (acting(), standBy()));
  pass(5, () => (acting({ ready: false, missing: ['x'] }), standBy()));
  expect(said()).toEqual(['warning service.risk.r1: risk is not ready: x']);
  pass(5, () => (acting(), standBy(['its lease cannot be taken'])));
  pass(2, () => (acting(), standBy()));
  expect(said().slice(1)).toEqual([
    'over service.risk.r1: risk is ready', 'warning service.risk.r2: risk is not ready: its lease cannot be taken', 'over service.risk.r2: risk stands by, and another instance acts',
  ]);
  alerts = [];
  pass(5, () => (core.onService(service({ ready: false, standsBy: true }), now), standBy()));
  expect(said().toSorted()).toEqual(['r1', 'r2'].map((name) => `warning service.risk.${name}: risk is not ready: it stands by, and waits for the lease`));
});

test('a take-over raises nothing, whenever monitoring looks, after a death or an end in order', () => {
  for (const ended of [undefined, true] as const) {
    for (let phaseUs = 50_000; phaseUs < SECOND; phaseUs += 100_000) {
      core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: [] }, START, (alert) => void alerts.push(alert));
      let more: Partial<ServiceHealth> = { ready: false, standsBy: true };
      for (let round = 0; round < 20; round++) {
        now = START + round * SECOND;
        if (round < 5) core.onService(service({ service: 'execution', actsSinceUs: START }), now);
        if (round === 5 && ended) core.onService(service({ service: 'execution', ended }), now);
        if (round === 6) more = { ready: false, standsBy: true, missing: ['its state is not rebuilt yet'] };
        if (round === 7) more = { actsSinceUs: now };
        core.onService(service({ service: 'execution', instance: 'e2', ...more }), now);
        core.onWake(now + phaseUs);
      }
      expect([ended, phaseUs, said()]).toEqual([ended, phaseUs, []]);
    }
  }
});

test('who was not ready and falls silent is not told to be ready', () => {
  pass(3, () => core.onService(service({ ready: false, missing: ['x'] }), now));
  pass(10);
  expect(said()).toEqual([
    'warning service.risk.r1: risk is not ready: x', 'critical service.risk.r1: risk is silent', 'over service.risk.r1: risk is silent, so that nobody knows whether it is ready',
  ]);
});

test('an instance that ended in order is not missed, though its service is where none is left', () => {
  core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: ['risk'] }, START, (alert) => void alerts.push(alert));
  pass(10, () => core.onService(service({ ready: false, missing: ['x'] }), now));
  core.onService(service({ ended: true }), now);
  pass(10);
  expect(said()).toEqual([
    'warning service.risk.r1: risk is not ready: x', 'over service.risk.r1: this instance of risk has ended',
    'critical service.risk: risk is not there: not started, or ended',
  ]);
});

test('an expected service that never came is missed', () => {
  core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: ['execution'] }, START, (alert) => void alerts.push(alert));
  pass(4);
  expect(said()).toEqual([]);
  pass(4);
  expect(said()).toEqual(['critical service.execution: execution is not there: not started, or ended']);
  pass(1, () => core.onService(service({ service: 'execution' }), now));
  expect(alerts.at(-1)).toMatchObject({ resolved: true, summary: 'execution is there' });
});

test('every service that trading needs is missed, the paper venue too', () => {
  core = new MonitoringCore(DEFAULT_THRESHOLDS, START, (alert) => void alerts.push(alert));
  pass(7);
  const needed = ['ingestion', 'normalisation', 'regime', 'arbitrage', 'risk', 'execution', 'paper', 'gateway'];
  expect(said()).toEqual(needed.map((name) => `critical service.${name}: ${name} is not there: not started, or ended`));
});

test('what is not ready says why; errors are judged by rate', () => {
  let errors = 0;
  pass(5, () => core.onService(service({ ready: false, missing: ['no limits'], counters: { unreadable: (errors += 2), unstored: (errors += 3), quotes: 1e6 } }), now));
  expect(said()).toEqual([
    'warning service.risk.r1: risk is not ready: no limits',
    'warning service.risk.r1: risk counts 10.0 errors a second',
  ]);
  expect(core.serviceReports(now)[0]).toMatchObject({ ready: false, errorsPerSecond: 10 });
  pass(15, () => core.onService(service({ counters: { unreadable: errors, unstored: errors } }), now));
  expect(said().slice(2)).toEqual(['over service.risk.r1: risk is ready', 'over service.risk.r1: risk has few errors again']);
});

test('a refusal of risk is no error, and neither is a quote that a newer one replaced', () => {
  let count = 0;
  const counters = (): Record<string, number> => ({ refused: (count += 50), refusedHALTED: count, refusedQUOTE_TOO_OLD: count, lost: count, cacheWritten: count });
  pass(15, () => core.onService(service({ counters: counters() }), now));
  expect(core.serviceReports(now)[0].errorsPerSecond).toBe(0);
  expect(said()).toEqual([]);
});

test('a stage that became slow is an alert for as long as its latencies of the last minute are', () => {
  const slow = { 'intent-to-verdict': { p50: 1, p99: 700_000, count: 9 }, 'received-to-taken': { p50: 1, p99: 400, count: 90 } };
  pass(3, () => core.onService(service({ latencies: slow }), now));
  expect(said()).toEqual(['warning service.risk.r1: risk is slow: of 9 intent-to-verdict in the last minute p99 is 700 ms']);
  expect(core.serviceReports(now)[0].latencies).toEqual(slow);
  pass(3, () => core.onService(service({ latencies: { 'intent-to-verdict': { p50: 1, p99: 1_000, count: 9 } } }), now));
  expect(said().slice(1)).toEqual(['over service.risk.r1: risk is fast again: intent-to-verdict']);
  alerts = [];
  pass(1, () => core.onService(service({ latencies: slow }), now));
  pass(3, () => core.onService(service(), now));
  expect(said()[1]).toBe('over service.risk.r1: risk has measured no intent-to-verdict for a minute');
});

test('what nobody has told yet is not known: no figure of a venue is 0 before normalisation spoke of it', () => {
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.receivedAtUs] = now;
  core.onQuote('okx', row, now);
  expect(core.venueReports(now)).toEqual([{
    venue: 'okx', connected: null, silentUs: null, silent: false, stale: false, framesPerSecond: null, errorsPerSecond: null, trustedBooks: null, books: null, quoteAgeUs: 0,
    lagUs: null, clockOffsetUs: null,
  }]);
  core.onVenue(venue({ framesPerSecond: null, clockOffsetUs: null }), now);
  core.onService(service(), now);
  expect(core.venueReports(now)[0]).toMatchObject({ framesPerSecond: null, errorsPerSecond: null, clockOffsetUs: null, connected: true, books: 0 });
  expect(core.serviceReports(now)[0]).toMatchObject({ errorsPerSecond: null, latencies: {} });
});

test('an offset of the clock that is not known any more does not say that the clocks agree', () => {
  pass(2, () => core.onVenue(venue({ clockOffsetUs: 3 * SECOND }), now));
  pass(2, () => core.onVenue(venue({ clockOffsetUs: null }), now));
  expect(said()).toEqual(["warning venue.okx: okx's clock is 3.0 s away from ours"]);
  pass(2, () => core.onVenue(venue(), now));
  expect(said().slice(1)).toEqual(["over venue.okx: okx's clock agrees with ours"]);
});

test('a venue: disconnected, silent, books doubted and growing worse, clock away', () => {
  pass(2, () => core.onVenue(venue({ symbols: [symbol('synced'), symbol('synced')] }), now));
  pass(2, () => core.onVenue(venue({ connected: false, symbols: [symbol('synced'), symbol('stale'), symbol('stale')] }), now));
  expect(said()).toEqual(['critical venue.okx: okx is not connected', 'warning venue.okx: okx: 1 of 3 books are trusted']);
  pass(2, () => core.onVenue(venue({ clockOffsetUs: -2_500_000, symbols: [symbol('stale')] }), now));
  expect(said().slice(2)).toEqual([
    'over venue.okx: okx is connected',
    'critical venue.okx: okx: 0 of 1 books are trusted',
    "warning venue.okx: okx's clock is 2.5 s away from ours",
  ]);
  expect(alerts[3].id).toBe(alerts[1].id);
  alerts = [];
  pass(15);
  expect(said()).toContain('critical venue.okx: nobody reports on okx');
});

test('freshness and lag come from the quotes themselves', () => {
  const row = new Float64Array(QUOTE_COLUMNS);
  now += SECOND;
  row[Quote.receivedAtUs] = now;
  row[Quote.exchangeAtUs] = now - 42_000;
  core.onQuote('okx', row, now);
  expect(core.venueReports(now + 7)[0]).toMatchObject({ lagUs: 42_000, quoteAgeUs: 7 });
  pass(40, () => core.onVenue(venue(), now));
  expect(said()).toEqual(['warning venue.okx: okx sends no quotes']);
});

test('a rate looks back ten seconds and survives a restart of what it counts', () => {
  const rate = new CounterRate();
  for (let i = 0; i <= 60; i++) rate.add(i < 30 ? i * 100 : 3_000, i * SECOND);
  expect(rate.perSecond).toBe(0);
  rate.add(5, 61 * SECOND);
  expect(rate.perSecond).toBeNull();
  rate.add(25, 63 * SECOND);
  expect(rate.perSecond).toBe(10);
});
