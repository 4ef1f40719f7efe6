import { expect, test } from '@jest/globals';
import type { StreamDefinition } from '../topology.js';
import { GroupWriter } from './group-writer.js';
import type { Database } from './level-database.js';
import { LevelReads } from './level-reads.js';
import { LevelRecords } from './level-records.js';
import type { Pump } from '../pump.js';
import { StateStore } from './state-store.js';
import { StreamStore } from './stream-store.js';

const JOBS: StreamDefinition = { name: 'JOBS', subjects: ['job.>'], duplicateWindowMs: 60_000, maximumAgeMs: 3_600_000, maximumBytes: 2 ** 20, consumers: [] };

/** An empty database that counts what reaches its log; while `full`, it can write nothing. */
function databaseOf() {
  const disk = { full: false, batches: 0 };
  const nothing = Object.assign((async function* nothing() {})(), { all: async () => [] });
  const database = {
    get: async () => undefined,
    iterator: () => nothing,
    batch: async () => {
      disk.batches++;
      if (disk.full) throw new Error('No space left on device');
    },
  };
  return { disk, writer: new GroupWriter(database as unknown as Database, false), database: database as unknown as Database };
}
const bytes = new Uint8Array(8);

test('after a write that failed nothing is said to be kept: what follows a torn record is lost when it is opened again', async () => {
  const { disk, writer, database } = databaseOf();
  const stream = await StreamStore.open(JOBS, new LevelRecords(new LevelReads(database), writer, 'JOBS'), { nowUs: () => 1_000_000 });
  await expect(stream.append('job.a', bytes, { id: 'a' })).resolves.toEqual({ sequence: 1, duplicate: false });
  disk.full = true;
  await expect(stream.append('job.a', bytes, { id: 'b' })).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('No space left'), outcomeUnknown: true });
  disk.full = false;
  const { batches } = disk;
  // The same again is no repetition of something kept, and nothing else is kept either.
  for (const id of ['b', 'c', 'b']) await expect(stream.append('job.a', bytes, { id })).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect([stream.committed, disk.batches]).toEqual([1, batches]);
});

test('a value that could not be kept is not told', async () => {
  const { disk, writer } = databaseOf();
  const values = { entries: async () => [], put: (key: string, kept: Uint8Array) => writer.write([{ type: 'put', key, value: kept }]) };
  const bucket = await StateStore.open('facts', values, { wake: () => {} } as unknown as Pump);
  const first = await bucket.put('halt', Buffer.from('no'));
  disk.full = true;
  await expect(bucket.put('halt', Buffer.from('yes'), first)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await expect(bucket.put('other', Buffer.from('x'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect([Buffer.from((await bucket.get('halt'))!.bytes!).toString(), await bucket.get('other')]).toEqual(['no', null]);
});
