import { expect, test } from '@jest/globals';
import type { VenueOrder } from '@parallax/types';
import { approvedOf, legs, options } from './scene.js';
import { World } from './world.js';

const SECOND = 1_000_000;
const resting = legs.map((leg) => ({ ...leg, timeInForce: 'GTC' as const }));
const purchaseOf = (world: World): VenueOrder => [...world.atVenue.values()].find(({ side }) => side === 'buy')!;
const tell = (world: World, order: VenueOrder, changes: Partial<VenueOrder>): void => {
  world.atVenue.set(order.clientId, { ...order, ...changes });
  world.report(world.atVenue.get(order.clientId)!);
  world.settle();
};
const fillOf = (tradeId: string, size: string): VenueOrder['fills'][number] =>
  ({ tradeId, price: '100', size, fee: '0.1', feeCurrency: 'USDT', liquidity: 'taker', atUs: 2 });

test('an end that is told before its fills is no end: the plan waits for them, and nothing is traded against what was filled', () => {
  for (const status of ['filled', 'expired', 'cancelled'] as const) {
    for (const killed of [false, true]) {
      const world = new World(({ venue }) => (venue === 'binance' ? { rests: true } : { fill: '1' }));
      world.approve(approvedOf());
      world.settle();
      const purchase = purchaseOf(world);
      tell(world, purchase, { status, filledSize: '1', fills: [fillOf('a', '0.4')] });
      if (killed) world.crash();
      world.pass(30 * SECOND);
      expect([world.requests.length, world.results.length, world.core.running]).toEqual([2, 0, 1]);
      expect(world.core.doubts(world.nowUs)).toMatchObject([{ order: { id: purchase.clientId }, summary: expect.stringContaining('filled 1') }]);
      // No report comes: the fills are found by asking.
      world.atVenue.set(purchase.clientId, { ...purchase, status, filledSize: '1', fills: [fillOf('a', '0.4'), fillOf('b', '0.6')] });
      world.pass(10 * SECOND);
      expect(world.results).toMatchObject([{ outcome: 'completed', total: '0.7', fillCount: 3, uneven: null }]);
      expect(world.core.doubts(world.nowUs)).toEqual([]);
      expect(world.requests).toHaveLength(2);
    }
  }
});

test('an order that is told to be filled without a size has fills to come', () => {
  const world = new World(({ venue }) => (venue === 'binance' ? { rests: true } : { fill: '1' }));
  world.approve(approvedOf());
  world.settle();
  tell(world, purchaseOf(world), { status: 'filled', filledSize: '0', fills: [] });
  expect(world.core.running).toBe(1);
  tell(world, purchaseOf(world), { filledSize: '1', fills: [fillOf('a', '1')] });
  expect(world.results).toMatchObject([{ outcome: 'completed', fillCount: 2 }]);
});

test('an order that its venue had and does not know any more is never sent again', () => {
  for (const fill of ['0', '0.4']) {
    for (const killed of [false, true]) {
      const world = new World(({ venue }) => (venue === 'binance' ? { rests: true, fill } : { fill: '1' }));
      world.approve(approvedOf('a', { legs: resting }, world.nowUs + 300 * SECOND));
      world.settle();
      const purchase = purchaseOf(world);
      world.atVenue.delete(purchase.clientId);
      world.pass(20 * SECOND);
      if (killed) world.crash();
      world.pass(20 * SECOND);
      expect(world.requests).toHaveLength(2);
      expect(world.core.doubts(world.nowUs)).toMatchObject([{ order: { id: purchase.clientId }, summary: expect.stringContaining('does not know') }]);
      // It is there again: nothing happened.
      world.atVenue.set(purchase.clientId, purchase);
      world.pass(10 * SECOND);
      expect(world.core.doubts(world.nowUs)).toEqual([]);
      tell(world, purchase, { status: 'filled', filledSize: '1', fills: fill === '0' ? [fillOf('a', '1')] : [...purchase.fills, fillOf('a', '0.6')] });
      expect(world.results).toMatchObject([{ outcome: 'completed', uneven: null }]);
      expect([world.requests.length, world.core.orders.illegal]).toEqual([2, 0]);
    }
  }
});

test('what its venue has not known for long is over, with what had filled; a fill that comes all the same takes the plan up again', () => {
  const world = new World(({ venue, side }) => (venue === 'binance' && side === 'buy' ? { rests: true, fill: '0.4' } : { fill: '1' }));
  world.approve(approvedOf('a', { legs: resting }, world.nowUs + 300 * SECOND));
  world.settle();
  const purchase = purchaseOf(world);
  world.atVenue.delete(purchase.clientId);
  world.pass(options.lostOrderUs + 20 * SECOND);
  // What was sold and not bought is bought back.
  expect(world.states()).toEqual(['leg 0 cancelled 0.4', 'leg 1 filled 1', 'reverse 0 filled 0.6']);
  expect(world.orders.findLast(({ order }) => order.id === purchase.clientId)!.order.reason).toMatch('does not know');
  expect(world.results).toMatchObject([{ revision: 1, outcome: 'exited', uneven: null }]);
  expect([world.core.doubts(world.nowUs), world.core.orders.illegal]).toEqual([[], 0]);
  tell(world, purchase, { status: 'filled', filledSize: '1', fills: [...purchase.fills, fillOf('a', '0.6')] });
  world.pass(5 * SECOND);
  expect(world.results.at(-1)).toMatchObject({ revision: 2, uneven: null });
});

test('one answer that it is not known is no news: an order that was just accepted may not be found at once', () => {
  const world = new World(({ venue }) => (venue === 'binance' ? { rests: true } : { fill: '1' }));
  world.approve(approvedOf('a', { legs: resting }, world.nowUs + 300 * SECOND));
  world.settle();
  const purchase = purchaseOf(world);
  world.atVenue.delete(purchase.clientId);
  world.pass(options.reconcileUs + SECOND);
  world.atVenue.set(purchase.clientId, purchase);
  expect(world.core.doubts(world.nowUs)).toEqual([]);
  world.pass(5 * SECOND);
  expect([world.core.doubts(world.nowUs), world.states()]).toEqual([[], ['leg 0 open 0', 'leg 1 filled 1']]);
});

test('a fill was neither before its order was made nor after we hear of it, whatever its venue’s clock says', () => {
  const day = 86_400 * SECOND;
  const world = new World(({ venue }) => (venue === 'binance' ? { rests: true } : { fill: '1' }));
  world.nowUs += 10 * day;
  world.core.onRiskAlive(world.nowUs);
  world.approve(approvedOf('a', { legs: resting }, world.nowUs + day));
  world.settle();
  const { createdAtUs } = world.orders[0].order;
  world.pass(20 * SECOND);
  const soonUs = createdAtUs + 7 * SECOND;
  const fills = [createdAtUs - 2 * day, 0, soonUs, world.nowUs + day].map((atUs, number) => ({ ...fillOf(`f${number}`, '0.25'), atUs }));
  const heardAtUs = world.nowUs;
  tell(world, purchaseOf(world), { status: 'filled', filledSize: '1', fills });
  const told = world.fills.filter(({ side }) => side === 'buy').map(({ atUs }) => atUs);
  expect(told).toEqual([createdAtUs, createdAtUs, soonUs, heardAtUs]);
});
