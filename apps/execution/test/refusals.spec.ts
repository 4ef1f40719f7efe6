import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Trouble } from '@parallax/types';
import { STREAMS } from '@parallax/wire';
import type { ExecutionService } from '../src/index.js';
import { Stand } from './stand.js';

let stand: Stand;
let service: ExecutionService;
let approved = 0;
beforeEach(async () => {
  stand = await Stand.open();
  service = stand.service('one');
  await service.start();
  await until(() => service.health().ready);
  approved = 0;
});
afterEach(() => stand.close());

/** Carries out another plan to its end. */
async function plan(): Promise<void> {
  await stand.approve(`plan-${++approved}`);
  await until(async () => (await stand.read(STREAMS.results)).length === approved);
}
const troubles = (): readonly Trouble[] => service.health().troubles ?? [];

test('a run of refusals is a critical trouble with venue, code and reason, until an order is accepted there', async () => {
  stand.okx.refusal = { code: 'MARKET CLOSED', detail: 'come again on Monday' };
  for (let count = 0; count < 4; count++) await plan();
  // What another venue accepts says nothing of this one.
  expect([troubles(), stand.placed.length]).toEqual([[], 4]);
  await plan();
  expect(troubles()).toEqual([{
    key: 'refused.okx.MARKET_CLOSED', severity: 'critical',
    summary: 'okx refuses orders with MARKET CLOSED, and has accepted none since: come again on Monday',
  }]);
  stand.okx.refusal = null;
  await plan();
  expect(troubles()).toEqual([]);
  stand.okx.refusal = { code: 'MARKET CLOSED', detail: 'come again on Monday' };
  for (let count = 0; count < 4; count++) await plan();
  expect(troubles()).toEqual([]);
});

test('an epoch that a venue does not take is one at once: no later order would fare better', async () => {
  stand.binance.refusal = { code: 'EPOCH_FOREIGN', detail: 'the lease was granted by the bus x' };
  await plan();
  expect(troubles()).toMatchObject([{ key: 'refused.binance.EPOCH_FOREIGN', severity: 'critical', summary: expect.stringContaining('by the bus x') }]);
});

test('that the venue knows an order of before the run is no acceptance: nothing was taken since', async () => {
  // What fills at okx is told in part, so that the order is asked for again and again.
  stand.okx.answer = () => ({ filledSize: '1', fills: [], status: 'open' });
  await stand.approve('lacking');
  await until(() => stand.okx.orders.size === 1);
  stand.okx.answer = () => ({});
  stand.okx.refusal = { code: 'MARKET CLOSED', detail: 'come again on Monday' };
  for (let count = 0; count < 5; count++) {
    await stand.approve(`plan-${count}`);
    await until(async () => (await stand.read(STREAMS.results)).length === count + 1);
  }
  const questions = stand.okx.questions;
  await until(() => stand.okx.questions > questions + 1);
  expect(troubles()).toEqual(expect.arrayContaining([expect.objectContaining({ key: 'refused.okx.MARKET_CLOSED' })]));
});

test('orders that are open at a venue without a door are told: nobody can ask what became of them', async () => {
  stand.okx.answer = () => null;
  await stand.approve('lost');
  await until(() => stand.okx.placed.length === 1);
  await service.stop();
  const other = stand.service('other', {}, {}, {}, [stand.binance]);
  await other.start();
  await until(() => other.health().ready);
  expect(other.health().troubles).toEqual([{
    key: 'no-door.okx', severity: 'critical', summary: 'orders are open at okx, which has no door here: nobody can ask what became of them. Add it to VENUES',
  }]);
});
