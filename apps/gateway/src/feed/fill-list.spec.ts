import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import type { Fill } from '@parallax/types';
import { encodeJson, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { FillList } from './fill-list.js';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const fill = (number: number): Fill => ({
  id: `f${number}`, orderId: 'o', intentId: 'i', leg: 0, account: 'paper', strategy: 's', venue: number % 100 === 0 ? 'kraken' : 'okx', symbol: 'BTC/USDT',
  side: 'buy', price: '1', size: '1', fee: '0', feeCurrency: 'USDT', liquidity: 'taker', atUs: number,
});

/** A list over so many fills, numbered from 1; `trimmed` of the oldest are gone. */
async function listOf(count: number, trimmed = 0): Promise<FillList> {
  const maximumBytes = trimmed === 0 ? undefined : (count - trimmed) * 262;
  const streams = TOPOLOGY.streams.map((stream) => (stream.name === STREAMS.fills && maximumBytes !== undefined ? { ...stream, maximumBytes } : stream));
  const bus = await createMemoryBus({ ...TOPOLOGY, streams });
  const execution = bus.as('execution');
  for (let number = 1; number <= count; number++) {
    const bytes = number === 7 ? new TextEncoder().encode('{"id":') : encodeJson(fill(number));
    await execution.streams.append(subjects.fill('paper', 'okx'), bytes, { id: `f${number}` });
  }
  return new FillList(bus.as('gateway'), log);
}

async function walk(list: FillList, limit: number, filter: (one: Fill) => boolean = () => true): Promise<number[]> {
  const found: number[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<FillList['page']>> = await list.page(filter, limit, cursor ?? undefined);
    expect(page!.data.length).toBeLessThanOrEqual(limit);
    found.push(...page!.data.map(({ atUs }) => atUs));
    ({ cursor } = page!);
  } while (cursor !== null);
  return found;
}
const all = (count: number): number[] => Array.from({ length: count }, (_, at) => count - at).filter((number) => number !== 7);

test('every fill comes once, newest first, however many there are; one that cannot be read stops nothing', async () => {
  const list = await listOf(1_300);
  for (const limit of [1_000, 256, 255, 7]) expect(await walk(list, limit)).toEqual(all(1_300));
  expect(await walk(list, 5, ({ venue }) => venue === 'kraken')).toEqual([1_300, 1_200, 1_100, 1_000, 900, 800, 700, 600, 500, 400, 300, 200, 100]);
  expect(await walk(await listOf(0), 10)).toEqual([]);
  expect(await walk(await listOf(6), 6)).toEqual(all(6));
});

test('a list of which the oldest have gone ends where it begins', async () => {
  const found = await walk(await listOf(2_000, 1_500), 100);
  expect(found.length).toBeGreaterThan(300);
  expect(found.length).toBeLessThan(1_000);
  expect(found).toEqual(all(2_000).slice(0, found.length));
});

test('a page that is asked for again while fills come is the same', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const append = (number: number): Promise<unknown> =>
    bus.as('execution').streams.append(subjects.fill('paper', 'okx'), encodeJson(fill(number)), { id: `f${number}` });
  for (const number of [1, 2, 3, 4]) await append(number);
  const list = new FillList(bus.as('gateway'), log);
  const { cursor } = (await list.page(() => true, 2))!;
  await append(5);
  expect((await list.page(() => true, 2, cursor!))!.data.map(({ atUs }) => atUs)).toEqual([2, 1]);
});

test.each(['nonsense', Buffer.from('newest:4').toString('base64url'), Buffer.from('fills:0').toString('base64url'), Buffer.from('fills:1e9').toString('base64url')])(
  'the cursor %s is none of its own', async (cursor) => {
    expect(await (await listOf(1)).page(() => true, 1, cursor)).toBeNull();
  },
);
