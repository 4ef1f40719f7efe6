import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { STREAMS } from '@parallax/wire';
import { Stand } from './stand.js';

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(() => stand.close());

test('without an answer from the door of a venue execution is not ready, and says which and why', async () => {
  stand.okx.away = true;
  const service = stand.service('one');
  await service.start();
  const shut = 'no order can leave for okx, whose door does not answer: nobody listens';
  await until(() => service.health().missing.join() === shut, () => service.health().missing.join());
  expect(service.health()).toMatchObject({ ready: false, actsSinceUs: expect.any(Number) });
  stand.okx.away = false;
  await until(() => service.health().ready);
});

test('an order that stands in sending is a critical trouble with its id, venue and age, until its fate is known', async () => {
  const service = stand.service('one', {}, {}, { unansweredUs: 1, queryDelayUs: 10_000, longestQueryDelayUs: 50_000 });
  await service.start();
  await until(() => service.health().ready);
  stand.okx.away = true;
  await stand.approve('plan');
  const { troubles: [trouble] } = await until(() => {
    const { troubles = [] } = service.health();
    return troubles.length === 1 && troubles[0].summary.includes('sending for 1 s') && { troubles };
  });
  const orders = await stand.read(STREAMS.orders);
  const sent = orders.find(({ venue }) => venue === 'okx')!;
  expect(trouble).toEqual({
    key: `order.${sent.id}`, severity: 'critical',
    summary: `the order ${sent.id} to sell 1 BTC/USDT at okx stands in sending for 1 s: okx has not said what became of it. Its plan waits; compare with the venue`,
  });
  stand.okx.away = false;
  await until(async () => (await stand.read(STREAMS.results)).length === 1);
  expect(service.health().troubles ?? []).toEqual([]);
});
