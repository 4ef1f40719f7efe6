import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { BUCKETS, STREAMS } from '@parallax/wire';
import { faulty } from './faulty-bus.js';
import { Stand } from './stand.js';

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(async () => stand.close());

test('while the lease is in doubt nothing is sent, and what was to go goes once when it is confirmed', async () => {
  const faults = { unwritable: new Set<string>(), reads: 0, putOff: 0 };
  let sleptUs = 0;
  const clock = { nowUs: () => stand.time.nowUs() + sleptUs };
  let stored = 0;
  const service = stand.service('one', {
    reached: (step) => {
      if (step !== 'legs stored' || ++stored > 1) return;
      // The process sleeps between the store and the send, and no renewal can be written after.
      sleptUs = 700_000;
      faults.unwritable.add(BUCKETS.leases);
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
  faults.unwritable.clear();
  await until(async () => (await stand.read(STREAMS.results)).length === 2);
  expect(await stand.read(STREAMS.results)).toMatchObject([{ outcome: 'completed' }, { outcome: 'completed' }]);
  expect([stand.placed.length, new Set(stand.placed).size]).toEqual([4, 4]);
});

test('a state that cannot be rebuilt is tried again while the lease holds', async () => {
  const faults = { unwritable: new Set<string>(), reads: 2, putOff: 0 };
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (message: string) => void errors.push(message) };
  const service = stand.service('one', {}, { log, around: (bus) => faulty(bus, faults) });
  await service.start();
  await until(() => service.health().missing.includes('its state cannot be rebuilt: the stream cannot be read'));
  await until(() => service.health().ready);
  expect(errors).toHaveLength(2);
  await stand.approve('a');
  await until(async () => (await stand.read(STREAMS.results)).length === 1);
});

test('a lease that cannot be taken says why, and is not taken for one that another holds', async () => {
  const faults = { unwritable: new Set<string>([BUCKETS.leases]), reads: 0, putOff: 0 };
  const service = stand.service('one', {}, { around: (bus) => faulty(bus, faults) });
  await service.start();
  await until(() => service.health().missing[0] === 'the lease of execution cannot be taken: no leader', () => service.health().missing.join());
  faults.unwritable.clear();
  await until(() => service.health().ready);
  const second = stand.service('two');
  await second.start();
  expect(second.health()).toMatchObject({ standsBy: true, missing: [] });
});
