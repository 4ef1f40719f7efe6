import { expect, test } from '@jest/globals';
import type { Bus } from '@parallax/bus';
import { VirtualTime } from '@parallax/simulation';
import { RecordWriter } from '../src/record-writer.js';

/** Streams that fail so many times, and keep ids in the order of their storing. */
function streamsFailing(times: number): { bus: Bus; stored: string[] } {
  const stored: string[] = [];
  let left = times;
  const append = async (_subject: string, _bytes: Uint8Array, { id }: { id: string }): Promise<{ sequence: number; duplicate: boolean }> => {
    if (left-- > 0) throw new Error('no leader');
    const duplicate = stored.includes(id);
    if (!duplicate) stored.push(id);
    return { sequence: stored.length, duplicate };
  };
  return { bus: { streams: { append } } as unknown as Bus, stored };
}
const turns = async (): Promise<void> => { for (let i = 0; i < 20; i++) await Promise.resolve(); };

test('a failed append is tried again with the same id, before what follows it in its chain', async () => {
  const { bus, stored } = streamsFailing(2);
  const time = new VirtualTime();
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (message: string) => void errors.push(message) };
  const writer = new RecordWriter(bus, time, log, () => undefined);
  const told: [string, boolean][] = [];
  for (const id of ['a:1', 'a:2']) writer.append('a', 'exec.order.main.okx', id, new Uint8Array(), (duplicate) => told.push([id, duplicate]));
  for (let i = 0; i < 3; i++) {
    await turns();
    time.advanceTo(time.nowUs() + 1_000_000);
  }
  await writer.settled();
  expect([stored, told, errors.length, writer.retries]).toEqual([['a:1', 'a:2'], [['a:1', false], ['a:2', false]], 2, 2]);
});

test('what fails after the store is told as such; the store is not repeated and the chain goes on', async () => {
  const { bus, stored } = streamsFailing(0);
  const failed: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const writer = new RecordWriter(bus, new VirtualTime(), log, (_error, place) => void failed.push(place));
  let calls = 0;
  writer.append('a', 'exec.order.main.okx', 'a:1', new Uint8Array(), () => {
    calls++;
    throw new Error('a fault of ours');
  });
  writer.append('a', 'exec.order.main.okx', 'a:2', new Uint8Array(), () => void calls++);
  await writer.settled();
  expect([stored, calls, writer.retries, failed]).toEqual([['a:1', 'a:2'], 2, 0, ['a:1 is stored, and what follows from it']]);
});
