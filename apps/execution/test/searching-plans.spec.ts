import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { Stand } from './stand.js';

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(async () => stand.close());

test('a plan with a leg that stands alone is a warning while it waits for a way out, and none before', async () => {
  const service = stand.service('one', {}, {}, { takerFees: { okx: '0.001' } });
  await service.start();
  await until(() => service.health().ready);
  stand.okx.refusal = { code: 'SYSTEM_BUSY', detail: 'not now' };
  expect(service.health().troubles).toBeUndefined();
  // Bought at binance; sold nowhere, since okx refuses the leg and what is to stand in for it.
  await stand.approve('a', stand.time.nowUs(), [{ kind: 'hedge', forLeg: 1, venue: 'okx', symbol: 'BTC/USDT', side: 'sell', price: '90', size: '1', costLimit: '10' }]);
  const troubles = await until(() => service.health().troubles);
  expect(troubles).toEqual([{
    key: 'exit.main', severity: 'warning',
    summary: expect.stringMatching(/^account main: 1 BTC\/USDT that were bought at binance for the plan a stand alone and wait for a way out since 20.*Z.*\. It is tried again/),
  }]);
  expect(service.health().counters).toMatchObject({ running: 1 });
});
