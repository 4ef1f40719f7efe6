import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { STREAMS } from '@parallax/wire';
import type { ExecutionService } from '../src/index.js';
import { Stand } from './stand.js';

let stand: Stand;
let service: ExecutionService;
beforeEach(async () => {
  stand = await Stand.open();
  service = stand.service('one', {}, {}, { longestQueryDelayUs: 50_000, queryDelayUs: 10_000 });
  await service.start();
  await until(() => service.health().ready);
});
afterEach(() => stand.close());

test('an order whose fills its venue has not told is a critical trouble until they come, and nothing is traded for it', async () => {
  stand.okx.answer = () => ({ fills: [] });
  await stand.approve('plan');
  await until(() => service.health().troubles?.length === 1);
  const order = stand.okx.orders.get(stand.okx.placed[0])!;
  expect(service.health().troubles).toEqual([{
    key: `order.${order.clientId}`, severity: 'critical',
    summary: `okx says that it filled ${order.size} of the order ${order.clientId} of ${order.size} BTC/USDT, and tells fills of 0. Its plan waits; compare with the venue`,
  }]);
  expect([stand.placed.length, (await stand.read(STREAMS.results)).length]).toEqual([2, 0]);
  stand.okx.orders.set(order.clientId, { ...order, fills: [stand.okx.fillOf(order.price, order.size)] });
  await until(async () => (await stand.read(STREAMS.results)).length === 1);
  expect([stand.placed.length, service.health().troubles ?? []]).toEqual([2, []]);
});
