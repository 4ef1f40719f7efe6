import { createMemoryBus, type StateBucket } from '@parallax/bus';
import { expect, test } from '@jest/globals';
import { BUCKETS, TOPOLOGY } from '@parallax/wire';
import { CheckpointStore } from '../src/index.js';

const PART_BYTES = 64;
/** What hardly shrinks when it is packed. */
const textOf = (seed: number, length: number): string => Array.from({ length }, (_, at) => ((seed * 7_919 + at * 104_729) % 9_973).toString(36)).join('-');

async function open(): Promise<{ bucket: StateBucket; store: () => Promise<CheckpointStore>; drain: () => Promise<void> }> {
  const root = await createMemoryBus(TOPOLOGY);
  const bucket = root.as('execution').state(BUCKETS.checkpoints);
  const store = async (): Promise<CheckpointStore> => {
    const opened = new CheckpointStore(bucket, 'execution', PART_BYTES);
    await opened.load();
    return opened;
  };
  return { bucket, store, drain: () => root.drain() };
}
const loaded = async (bucket: StateBucket): Promise<string | null> => new CheckpointStore(bucket, 'execution', PART_BYTES).load();

test('what was saved last is read, large or small, by whoever comes', async () => {
  const { bucket, store, drain } = await open();
  expect(await loaded(bucket)).toBeNull();
  const first = await store();
  for (const length of [1, 300, 5, 500]) {
    await first.save(textOf(length, length));
    expect(await loaded(bucket)).toBe(textOf(length, length));
  }
  const second = await store();
  await second.save('from the second');
  expect(await loaded(bucket)).toBe('from the second');
  await drain();
});

test('whatever dies while one is saved, the one before stands', async () => {
  const { bucket, store, drain } = await open();
  await (await store()).save(textOf(1, 400));
  for (let fatal = 1; fatal < 40; fatal++) {
    let left = fatal;
    const dying: StateBucket = { ...bucket, get: (key) => bucket.get(key), put: (key, bytes, revision) => (--left === 0 ? Promise.reject(new Error('dead')) : bucket.put(key, bytes, revision)) };
    const victim = new CheckpointStore(dying, 'execution', PART_BYTES);
    const before = await victim.load();
    const died = await victim.save(textOf(fatal, 400)).then(() => false, () => true);
    expect(await loaded(bucket)).toBe(died ? before : textOf(fatal, 400));
    if (!died) break;
    expect(fatal).toBeLessThan(39);
  }
  await drain();
});

test('a writer that has lost its place saves nothing, wherever the other came between', async () => {
  for (let between = 0; between < 12; between++) {
    const { bucket, store, drain } = await open();
    await (await store()).save('the beginning');
    const heir = await store();
    let left = between;
    const slow: StateBucket = {
      ...bucket, get: (key) => bucket.get(key),
      put: async (key, bytes, revision) => {
        if (left-- === 0) await heir.save(textOf(2, 300));
        return bucket.put(key, bytes, revision);
      },
    };
    const sleeper = new CheckpointStore(slow, 'execution', PART_BYTES);
    await sleeper.load();
    const outcome = await sleeper.save(textOf(1, 300)).then(() => 'saved', (error: { code: string }) => error.code);
    const stands = await loaded(bucket);
    if (outcome === 'STATE_CONFLICT') expect(stands).toBe(textOf(2, 300));
    else expect([outcome, left >= 0]).toEqual(['saved', true]);
    await drain();
  }
});

test('one that is damaged is no checkpoint that is not there', async () => {
  const { bucket, store, drain } = await open();
  await (await store()).save(textOf(1, 300));
  const [part] = await bucket.keys('execution.*.1');
  await bucket.put(part, Buffer.from('rubbish'));
  await expect(loaded(bucket)).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('part 2') });
  await bucket.put('execution.head', Buffer.from('rubbish'));
  await expect(loaded(bucket)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await drain();
});

test('whichever answer of the bus is lost, the next checkpoint is saved and whole', async () => {
  for (let lost = 1; lost < 40; lost++) {
    const { bucket, store, drain } = await open();
    await (await store()).save(textOf(1, 400));
    let left = lost;
    const forgetful: StateBucket = {
      ...bucket, get: (key) => bucket.get(key),
      put: async (key, bytes, revision) => {
        const put = await bucket.put(key, bytes, revision);
        if (--left === 0) throw new Error('no answer');
        return put;
      },
    };
    const writer = new CheckpointStore(forgetful, 'execution', PART_BYTES);
    await writer.load();
    const isLost = await writer.save(textOf(2, 400)).then(() => false, () => true);
    left = Infinity;
    expect([textOf(1, 400), textOf(2, 400)]).toContain(await loaded(bucket));
    for (const seed of [3, 4]) {
      await writer.save(textOf(seed, 400));
      expect(await loaded(bucket)).toBe(textOf(seed, 400));
    }
    await drain();
    if (!isLost) break;
    expect(lost).toBeLessThan(39);
  }
});
