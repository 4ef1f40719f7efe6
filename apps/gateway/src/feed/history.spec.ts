import { expect, test } from '@jest/globals';
import { createMemoryBus, type Bus } from '@parallax/bus';
import { SystemClock, SystemRandom, SystemTimers } from '@parallax/runtime';
import { ParallaxError, type Random, type Timers } from '@parallax/types';
import { encodeJson, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { DeadLetters } from '../core/dead-letters.js';
import { GatewayCore } from '../core/gateway-core.js';
import { History } from './history.js';

test('a history that breaks off while the bus is away is read on where it ended', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const risk = root.as('risk');
  for (const id of ['a', 'b', 'c']) {
    const entry = { id, action: 'halt', account: null, who: 'me', why: 'a test', service: 'risk', atUs: 1_760_000_000_000_000 };
    await risk.streams.append(subjects.audit(), encodeJson(entry), { id });
  }
  const bus = root.as('gateway');
  const from: unknown[] = [];
  let breaks = 1;
  const streams: Bus['streams'] = {
    ...bus.streams,
    async *read(stream, options) {
      if (stream === STREAMS.audit) from.push(options.fromSequence);
      for await (const message of bus.streams.read(stream, options)) {
        yield message;
        if (breaks-- > 0) throw new ParallaxError('BUS_TIMEOUT', 'no answer');
      }
    },
  };
  const lossy = new Proxy<Bus>(bus, { get: (target, name) => (name === 'streams' ? streams : Reflect.get(target, name)) });
  const core = new GatewayCore();
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const history = new History({ bus: lossy, clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log }, core, new DeadLetters());
  await history.read();
  expect(core.collections.audit.values().map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c']);
  expect(from).toEqual([1, 2]);
  expect(core.system(0).lists.audit.known).toBe(true);

  // After an outage: what came meanwhile, from where the last reading ended.
  const entry = { id: 'd', action: 'halt', account: null, who: 'me', why: 'a test', service: 'risk', atUs: 1_760_000_000_000_001 };
  await risk.streams.append(subjects.audit(), encodeJson(entry), { id: 'd' });
  const [reading, asked] = [history.read(), history.read()];
  expect(core.system(0).lists.audit.known).toBe(false);
  await Promise.all([reading, asked]);
  expect(core.collections.audit.values().map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  expect(from).toEqual([1, 2, 4, 5]);
});

test('a stream that refuses to be read is tried again, later each time, until all of the past is known; the others are read meanwhile', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const entry = { id: 'a', action: 'halt', account: null, who: 'me', why: 'a test', service: 'risk', atUs: 1_760_000_000_000_000 };
  await root.as('risk').streams.append(subjects.audit(), encodeJson(entry), { id: 'a' });
  const bus = root.as('gateway');
  let refuses = true;
  const newest: unknown[] = [];
  const streams: Bus['streams'] = {
    ...bus.streams,
    async *read(stream, options) {
      if (stream === STREAMS.orders) {
        newest.push(options.newest);
        if (refuses) throw new ParallaxError('BUS_REFUSED', 'JetStream system temporarily unavailable');
      }
      yield* bus.streams.read(stream, options);
    },
  };
  const odd = new Proxy<Bus>(bus, { get: (target, name) => (name === 'streams' ? streams : Reflect.get(target, name)) });
  const waitsMs: number[] = [];
  let due = (): void => {};
  const timers: Timers = {
    after: (delayMs, run) => {
      waitsMs.push(delayMs);
      due = run;
      return () => (due = () => {});
    },
  };
  const core = new GatewayCore();
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const random = { ...new SystemRandom(), next: () => 1 } as Random;
  const history = new History({ bus: odd, clock: new SystemClock(), timers, random, log }, core, new DeadLetters());
  await history.read();
  expect(core.collections.audit.get('a')).toBeDefined();
  expect(core.system(0).lists.audit).toMatchObject({ known: false, why: 'not all of the history has been read' });
  due();
  await history.read();
  refuses = false;
  due();
  await history.read();
  expect(core.system(0).lists.audit.known).toBe(true);
  expect(waitsMs).toEqual([1_000, 2_000]);
  // What was never read is read whole; asked for during a reading, it is read once more after it, and then no more than the newest.
  expect(newest).toEqual([undefined, undefined, undefined, undefined, 10_000]);

  refuses = true;
  await history.read();
  const waits = waitsMs.length;
  expect(waitsMs.at(-1)).toBe(1_000);
  history.stop();
  due();
  expect(waitsMs).toHaveLength(waits);
});
