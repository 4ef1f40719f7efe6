import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import { ParallaxError, STOOD_STILL, type Clock, type ServiceName, type Timers } from '@parallax/types';
import { encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { BusWatch } from '../src/bus-watch.js';
import { HostWatch } from '../src/host-watch.js';
import { healthOf, repeat, SystemRandom, watched, type ServiceContext } from '../src/index.js';

const START_US = 1_790_000_000_000_000;

/** Time by hand: timers ring when the test says so. */
class ByHand implements Clock, Timers {
  private atUs = START_US;
  private readonly waiting = new Set<() => void>();
  doubted: string | null = null;
  nowUs(): number {
    return this.atUs;
  }
  doubt(): string | null {
    return this.doubted;
  }
  after(_delayMs: number, callback: () => void): () => void {
    this.waiting.add(callback);
    return () => this.waiting.delete(callback);
  }
  pass(seconds: number): void {
    this.atUs += seconds * 1_000_000;
    const due = [...this.waiting];
    this.waiting.clear();
    for (const ring of due) ring();
  }
}

async function house() {
  const root = await createMemoryBus(TOPOLOGY);
  const time = new ByHand();
  const lines: string[] = [];
  const log: ServiceContext['log'] = {
    info: () => {}, warn: (message) => void lines.push(`warn ${message}`),
    error: (message, { place, error } = {}) => void lines.push([`error ${message}`, place, String(error).split('\n')[0]].join(' ')),
  };
  const contextOf = (service: ServiceName, tellsOfClock?: boolean): ServiceContext =>
    watched({ bus: root.as(service), clock: time, timers: time, random: new SystemRandom(), log, instance: 'test' }, service, tellsOfClock);
  return { root, time, lines, contextOf };
}

test('what a handler throws is in the log at its level, counted, and a trouble of that service alone for a minute', async () => {
  const { root, time, lines, contextOf } = await house();
  const [risk, regime] = [contextOf('risk'), contextOf('regime')];
  const health = (context: ServiceContext, service: ServiceName) => healthOf(service, context, START_US, [], { quotes: 7 });
  expect(health(risk, 'risk')).toMatchObject({ ready: true, counters: { quotes: 7, handlersFailed: 0 } });
  expect(health(risk, 'risk').troubles).toBeUndefined();
  let heard = 0;
  risk.bus.subscribe(subjects.halt(), () => {
    heard++;
    throw new Error('the book is half done');
  });
  for (let sent = 1; sent <= 3; sent++) {
    root.publish(subjects.halt(), encodeJson({}));
    await until(() => heard === sent);
  }
  expect(lines).toEqual(Array<string>(3).fill('error a handler failed risk.halt Error: the book is half done'));
  expect(health(risk, 'risk')).toMatchObject({
    ready: true, counters: { quotes: 7, handlersFailed: 3 }, troubles: [{ key: 'handler-failed', severity: 'critical', summary: expect.stringMatching(/risk\.halt: the book is half done/) }],
  });
  expect(health(regime, 'regime')).toMatchObject({ counters: { handlersFailed: 0 } });
  expect(health(regime, 'regime').troubles).toBeUndefined();
  time.pass(2);
  root.publish(subjects.halt(), encodeJson({}));
  await until(() => heard === 4);
  time.pass(59);
  expect(health(risk, 'risk').troubles).toHaveLength(1);
  time.pass(2);
  expect(health(risk, 'risk').troubles).toBeUndefined();
  await root.drain();
});

test('a timer that throws ends neither the process nor what repeats', async () => {
  const { root, time, lines, contextOf } = await house();
  const context = contextOf('regime');
  let rounds = 0;
  const stop = repeat(context.timers, 1_000, () => {
    rounds++;
    throw new Error('a round fails');
  });
  time.pass(1);
  time.pass(1);
  stop();
  time.pass(1);
  expect([rounds, lines]).toEqual([2, ['error a handler failed a timer Error: a round fails', 'error a handler failed a timer Error: a round fails']]);
  expect(healthOf('regime', context, START_US, []).troubles).toMatchObject([{ key: 'handler-failed', severity: 'warning' }]);
  await root.drain();
});

test('a process that stood still says for how long, by one of its services, until no latency of the last minute holds that time', async () => {
  const { root, time, lines, contextOf } = await house();
  const [execution, risk] = [contextOf('execution'), contextOf('risk', false)];
  const stops = [execution, risk].flatMap(({ timers }) => [repeat(timers, 1_000, () => {}), repeat(timers, 500, () => {})]);
  const told = (context: ServiceContext): unknown => healthOf('execution', context, START_US, []).troubles;
  for (let second = 0; second < 5; second++) time.pass(1);
  expect([told(execution), lines]).toEqual([undefined, []]);
  time.pass(12);
  const standing = [{ key: STOOD_STILL, severity: 'warning', summary: expect.stringMatching(/^the process of execution stood still for up to 11\.5 s \(.*\), and handled late/) }];
  expect([told(execution), told(risk), lines]).toEqual([standing, undefined, ['warn the process stood still']]);
  for (let second = 0; second < 70; second++) time.pass(1);
  expect(told(execution)).toEqual(standing);
  time.pass(1);
  expect(told(execution)).toBeUndefined();
  for (const stop of stops) stop();
  await root.drain();
});

test('a clock in doubt is a critical trouble of one service of the process, as long as it is', async () => {
  const { root, time, contextOf } = await house();
  const [execution, risk] = [contextOf('execution'), contextOf('risk', false)];
  time.doubted = 'the clock was set back';
  expect(healthOf('execution', execution, START_US, []).troubles).toEqual([
    { key: 'clock', severity: 'critical', summary: 'the clock was set back', stopsTrading: true },
  ]);
  expect(healthOf('regime', contextOf('regime'), START_US, []).troubles).toEqual([{ key: 'clock', severity: 'critical', summary: 'the clock was set back' }]);
  expect(healthOf('risk', risk, START_US, []).troubles).toBeUndefined();
  time.doubted = null;
  expect(healthOf('execution', execution, START_US, []).troubles).toBeUndefined();
  await root.drain();
});

test('a bus that is away is one line, and one when it is back, with its address and how long it was away', () => {
  const time = new ByHand();
  const lines: unknown[] = [];
  const log = { info: () => {}, warn: (message: string, fields?: object) => void lines.push([message, fields]), error: () => {} };
  const watch = new BusWatch(time, log, true);
  watch.onStatus({ type: 'disconnected', address: 'nats:4222' });
  for (let tries = 0; tries < 3; tries++) watch.onStatus({ type: 'reconnecting' });
  time.pass(7);
  watch.onStatus({ type: 'disconnected', address: 'nats:4222' });
  watch.onStatus({ type: 'connected', address: 'nats:4223' });
  watch.onStatus({ type: 'connected', address: 'nats:4223' });
  expect(lines).toEqual([
    ['the bus is away; it is looked for until it is back', { address: 'nats:4222', occurrence: 1 }],
    ['the bus is back', { address: 'nats:4223', occurrence: 1, awayMs: 7_000 }],
  ]);
  expect(watch.counters).toEqual({ busReconnects: 1 });
});

test('a store that fails is a critical trouble that stops trading, told by one for all of its process, until it is kept again', () => {
  const time = new ByHand();
  const lines: unknown[] = [];
  const line = (message: string, fields?: object): void => void lines.push([message, fields]);
  const log = { info: () => {}, warn: line, error: line };
  const [watch, other] = [new BusWatch(time, log, true), new BusWatch(time, log, false)];
  const tell = (failure: string | null): void => [watch, other].forEach((one) => one.onStatus({ type: 'store', failure }));
  tell('/state/bus cannot be written: ENOSPC: no space left on device');
  expect(watch.troubles()).toEqual([{
    key: 'store', severity: 'critical', stopsTrading: true,
    summary: expect.stringMatching(/^the bus can keep nothing, .*: \/state\/bus cannot be written: ENOSPC: no space left on device\. Once that is mended/),
  }]);
  expect(other.troubles()).toEqual([]);
  time.pass(3);
  tell(null);
  expect(watch.troubles()).toEqual([]);
  expect(lines).toEqual([
    ['the bus can keep nothing; it is tried again until it can', { occurrence: 1, reason: '/state/bus cannot be written: ENOSPC: no space left on device' }],
    ['the bus keeps what is durable again', { occurrence: 1, failedForMs: 3_000 }],
  ]);
});

test('a server that does not keep what is written is a critical trouble with what helps; what it stops says so itself', () => {
  const lines: unknown[] = [];
  const line = (message: string, fields?: object): void => void lines.push([message, fields]);
  const watch = new BusWatch(new ByHand(), { info: () => {}, warn: line, error: line }, true);
  watch.onStatus({ type: 'store', failure: 'NATS keeps nothing in ORDERS', help: 'Start it again' });
  expect(watch.troubles()).toEqual([{ key: 'store', severity: 'critical', summary: 'the bus does not keep what is written: NATS keeps nothing in ORDERS. Start it again' }]);
  watch.onStatus({ type: 'store', failure: null, help: 'Start it again' });
  expect(watch.troubles()).toEqual([]);
  expect(lines).toEqual([
    ['the bus does not keep what is written', { occurrence: 1, reason: 'NATS keeps nothing in ORDERS' }], ['the bus keeps what is durable again', { occurrence: 1, failedForMs: 0 }],
  ]);
});

test('what is thrown on purpose is logged without a stack, and everything else with one', () => {
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_message: string, fields: Record<string, unknown> = {}) => void errors.push(String(fields.error)) };
  const time = new ByHand();
  const watch = new HostWatch('risk', time, log, true);
  watch.failed(new ParallaxError('STORE_FAILED', 'no space left'), 'exec.order.main');
  time.pass(2);
  watch.failed(new TypeError('x is undefined'), 'exec.order.main');
  expect(errors).toEqual(['ParallaxError: no space left', expect.stringMatching(/^TypeError: x is undefined\n +at /)]);
});
