import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bus } from '@parallax/bus';
import { until } from '@parallax/testing';
import { BUCKETS, STREAMS } from '@parallax/wire';
import { Stand } from './stand.js';

interface Faults {
  leases: boolean;
  reads: number;
  /** Approvals that were put off until later, each time that they were. */
  putOff: number;
}

/** A bus on which leases cannot be written, or streams not be read, while the test says so. */
function faulty(bus: Bus, faults: Faults): Bus {
  return {
    transport: bus.transport,
    publish: (...given) => bus.publish(...given),
    subscribe: (...given) => bus.subscribe(...given),
    request: (...given) => bus.request(...given),
    flush: () => bus.flush(),
    drain: () => bus.drain(),
    onStatus: (listener) => bus.onStatus(listener),
    state: (name) => {
      const bucket = bus.state(name);
      if (name !== BUCKETS.leases) return bucket;
      return {
        get: (key) => bucket.get(key),
        delete: (...given) => bucket.delete(...given),
        keys: (pattern) => bucket.keys(pattern),
        watch: (...given) => bucket.watch(...given),
        put: async (...given) => {
          if (faults.leases) throw new Error('no leader');
          return bucket.put(...given);
        },
      };
    },
    streams: {
      append: (...given) => bus.streams.append(...given),
      consume: (stream, consumer, handler) => bus.streams.consume(stream, consumer, (message) => handler({
        subject: message.subject, bytes: message.bytes, sequence: message.sequence, atUs: message.atUs, deliveries: message.deliveries,
        header: (name) => message.header(name),
        reject: (reason) => message.reject(reason),
        acknowledge: () => message.acknowledge(),
        acknowledgeUnconfirmed: () => message.acknowledgeUnconfirmed(),
        retry: (delayMs) => {
          faults.putOff++;
          message.retry(delayMs);
        },
      })),
      read: (...given) => {
        if (faults.reads-- > 0) throw new Error('the stream cannot be read');
        return bus.streams.read(...given);
      },
    },
  };
}

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(async () => stand.close());

test('while the lease is in doubt nothing is sent, and what was to go goes once when it is confirmed', async () => {
  const faults = { leases: false, reads: 0, putOff: 0 };
  let sleptUs = 0;
  const clock = { nowUs: () => stand.time.nowUs() + sleptUs };
  let stored = 0;
  const service = stand.service('one', {
    reached: (step) => {
      if (step !== 'legs stored' || ++stored > 1) return;
      // The process sleeps between the store and the send, and no renewal can be written after.
      sleptUs = 700_000;
      faults.leases = true;
    },
  }, { clock, around: (bus) => faulty(bus, faults) });
  await service.start();
  await until(() => service.health().ready);
  await stand.approve('a');
  await until(() => service.health().counters.withheld === 2);
  expect(stand.placed).toEqual([]);
  // An approval that comes in doubt waits in its stream.
  await stand.approve('b');
  await until(() => faults.putOff >= 2);
  expect((await stand.read(STREAMS.orders)).some(({ intentId }) => intentId === 'b')).toBe(false);
  faults.leases = false;
  await until(async () => (await stand.read(STREAMS.results)).length === 2);
  expect(await stand.read(STREAMS.results)).toMatchObject([{ outcome: 'completed' }, { outcome: 'completed' }]);
  expect([stand.placed.length, new Set(stand.placed).size]).toEqual([4, 4]);
});

test('a state that cannot be rebuilt is tried again while the lease holds', async () => {
  const faults = { leases: false, reads: 2, putOff: 0 };
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (message: string) => void errors.push(message) };
  const service = stand.service('one', {}, { log, around: (bus) => faulty(bus, faults) });
  await service.start();
  await until(() => service.health().missing.includes('its state is not rebuilt yet'));
  await until(() => service.health().ready);
  expect(errors).toHaveLength(2);
  await stand.approve('a');
  await until(async () => (await stand.read(STREAMS.results)).length === 1);
});
