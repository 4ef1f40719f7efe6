import { expect, test } from '@jest/globals';
import { createMemoryBus, type Bus } from '@parallax/bus';
import { SystemClock, SystemTimers } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
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
  const history = new History({ bus: lossy, clock: new SystemClock(), timers: new SystemTimers(), log }, core, new DeadLetters());
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
