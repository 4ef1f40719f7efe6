import { expect, test } from '@jest/globals';
import { VirtualTime } from '@parallax/simulation';
import type { OrderCursor, OrdersOutcome, VenueDoor, VenueOrder } from '@parallax/types';
import { Reconciler } from '../src/reconciler.js';

const orderOf = (clientId: string, atUs: number): VenueOrder => ({ clientId, atUs }) as VenueOrder;
const SECOND = 1_000_000;
const START_US = 1_000_000 * SECOND;

/** A reconciler of one account at one venue, whose answers the test gives. */
function open() {
  const time = new VirtualTime(START_US);
  const asked: { sinceUs: number; after: OrderCursor | null; answer: (outcome: OrdersOutcome) => void }[] = [];
  const door = {
    venue: 'okx',
    changedSince: (_account: string, sinceUs: number, after: OrderCursor | null) =>
      new Promise<OrdersOutcome>((answer) => asked.push({ sinceUs, after, answer })),
  } as unknown as VenueDoor;
  const told: string[] = [];
  const reconciler = new Reconciler([door], ['main'], time, time, (_venue, { clientId }) => void told.push(clientId), (error) => {
    throw error;
  });
  reconciler.start(START_US);
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  };
  /** Lets time pass, and what is due within it happen. */
  const pass = async (us: number): Promise<void> => {
    await turns();
    time.advanceTo(time.nowUs() + us);
    await turns();
  };
  return { time, asked, told, reconciler, turns, pass };
}
const numbered = (count: number): VenueOrder[] => Array.from({ length: count }, (_unused, index) => orderOf(`o${index}`, 10 + index));

test('all pages of a round are taken in, each after the cursor of the one before; the next round begins before the first was asked', async () => {
  const { asked, told, pass, reconciler } = open();
  const next = { atUs: 10, clientId: 'a' };
  asked[0].answer({ kind: 'found', orders: [orderOf('a', 10)], next });
  await pass(1_000);
  asked[1].answer({ kind: 'found', orders: [orderOf('b', 11)], next: null });
  await pass(30 * SECOND);
  expect(asked.map(({ sinceUs, after }) => [sinceUs, after])).toEqual([
    [START_US - 60 * SECOND, null], [START_US - 60 * SECOND, next], [START_US - 60 * SECOND, null],
  ]);
  expect(told).toEqual(['a', 'b']);
  reconciler.stop();
});

test('a page that is not answered is asked for again, and not the pages before it', async () => {
  const { asked, told, pass, reconciler } = open();
  const next = { atUs: 10, clientId: 'a' };
  asked[0].answer({ kind: 'found', orders: [orderOf('a', 10)], next });
  await pass(0);
  asked[1].answer({ kind: 'unknown', detail: 'no answer' });
  await pass(SECOND);
  expect(asked.map(({ after }) => after)).toEqual([null, next, next]);
  asked[2].answer({ kind: 'found', orders: [orderOf('b', 11)], next: null });
  await pass(0);
  expect(told).toEqual(['a', 'b']);
  reconciler.stop();
});

test('a long page is not taken in within one turn: what waits has its turn between, and the rest follows', async () => {
  const { asked, told, turns, pass, reconciler } = open();
  asked[0].answer({ kind: 'found', orders: numbered(500), next: null });
  await turns();
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(100);
  for (let turn = 0; turn < 40; turn++) await pass(0);
  expect(told).toEqual(numbered(500).map(({ clientId }) => clientId));
  reconciler.stop();
});

test('a report that comes between the turns of a page counts: what the page says of the time before is not told', async () => {
  const { asked, told, turns, pass, reconciler } = open();
  asked[0].answer({ kind: 'found', orders: numbered(100), next: null });
  await turns();
  reconciler.heard('okx', orderOf('o98', 1_000));
  reconciler.heard('kraken', orderOf('o97', 1_000));
  reconciler.heard('okx', orderOf('o99', 109));
  for (let turn = 0; turn < 10; turn++) await pass(0);
  expect(told).toEqual(numbered(100).map(({ clientId }) => clientId).filter((clientId) => clientId !== 'o98'));
  reconciler.stop();
});

test('nothing is told any more once it is stopped, also in the midst of a page', async () => {
  const { asked, told, turns, pass, reconciler } = open();
  asked[0].answer({ kind: 'found', orders: numbered(100), next: { atUs: 109, clientId: 'o99' } });
  await turns();
  const before = told.length;
  reconciler.stop();
  for (let turn = 0; turn < 10; turn++) await pass(SECOND);
  expect([told.length, asked.length]).toEqual([before, 1]);
});
