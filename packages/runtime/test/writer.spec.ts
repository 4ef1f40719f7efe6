import { createMemoryBus, type StateBucket } from '@parallax/bus';
import { expect, test } from '@jest/globals';
import type { Timers } from '@parallax/types';
import { BUCKETS, BUS_IDENTITY, TOPOLOGY } from '@parallax/wire';
import { overlay } from '@parallax/testing';
import { startWriter, type ServiceContext } from '../src/index.js';

/** A service's context whose time stands still; `pass` runs what is due within so long. */
async function standing() {
  const root = await createMemoryBus(TOPOLOGY);
  let nowMs = 0;
  const due = new Map<object, { atMs: number; run: () => void }>();
  const timers: Timers = {
    after(delayMs, run) {
      const key = {};
      due.set(key, { atMs: nowMs + delayMs, run });
      return () => void due.delete(key);
    },
  };
  const failed: string[] = [];
  const warnings: object[] = [];
  const log = { info: () => {}, warn: (message: string, fields: object) => void warnings.push({ message, ...fields }), error: () => {} };
  const context = {
    bus: root.as('risk'), clock: { nowUs: () => nowMs * 1_000 }, timers, random: { next: () => 0.5, id: () => 'r' }, instance: 'i', log,
    watch: { failed: (error: Error, place: string) => failed.push(`${place}: ${error.message}`) },
  } as unknown as ServiceContext;
  const pass = async (ms: number): Promise<void> => {
    for (const untilMs = nowMs + ms; nowMs < untilMs; nowMs += 100) {
      for (const [key, { atMs, run }] of due) {
        if (atMs > nowMs) continue;
        due.delete(key);
        run();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const identity: StateBucket = root.state(BUS_IDENTITY.bucket);
  return { root, context, failed, warnings, pass, identity, leases: root.state(BUCKETS.leases) };
}

test('who does not act on a bus that was made anew says that a restart is needed, again and again', async () => {
  const { root, context, failed, pass, identity } = await standing();
  const acting = await startWriter(context, 'risk', 'shared', { onGranted: () => {}, onLost: () => {} });
  await pass(2_000);
  const standBy = await startWriter({ ...context, instance: 'other' }, 'risk', 'shared', { onGranted: () => {}, onLost: () => {} });
  await pass(30_000);
  expect([acting.actingEpoch() !== null, standBy.actingEpoch(), failed]).toEqual([true, null, []]);
  await identity.put(BUS_IDENTITY.key, Buffer.from('another'));
  await pass(25_000);
  expect(failed.length).toBeGreaterThanOrEqual(2);
  expect(failed[0]).toMatch(/^the lease of risk: the bus is another than at the start \(another, not \w+\).*Restart this service/);
  await Promise.all([acting.stop(), standBy.stop()]);
  const told = failed.length;
  await pass(30_000);
  expect(failed).toHaveLength(told);
  await root.drain();
});

test('a doubt about the lease is told with its cause once it lasts, and not where it is over soon or the lease is given back', async () => {
  const { root, context, warnings, pass } = await standing();
  let full = false;
  const { bus } = context;
  const bucket = bus.state(BUCKETS.leases);
  const leases = overlay(bucket, { put: (...given) => (full ? Promise.reject(new Error('No space left')) : bucket.put(...given)) });
  const around = { ...context, bus: overlay(bus, { state: (name) => (name === BUCKETS.leases ? leases : bus.state(name)) }) };
  const writer = await startWriter(around, 'risk', 'shared', { onGranted: () => {}, onLost: () => {} });
  await pass(2_000);
  expect(writer.obstacle()).toBeNull();
  full = true;
  await pass(1_000);
  expect([writer.obstacle(), warnings]).toEqual(['the lease of risk cannot be renewed: No space left', []]);
  full = false;
  await pass(1_000);
  expect([writer.obstacle(), writer.counters.leaseDoubts, warnings]).toEqual([null, 1, []]);
  full = true;
  await pass(3_000);
  expect(warnings).toEqual([{ message: 'the lease of risk cannot be renewed; it writes nothing new', epoch: expect.any(Number), occurrence: 1, reason: 'No space left' }]);
  full = false;
  await pass(1_000);
  expect(warnings.slice(1)).toEqual([{ message: 'the doubt about the lease of risk is over', epoch: expect.any(Number), occurrence: 1 }]);
  full = true;
  await pass(1_000);
  await writer.stop();
  await pass(3_000);
  expect([writer.counters.leaseDoubts, warnings.length]).toEqual([3, 2]);
  await root.drain();
});

test('a lease that another took while it was in doubt is told as lost, not as a doubt that is over', async () => {
  const { root, context, warnings, pass, leases } = await standing();
  let full = false;
  const { bus } = context;
  const bucket = bus.state(BUCKETS.leases);
  const failing = overlay(bucket, { put: (...given) => (full ? Promise.reject(new Error('No space left')) : bucket.put(...given)) });
  const around = { ...context, bus: overlay(bus, { state: (name) => (name === BUCKETS.leases ? failing : bus.state(name)) }) };
  let lost = 0;
  const writer = await startWriter(around, 'risk', 'shared', { onGranted: () => {}, onLost: () => void lost++ });
  await pass(2_000);
  full = true;
  await pass(5_000);
  await leases.put('risk.writer', Buffer.from(JSON.stringify({ holder: 'another', epoch: 0 })));
  await pass(500);
  expect(lost).toBe(1);
  expect(warnings.slice(1)).toEqual([{ message: "the lease of risk is another's now", epoch: expect.any(Number), occurrence: 1 }]);
  await writer.stop();
  await root.drain();
});
