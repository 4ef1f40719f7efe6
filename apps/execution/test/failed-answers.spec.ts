import { VirtualTime } from '@parallax/simulation';
import { until } from '@parallax/testing';
import type { VenueDoor, VenueOrder } from '@parallax/types';
import { STREAMS } from '@parallax/wire';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Reconciler } from '../src/reconciler.js';
import { Stand } from './stand.js';

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(async () => stand.close());

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
/** Execution whose host hears what fails. */
async function started(failed: string[]): Promise<ReturnType<Stand['service']>> {
  const watch = { counters: {}, failed: (_error: unknown, place: string) => void failed.push(place), troubles: () => [] };
  const service = stand.service('one', {}, { log: quiet, watch });
  await service.start();
  await until(() => service.health().ready);
  return service;
}

test('what follows from a venue’s answer and fails is told to the host, ends nothing, and what the venue says next counts', async () => {
  const failed: string[] = [];
  const service = await started(failed);
  stand.okx.answer = () => ({ filledSize: 'no number' });
  await stand.approve('a');
  await until(() => failed.length > 0);
  expect(failed[0]).toBe('okx’s answer to an order');
  stand.okx.answer = () => ({});
  for (const order of stand.okx.orders.values()) stand.okx.tell({ ...order, filledSize: '1' });
  await until(async () => (await stand.read(STREAMS.results)).length === 1);
  await stand.approve('b');
  await until(async () => (await stand.read(STREAMS.results)).length === 2);
  expect([service.health().ready, await stand.read(STREAMS.results)]).toMatchObject([true, [{ outcome: 'completed' }, { outcome: 'completed' }]]);
});

test('one order of a venue that cannot be taken in keeps nobody from the others, now and in the next round', async () => {
  const time = new VirtualTime(1_000_000_000_000);
  const orders = ['bad', 'good'].map((clientId) => ({ clientId }) as VenueOrder);
  const door = { venue: 'okx', changedSince: () => Promise.resolve({ kind: 'found', orders, next: null }) } as unknown as VenueDoor;
  const told: string[] = [];
  const failed: string[] = [];
  const reconciler = new Reconciler([door], ['main'], time, time, (_venue, { clientId }) => {
    if (clientId === 'bad') throw new Error('a fault of ours');
    told.push(clientId);
  }, (_error, place) => void failed.push(place));
  reconciler.start(time.nowUs());
  for (let round = 0; round < 2; round++) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    time.advanceTo(time.nowUs() + 30_000_000);
  }
  reconciler.stop();
  expect([told, failed]).toEqual([['good', 'good'], ['what okx says that changed', 'what okx says that changed']]);
});
