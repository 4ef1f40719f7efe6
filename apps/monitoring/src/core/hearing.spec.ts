import { beforeEach, expect, test } from '@jest/globals';
import { SYSTEM_SERVICES, STOOD_STILL, type Alert, type ServiceHealth, type ServiceName, type VenueHealth } from '@parallax/types';
import { MonitoringCore } from './monitoring-core.js';
import { DEFAULT_THRESHOLDS } from './thresholds.js';

const START = 1_760_000_000_000_000;
const SECOND = 1_000_000;
const ADDRESS = 'nats-1:4222';
const SLOW: ServiceHealth['latencies'] = { 'received-to-taken': { p50: 1, p99: 12_000_000, count: 900 } };
let core: MonitoringCore;
let alerts: Alert[];
let now: number;

const say = (service: ServiceName, more: Partial<ServiceHealth> = {}): void => core.onService({
  service, instance: service, ready: true, missing: [], startedAtUs: START, atUs: now, counters: {}, latencies: {}, ...more,
}, now);
const venue = (): void => core.onVenue({
  venue: 'okx', connected: true, connections: 1, lastFrameAtUs: now, framesPerSecond: 1, reconnects: 0, deadLetters: 0, clockOffsetUs: 0, symbols: [], atUs: now,
} satisfies VenueHealth, now);
/** Every service but those left out, and the one venue. */
const all = (more: Partial<ServiceHealth> = {}, without: readonly ServiceName[] = []): void => {
  for (const name of SYSTEM_SERVICES) if (!without.includes(name)) say(name, more);
  venue();
};
/** So many seconds in each of which something is said, and then looked. */
const pass = (seconds: number, each: () => void = () => {}): void => {
  for (let second = 0; second < seconds; second++) {
    now += SECOND;
    each();
    core.onWake(now);
  }
};
const said = (): string[] => alerts.splice(0).map(({ severity, resolved, subject, summary }) => `${resolved ? 'over' : severity} ${subject}: ${summary}`);

beforeEach(() => {
  alerts = [];
  now = START;
  core = new MonitoringCore(DEFAULT_THRESHOLDS, START, (alert) => void alerts.push(alert));
  core.hearing.at(ADDRESS);
  pass(10, all);
  expect(said()).toEqual([]);
});

test('while the bus is away, and until all had the time to speak again, nobody is judged; one alert says where it was away and for how long', () => {
  core.hearing.onAway(now);
  pass(12);
  expect(said()).toEqual([`critical bus: the bus at ${ADDRESS} is away: monitoring hears nobody, and judges nobody until it is back`]);
  core.hearing.onBack(now);
  // They join again one after the other, and what they measured holds the time without a bus.
  pass(4, () => all({ latencies: SLOW, ready: false, missing: ['the lease cannot be renewed'] }, ['risk', 'paper']));
  pass(75, () => all(now < START + 80 * SECOND ? { latencies: SLOW } : {}));
  expect(said()).toEqual([
    `warning bus: the bus at ${ADDRESS} was away for 12.0 s, so that nobody was heard. Silence and readiness are judged again after 10.0 s, latencies after 70.0 s`,
    `over bus: the bus at ${ADDRESS} is there again; it was away for 12.0 s`,
  ]);
});

test('who died meanwhile is missed after that time, who was missed before stays so, and a trouble that a service tells is told at once', () => {
  pass(7, () => all({}, ['regime']));
  expect(said()).toEqual(['critical service.regime.regime: regime is silent']);
  core.hearing.onAway(now);
  pass(12);
  core.hearing.onBack(now);
  said();
  const troubles = [{ key: 'store', severity: 'critical' as const, summary: 'the bus can keep nothing' }];
  pass(10, () => (all({}, ['regime', 'risk', 'execution']), say('execution', { troubles })));
  expect(said()).toEqual(['critical service.execution.execution: the bus can keep nothing']);
  pass(2, () => (all({}, ['regime', 'risk', 'execution']), say('execution', { troubles })));
  expect(said()).toEqual(['critical service.risk.risk: risk is silent']);
  pass(2, () => all({}, ['risk']));
  expect(said().toSorted()).toEqual(['over service.execution.execution: it stands no more: the bus can keep nothing', 'over service.regime.regime: regime speaks again']);
});

test('a bus that stands still and says nothing of it is known by our own words, which do not come back', () => {
  const speak = (): void => (core.hearing.onSaid(now), core.hearing.onEcho(now + 1_000), all());
  pass(3, speak);
  pass(12, () => core.hearing.onSaid(now));
  expect(said()).toEqual([expect.stringMatching(`^critical bus: the bus at ${ADDRESS} does not answer: `)]);
  // What waited comes at once, ours first.
  core.hearing.onEcho(now + 1_000);
  core.onWake(now + 1_000);
  pass(75, speak);
  expect(said()).toEqual([expect.stringMatching(`^warning bus: the bus at ${ADDRESS} did not answer for 12\\.0 s`), expect.stringMatching(/^over bus: .* did not answer for 12\.0 s$/)]);
});

test('a bus that never brings back what is said is not taken for one that stands still', () => {
  pass(12, () => (core.hearing.onSaid(now), all()));
  expect(said()).toEqual([]);
});

test('monitoring that stood still itself judges nobody for what it could not hear, and who died meanwhile soon after', () => {
  now += 12 * SECOND;
  core.onWake(now);
  core.onWake(now + 1);
  pass(5, () => all({}, ['risk']));
  expect(said()).toEqual([]);
  pass(1, () => all({}, ['risk']));
  expect(said()).toEqual(['critical service.risk.risk: risk is silent']);
});

test('while a service tells that its process stood still no latency is an alert, and it is when it lasts', () => {
  const troubles = [{ key: STOOD_STILL, severity: 'warning' as const, summary: 'the process of execution stood still for up to 12.0 s' }];
  pass(60, () => (all({ latencies: SLOW }, ['execution']), say('execution', { troubles })));
  expect(said()).toEqual(['warning service.execution.execution: the process of execution stood still for up to 12.0 s']);
  pass(2, () => (all({}, ['gateway']), say('gateway', { latencies: SLOW })));
  expect(said()).toEqual([
    'over service.execution.execution: it stands no more: the process of execution stood still for up to 12.0 s',
    'warning service.gateway.gateway: gateway is slow: of 900 received-to-taken in the last minute p99 is 12000 ms',
  ]);
});

test('a clock that is not heard any more is not told to agree', () => {
  const ahead = (): void => (all({}, ['risk']), say('risk', { atUs: now + 3_600 * SECOND }));
  pass(12, ahead);
  expect(said()).toEqual([expect.stringMatching(/^critical service\.risk\.risk: the clock of risk \(risk\) is 3600\.0 s ahead/)]);
  pass(20, () => all({}, ['risk']));
  pass(1, ahead);
  expect(said()).toEqual(['critical service.risk.risk: risk is silent', 'over service.risk.risk: risk speaks again']);
});
