import { expect, test } from '@jest/globals';
import type { Order, OrderState } from '@parallax/types';
import { instruments } from '../test/scene.js';
import { Ledger } from './ledger.js';
import { OrderKeeper } from './order-keeper.js';

const orderOf = (id: string, state: OrderState, updatedAtUs: number): Order => ({
  id, intentId: `plan of ${id}`, approvalId: 'a', leg: 0, purpose: 'leg', account: 'main', strategy: 's', venue: 'binance', symbol: 'BTC/USDT',
  side: 'buy', type: 'limit', timeInForce: 'IOC', price: '100', size: '1', filledSize: '0', averagePrice: null, state, venueOrderId: null,
  reason: null, createdAtUs: 1, updatedAtUs,
});

test('what ended long ago and belongs to no plan that is remembered is let go of, and nothing else', () => {
  const keeper = new OrderKeeper(instruments(), new Ledger(), { storeOrder: () => {}, storeFill: () => {} });
  const orders = [
    orderOf('open, of a plan that nobody knows', 'open', 10), orderOf('remembered', 'filled', 10), orderOf('old', 'filled', 10), orderOf('young', 'cancelled', 101),
    orderOf('at the bound', 'rejected', 100), orderOf('sending', 'sending', 500), orderOf('old too', 'expired', 20),
  ];
  for (const order of orders) keeper.restoreOrder(order);
  keeper.forget(100, (intentId) => intentId === 'plan of remembered');
  const left = orders.map(({ id }) => id).filter((id) => keeper.get(id));
  expect(left).toEqual(['open, of a plan that nobody knows', 'remembered', 'young', 'sending']);
  expect([keeper.size, keeper.open().map(({ order }) => order.id)]).toEqual([4, ['open, of a plan that nobody knows', 'sending']]);
});
