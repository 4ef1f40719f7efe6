import { expect, test } from '@jest/globals';
import { InstrumentTable } from '@parallax/types';
import { ExecutionCore } from '../src/index.js';
import { approvedOf, legs, options } from './scene.js';
import { World } from './world.js';

const named = (world: World, name: string): number => world.tasks.findIndex((task) => task.name === name);

test('a request that left long after its order was decided may still arrive after a restart', () => {
  const world = new World(() => ({ fill: '1', way: 'late' }));
  world.approve(approvedOf('a', {}, world.nowUs + options.sendValidityUs + 500_000));
  // The stream is slow: both requests leave when the orders are older than a request's validity, and the process dies then.
  world.step(0);
  world.nowUs += options.sendValidityUs + options.clockMarginUs + 100_000;
  world.step(0);
  for (const venue of ['binance', 'okx']) world.step(named(world, `place ${venue}`));
  world.crash();
  world.pass(10_000_000);
  expect(world.states()).toEqual(['leg 0 filled 1', 'leg 1 filled 1']);
  expect(world.results).toMatchObject([{ outcome: 'completed' }]);
  expect(world.requests).toHaveLength(2);
});

test('a plan ends once, also where its last order may no longer go', () => {
  const world = new World(() => ({ way: 'lost' }));
  world.approve(approvedOf('a'));
  world.settle();
  // The venues know neither: both are to go again, and wait until that is stored.
  while (world.core.resent < 2) {
    const open = world.tasks.findIndex(({ name }) => !name.startsWith('store'));
    if (open >= 0) world.step(open);
    else world.wakeAt(world.core.wakeAtUs);
  }
  world.core.onHalt(null, { halted: true, by: 'someone', reason: 'a test', atUs: 1 }, world.nowUs);
  world.pass(5_000_000);
  expect(world.results).toMatchObject([{ outcome: 'nothing-filled' }]);
});

test('what ended long ago is forgotten; an approval of then places nothing, and positions stay', () => {
  const world = new World();
  for (const id of ['a', 'b']) world.approve(approvedOf(id, {}, world.nowUs + 1_000_000));
  world.pass(1_000_000);
  expect([world.results.length, world.core.orders.size]).toEqual([2, 4]);
  const balance = (): string => world.core.ledger.balance('main', 'binance', 'USDT');
  const held = balance();
  world.pass(options.retentionUs - 2_000_000);
  expect(world.core.orders.size).toBe(4);
  world.pass(120_000_000);
  expect(world.core.orders.size).toBe(0);
  world.core.onApproved(world.approvals[0], world.nowUs);
  world.pass(1_000_000);
  expect([world.orders.length, world.requests.length, world.results.length, world.core.running]).toEqual([8, 4, 2, 0]);

  // After a restart the same is known, and the same is not.
  world.crash();
  world.pass(1_000_000);
  expect([world.core.orders.size, world.core.running, world.results.length, balance()]).toEqual([0, 0, 2, held]);
});

test('a sweep takes what ended long ago, also behind what ended late, and leaves that: its fills are still heard', () => {
  const world = new World(({ venue, clientId }) => (venue === 'okx' && clientId === world.requests[1]?.clientId ? { rests: true } : { fill: '1' }));
  const lasting = options.retentionUs / 2;
  world.approve(approvedOf('late', { legs: [legs[0], { ...legs[1], timeInForce: 'GTC' }] }, world.nowUs + lasting));
  world.settle();
  world.approve(approvedOf('early', {}, world.nowUs + 1_000_000));
  world.pass(lasting + 1_000_000);
  expect(world.results.map(({ intentId }) => intentId)).toEqual(['early', 'late']);
  world.pass(options.retentionUs - lasting + 120_000_000);
  // Two legs and the exit of the one that ended late; those of the other are gone, though they were placed after.
  expect(world.core.orders.size).toBe(3);
  const sale = world.atVenue.get(world.requests[1].clientId)!;
  world.report({ ...sale, filledSize: '1', fills: [{ tradeId: 'late', price: '101', size: '1', fee: '0', feeCurrency: 'USDT', liquidity: 'taker', atUs: 1 }] });
  world.settle();
  expect(world.fills.filter(({ orderId }) => orderId === sale.clientId)).toMatchObject([{ size: '1' }]);
});

test('a second approval of one intent is acknowledged under its own id and places nothing', () => {
  const world = new World();
  world.approve(approvedOf('a'));
  world.approve({ ...approvedOf('a'), id: 'approval-of-another-epoch' });
  world.pass(1_000_000);
  expect([...world.acknowledged].toSorted()).toEqual(['approval-a', 'approval-of-another-epoch']);
  expect([world.requests.length, world.results.length]).toEqual([2, 1]);
});

test('an order whose fills are gone from the stream keeps what it says was filled', () => {
  const world = new World();
  world.approve(approvedOf('a'));
  world.settle();
  const told = world.orders.length;
  world.fills.length = 0;
  world.crash(false);
  world.pass(1_000_000);
  expect([world.orders.length, world.states()]).toEqual([told, ['leg 0 filled 1', 'leg 1 filled 1']]);
});

test('a fill of an instrument that nobody told yet is no fill that never was: the state is not known until it is', () => {
  const world = new World();
  world.approve(approvedOf('a'));
  world.pass(1_000_000);
  expect(world.fills).toHaveLength(2);
  const early = new ExecutionCore(options, new InstrumentTable(), world, { epoch: 2, grantedBy: 'bus' });
  for (const { order } of world.orders) early.restoreOrder(order);
  expect(() => early.restoreFill(world.fills[0])).toThrow(expect.objectContaining({ code: 'INSTRUMENT_UNKNOWN', message: expect.stringContaining('binance:BTC/USDT') }));
});
