import { createMemoryBus } from '@parallax/bus';
import { expect, test } from '@jest/globals';
import { readPast, readUnbroken } from '../src/index.js';

const STREAM = 'FILLS';
const USER = { name: 'writer', publish: [], subscribe: [], append: ['exec.fill.>'], consumers: [], readStreams: [STREAM], readBuckets: [], writeBuckets: [] };
const topologyOf = (maximumBytes: number): Parameters<typeof createMemoryBus>[0] => ({
  streams: [{ name: STREAM, subjects: ['exec.fill.>'], duplicateWindowMs: 1_000, maximumAgeMs: 1e9, maximumBytes, consumers: [] }], buckets: [], users: [USER],
});

test('the past is read up to the first message that is not over', async () => {
  const root = await createMemoryBus(topologyOf(1e9));
  const { streams } = root.as('writer');
  for (let number = 1; number <= 6; number++) await streams.append('exec.fill.a', Uint8Array.of(number), { id: String(number) });
  const taken: number[] = [];
  const first = await readPast(streams, STREAM, 0, ({ bytes }) => bytes[0] !== 4, ({ sequence }) => taken.push(sequence));
  const second = await readPast(streams, STREAM, first, () => true, ({ sequence }) => taken.push(sequence));
  expect([first, second, taken]).toEqual([3, 6, [1, 2, 3, 4, 5, 6]]);
  expect(await readPast(streams, STREAM, second, () => true)).toBe(6);
  await root.drain();
});

test('what fell out of a bounded stream and is in no checkpoint is no past that never was', async () => {
  const root = await createMemoryBus(topologyOf(2_000));
  const { streams } = root.as('writer');
  const numbers = async (after: number): Promise<number[]> => {
    const found: number[] = [];
    for await (const { sequence } of readUnbroken(streams, STREAM, after)) found.push(sequence);
    return found;
  };
  await streams.append('exec.fill.a', new Uint8Array(100), { id: '1' });
  expect(await numbers(0)).toEqual([1]);
  for (let number = 2; number <= 40; number++) await streams.append('exec.fill.a', new Uint8Array(100), { id: String(number) });
  await expect(numbers(0)).rejects.toThrow(/messages are gone from the stream FILLS, from number 1 on, and in no checkpoint/);
  expect(await numbers(38)).toEqual([39, 40]);
  expect(await numbers(40)).toEqual([]);
  await root.drain();
});
