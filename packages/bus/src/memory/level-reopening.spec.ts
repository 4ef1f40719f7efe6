import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { TEST_TOPOLOGY } from '../../test/support/topology.js';
import type { BusStatus, StateEntry } from '../bus.js';
import { Rights } from '../rights.js';
import { systemPorts } from '../system-ports.js';
import { MemoryHub } from './hub.js';
import { openDatabase } from './level-database.js';
import { levelStorage } from './level-storage.js';
import { MemoryBus } from './memory-bus.js';

const textOf = (bytes: Uint8Array | null | undefined): string | null => (bytes ? Buffer.from(bytes).toString() : null);
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parallax-reopening-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A real store on a disk that the test fills: a batch that fails is lost, or is kept all the same. */
async function openBus() {
  const disk: { full: false | 'lost' | 'kept'; closes: number; opening: () => Promise<void> } = { full: false, closes: 0, opening: async () => {} };
  const database = await openDatabase(directory);
  const [batch, close, open] = [database.batch.bind(database), database.close.bind(database), database.open.bind(database)] as [
    (...given: unknown[]) => Promise<void>, () => Promise<void>, () => Promise<void>,
  ];
  Object.assign(database, {
    batch: async (...given: unknown[]) => {
      if (disk.full !== 'lost') await batch(...given);
      if (disk.full) throw new Error('IO error: 000003.log: No space left on device');
    },
    close: () => {
      disk.closes++;
      return close();
    },
    open: async () => {
      await disk.opening();
      await open();
    },
  });
  const probe = async (): Promise<void> => {
    if (disk.full) throw new Error('ENOSPC: no space left on device');
  };
  const ports = systemPorts();
  // Nobody waits a second for the next try.
  const timers = { after: (delayMs: number, callback: () => void) => ports.timers.after(delayMs / 50, callback) };
  const hub = await MemoryHub.open(TEST_TOPOLOGY, ports, levelStorage(database, directory, false, timers, probe), () => {});
  const bus = new MemoryBus(hub, new Rights(null), true);
  const statuses: BusStatus[] = [];
  bus.onStatus((status) => void statuses.push(status));
  const read = async (): Promise<[number, string | null][]> => {
    const found: [number, string | null][] = [];
    for await (const { sequence, bytes } of bus.streams.read('JOBS', {})) found.push([sequence, textOf(bytes)]);
    return found;
  };
  return { disk, bus, statuses, read };
}
const append = (bus: MemoryBus, id: string) => bus.streams.append('job.work.a', Buffer.from(id), { id });
const FULL = { code: 'STORE_FAILED', message: expect.stringMatching(/its disk is full \(ENOSPC\): make room on it$/), outcomeUnknown: true };

test('a store that could not be written is opened again once the disk takes it: what was said to be kept is there, and nothing else is doubled', async () => {
  const { disk, bus, statuses, read } = await openBus();
  await append(bus, 'a');
  const first = await bus.state('facts').put('halt', Buffer.from('no'));
  disk.full = 'lost';
  const failing = [append(bus, 'b'), append(bus, 'c'), bus.state('facts').put('halt', Buffer.from('yes'), first), bus.state('facts').put('halt', Buffer.from('no!'))];
  for (const one of failing) await expect(one).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await expect(append(bus, 'd')).rejects.toMatchObject(FULL);
  // Who reads goes on reading, and what is not kept is not told.
  expect([await read(), textOf((await bus.state('facts').get('halt'))?.bytes)]).toEqual([[[1, 'a']], 'no']);
  expect(statuses[0]).toEqual({ type: 'store', failure: 'what is durable cannot be written: its disk is full (ENOSPC): make room on it' });
  const late: BusStatus[] = [];
  bus.as('tester').onStatus((status) => void late.push(status));
  await until(() => statuses.length > 1);
  expect([late[0].type, statuses[1]]).toEqual(['store', { type: 'store', failure: `${directory} cannot be written: ENOSPC: no space left on device` }]);
  expect(disk.closes).toBe(0);

  disk.full = false;
  await until(() => statuses.at(-1)!.type === 'store' && (statuses.at(-1) as { failure: unknown }).failure === null);
  expect(late.at(-1)).toEqual({ type: 'store', failure: null });
  // The ids of what failed are not known as kept.
  expect(await append(bus, 'c')).toEqual({ sequence: 2, duplicate: false });
  expect(await append(bus, 'a')).toEqual({ sequence: 1, duplicate: true });
  expect(await bus.state('facts').put('halt', Buffer.from('yes'), first)).toBeGreaterThan(first);
  await bus.drain();
  const again = await openBus();
  expect([await again.read(), textOf((await again.bus.state('facts').get('halt'))?.bytes)]).toEqual([[[1, 'a'], [2, 'c']], 'yes']);
  await again.bus.drain();
});

test('what a failing write kept all the same is known, read, handed out and told after it was opened again', async () => {
  const { disk, bus, statuses } = await openBus();
  const handed: string[] = [];
  let acknowledged = 0;
  await bus.streams.consume('JOBS', 'worker', async (message) => {
    handed.push(textOf(message.bytes)!);
    await message.acknowledge().then(() => acknowledged++, () => {});
  });
  const entries: StateEntry[] = [];
  await append(bus, 'a');
  // An acknowledgement that fails has its message come again.
  await until(() => acknowledged === 1);
  await bus.state('facts').watch('halt', (entry) => void entries.push(entry));
  disk.full = 'kept';
  const failing = [append(bus, 'b'), bus.state('facts').put('halt', Buffer.from('yes'))];
  for (const one of failing) await expect(one).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect([handed, entries]).toEqual([['a'], []]);
  disk.full = false;
  await until(() => (statuses.at(-1) as { failure: unknown }).failure === null);
  await until(() => handed.length > 1 && entries.length > 0, () => `b and halt; handed ${handed.join()}, told ${entries.length}`);
  expect([handed, entries.map(({ bytes }) => textOf(bytes))]).toEqual([['a', 'b'], ['yes']]);
  expect(await append(bus, 'b')).toEqual({ sequence: 2, duplicate: true });
  expect(await append(bus, 'c')).toEqual({ sequence: 3, duplicate: false });
  await until(() => handed.includes('c'));
  await bus.drain();
});

test('who reads while the store is opened anew waits for it, or is told that it could not be', async () => {
  // Of the records that were there before the start none lies in memory.
  const before = await openBus();
  await append(before.bus, 'a');
  await before.bus.drain();
  const { disk, bus, statuses, read } = await openBus();
  disk.full = 'lost';
  await expect(append(bus, 'b')).rejects.toMatchObject({ code: 'STORE_FAILED' });
  let mayOpen = (): void => {};
  let isClosed = false;
  disk.opening = () => {
    isClosed = true;
    return new Promise((resolve) => (mayOpen = resolve));
  };
  disk.full = false;
  await until(() => isClosed);
  const waiting = read();
  mayOpen();
  expect(await waiting).toEqual([[1, 'a']]);
  await until(() => (statuses.at(-1) as { failure: unknown }).failure === null);

  disk.full = 'lost';
  await expect(append(bus, 'c')).rejects.toMatchObject({ code: 'STORE_FAILED' });
  let tries = 0;
  disk.opening = async () => {
    if (++tries === 1) await new Promise<void>((resolve) => (mayOpen = resolve));
    if (disk.full) throw new Error('IO error: LOCK: No space left on device');
  };
  disk.full = false;
  await until(() => tries === 1);
  const refused = read();
  disk.full = 'lost';
  mayOpen();
  await expect(refused).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true });
  disk.full = false;
  await until(() => (statuses.at(-1) as { failure: unknown }).failure === null);
  expect(await read()).toEqual([[1, 'a']]);
  await bus.drain();
});

test.each([['lost', ['a', 'b', 'c']], ['kept', ['a', 'b', 'c']]] as const)(
  'who listens hears what is kept, once and in the order of the stream, however often it was tried; the failing write was %s',
  async (fate, expected) => {
    const { disk, bus, statuses } = await openBus();
    const heard: string[] = [];
    bus.subscribe('job.work.*', ({ bytes }) => void heard.push(textOf(bytes)!));
    await append(bus, 'a');
    await append(bus, 'a');
    await until(() => heard.length === 1);
    disk.full = fate;
    for (let tries = 0; tries < 3; tries++) await expect(append(bus, 'b')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    disk.full = false;
    await until(() => (statuses.at(-1) as { failure: unknown }).failure === null);
    await Promise.all([append(bus, 'b'), append(bus, 'c')]);
    await until(() => heard.length >= 3);
    await bus.drain();
    expect(heard).toEqual(expected);
  },
);
