import { expect, test } from '@jest/globals';
import { createMemoryBus, systemPorts, type MemoryBus, type ReadOptions } from '@parallax/bus';
import { overlay, until } from '@parallax/testing';
import { ParallaxError, type Alert, type AuditEntry, type Fill, type PlanResult, type VenueHealth } from '@parallax/types';
import { alertSchema, decodeJson, encodeJson, patterns, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { DEFAULT_MONITORING_CONFIGURATION, DEFAULT_THRESHOLDS, MonitoringService } from '../src/index.js';

const LEG = { venue: 'okx', symbol: 'BTC/USDT', side: 'buy', size: '0.01', price: '50000' } as const;

/** A plan's one fill and its result, which leaves that leg alone. */
async function storeLeg(bus: MemoryBus, nowUs: number, plan: string, more: Partial<Fill> = {}, uneven: PlanResult['uneven'] = LEG): Promise<void> {
  const fill: Fill = {
    ...LEG, ...more, id: `fill-${plan}`, orderId: 'o', intentId: plan, leg: 0, account: 'paper', strategy: 's', fee: '0', feeCurrency: 'USDT',
    liquidity: 'taker', atUs: nowUs,
  };
  const result: PlanResult = {
    intentId: plan, approvalId: 'a', account: 'paper', strategy: 's', outcome: uneven ? 'held' : 'completed', currency: 'USDT', spread: '0', slippage: '0', fees: '0',
    exitCost: '0', held: uneven ? '-500' : '0', total: uneven ? '-500' : '0', passedOver: {}, revision: 1, fillCount: 0, otherFees: {}, dust: null, uneven,
    finishedAtUs: nowUs,
  };
  const execution = bus.as('execution');
  await execution.streams.append(subjects.fill('paper', 'okx'), encodeJson(fill), { id: fill.id });
  await execution.streams.append(subjects.result('paper'), encodeJson(result), { id: plan });
}

test('hears the bus with its own rights, publishes alerts and health, and tells numbers', async () => {
  const { clock, timers, random } = systemPorts();
  const bus = await createMemoryBus(TOPOLOGY);
  const alerts: Alert[] = [];
  const heard: string[] = [];
  bus.subscribe(patterns.alerts, ({ bytes }) => void alerts.push(decodeJson(alertSchema, bytes)));
  bus.subscribe(patterns.serviceHealth, ({ subject }) => void heard.push(subject));
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (message: string) => void warnings.push(message), error: () => {} };
  const thresholds = { ...DEFAULT_THRESHOLDS, expectedServices: [] };
  const configuration = { ...DEFAULT_MONITORING_CONFIGURATION, thresholds };
  const service = new MonitoringService({ bus: bus.as('monitoring'), clock, timers, random, instance: 'm1', configuration, log });
  await service.start();
  const venue: VenueHealth = {
    venue: 'okx', connected: false, connections: 0, lastFrameAtUs: null, framesPerSecond: null, reconnects: 3, deadLetters: 0,
    clockOffsetUs: null, symbols: [], atUs: clock.nowUs(),
  };
  bus.publish(subjects.venueHealth('okx'), encodeJson(venue));
  bus.publish(subjects.serviceHealth('risk'), new Uint8Array([123]));
  const told = (): Alert | undefined => alerts.find(({ subject }) => subject === 'venue.okx');
  await until(() => told() && heard.includes('ops.health.monitoring') && warnings.length > 0, () => JSON.stringify({ alerts, heard, warnings }));
  const okx = told()!;
  expect(okx).toMatchObject({ severity: 'critical', summary: 'okx is not connected', resolved: false });
  expect(warnings).toEqual(['a message could not be used']);
  expect(service.health()).toMatchObject({ ready: true, missing: [] });
  const metrics = await service.metrics.text();
  expect(metrics).toContain('parallax_venue_connected{venue="okx",service="monitoring"} 0');
  expect(metrics).toContain('parallax_alerts_open{severity="critical",service="monitoring"} 1');
  // Nobody measured these: they have no line, and so none that says 0.
  expect(metrics).not.toMatch(/^parallax_(service_p99_seconds|venue_(frames_per_second|quote_age_seconds|lag_seconds|clock_offset_seconds))\{/m);
  // Who listens from now on hears of what stands.
  const late: Alert[] = [];
  bus.subscribe(patterns.alerts, ({ bytes }) => void late.push(decodeJson(alertSchema, bytes)));
  const again = await until(() => late.find(({ id }) => id === okx.id));
  expect(again).toEqual(okx);
  await service.stop();
  await bus.drain();
});

test('a leg that a plan left alone before the start is an alert, and so is one that is told live', async () => {
  const { clock, timers, random } = systemPorts();
  const bus = await createMemoryBus(TOPOLOGY);
  const alerts: Alert[] = [];
  bus.subscribe(patterns.alerts, ({ bytes }) => void alerts.push(decodeJson(alertSchema, bytes)));
  const store = (plan: string, more?: Partial<Fill>, uneven?: PlanResult['uneven']): Promise<void> => storeLeg(bus, clock.nowUs(), plan, more, uneven);
  await store('before');
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const configuration = { ...DEFAULT_MONITORING_CONFIGURATION, thresholds: { ...DEFAULT_THRESHOLDS, expectedServices: [] } };
  const service = new MonitoringService({ bus: bus.as('monitoring'), clock, timers, random, instance: 'm1', configuration, log });
  await service.start();
  await store('live');
  const told = (): string[] => [...new Set(alerts.map(({ severity, subject, resolved }) => `${severity} ${subject} ${resolved}`))];
  await until(() => told().length >= 2, () => `two alerts, not ${JSON.stringify(alerts)}`);
  expect(told()).toEqual(['critical plan.before false', 'critical plan.live false']);
  const over = (): (readonly string[])[] => alerts.filter(({ resolved }) => resolved).map(({ subject, summary }) => [subject, summary]);
  // A person's word ends one, as soon as it is heard.
  const evened: AuditEntry = {
    id: 'evened', action: 'evened', account: 'paper', plan: 'live', who: 'ada', why: 'sold by hand', service: 'gateway', atUs: clock.nowUs(),
  };
  await bus.as('gateway').streams.append(subjects.audit(), encodeJson(evened), { id: evened.id });
  await until(() => over().length === 1, () => `one alert is over, not ${JSON.stringify(alerts)}`);
  expect(over()).toEqual([['plan.live', expect.stringContaining('ada says that what plan live left standing was evened: sold by hand')]]);
  // Another plan's fills end the other: the service looks by itself at what stands open. No fill told of the sale by hand.
  await store('sale', { side: 'sell', size: '0.02' }, null);
  await until(() => over().length === 2, () => `both alerts are over, not ${JSON.stringify(alerts)}`);
  expect(over()[1]).toEqual(['plan.before', expect.stringContaining('even again')]);
  await service.stop();
  await bus.drain();
});

test('while the past is read, however long that takes, what is wrong now is told, and nothing is said of what plans left standing', async () => {
  const { clock, timers, random } = systemPorts();
  const bus = await createMemoryBus(TOPOLOGY);
  const alerts: Alert[] = [];
  bus.subscribe(patterns.alerts, ({ bytes }) => void alerts.push(decodeJson(alertSchema, bytes)));
  await storeLeg(bus, clock.nowUs(), 'before');
  // Its exposure seems even while only the first of both fills is known.
  await storeLeg(bus, clock.nowUs(), 'sale', { side: 'sell' }, null);
  const member = bus.as('monitoring');
  let goOn = (): void => {};
  const released = new Promise<void>((resolve) => (goOn = resolve));
  const streams = overlay(member.streams, {
    async *read(stream: string, options: ReadOptions) {
      for await (const message of member.streams.read(stream, options)) {
        yield message;
        if (stream === STREAMS.results) await released;
      }
    },
  });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const thresholds = { ...DEFAULT_THRESHOLDS, serviceSilentUs: 1_000, expectedServices: ['risk'] as const };
  const service = new MonitoringService({ bus: overlay(member, { streams }), clock, timers, random, instance: 'm1', configuration: { ...DEFAULT_MONITORING_CONFIGURATION, thresholds }, log });
  await service.start();
  const told = (): unknown[] => alerts.filter(({ subject }) => /^(plan|service.risk)/.test(subject)).map(({ subject, resolved }) => [subject, resolved]);
  await until(() => told().length >= 2, 'two alerts');
  expect(told().toSorted()).toEqual([['plan.before', false], ['service.risk', false]]);
  expect(service.health()).toMatchObject({ ready: false, missing: ['past fills and results are not read yet'] });
  goOn();
  await until(() => service.health().ready);
  await service.stop();
  await bus.drain();
});

test('a past that cannot be read is tried again where it failed, and without it monitoring is not ready', async () => {
  const { clock, timers, random } = systemPorts();
  const bus = await createMemoryBus(TOPOLOGY);
  const alerts: Alert[] = [];
  bus.subscribe(patterns.alerts, ({ bytes }) => void alerts.push(decodeJson(alertSchema, bytes)));
  await storeLeg(bus, clock.nowUs(), 'before');
  await storeLeg(bus, clock.nowUs(), 'after');
  let away = true;
  const reads: (number | undefined)[] = [];
  const member = bus.as('monitoring');
  const streams = overlay(member.streams, {
    async *read(stream: string, options: ReadOptions) {
      if (stream === STREAMS.fills) reads.push(options.fromSequence);
      for await (const message of member.streams.read(stream, options)) {
        if (away && stream === STREAMS.fills && message.sequence > 1) throw new ParallaxError('BUS_TIMEOUT', 'FILLS: no answer');
        yield message;
      }
    },
  });
  const warnings: unknown[] = [];
  const log = { info: () => {}, warn: (...line: unknown[]) => void warnings.push(line), error: () => {} };
  const configuration = { ...DEFAULT_MONITORING_CONFIGURATION, thresholds: { ...DEFAULT_THRESHOLDS, expectedServices: [] } };
  const service = new MonitoringService({ bus: overlay(member, { streams }), clock, timers, random, instance: 'm1', configuration, log });
  await service.start();
  expect(service.health().ready).toBe(false);
  await until(() => reads.length > 2);
  expect(service.health()).toMatchObject({ ready: false, missing: [expect.stringMatching(/^past fills and results cannot be read, .*: FILLS: no answer$/)] });
  away = false;
  await until(() => service.health().ready);
  // The first fill was not taken twice.
  expect([reads[0], reads.at(-1)]).toEqual([1, 2]);
  const left = (): string[] => alerts.map(({ subject }) => subject).filter((subject) => subject.startsWith('plan.'));
  await until(() => new Set(left()).size === 2, () => left().join());
  expect(warnings).toContainEqual(['past fills and results could not be read; it is tried again', { reason: 'FILLS: no answer', againMs: 250 }]);
  await service.stop();
  await bus.drain();
});
