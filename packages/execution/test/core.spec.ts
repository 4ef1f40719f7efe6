import type { HaltRecord } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { approvedOf, exits, legs, options } from './scene.js';
import { World, type Behaviour } from './world.js';

const halt: HaltRecord = { halted: true, by: 'someone', reason: 'a test', atUs: 1 };
const byVenue = (behaviours: Record<string, Behaviour>) => new World(({ venue }) => behaviours[venue] ?? { fill: '1' });

test('both legs are stored before either is sent, sent together, and acknowledged after', () => {
  const world = new World();
  world.approve(approvedOf());
  world.settle();
  expect(world.log.slice(0, 5)).toEqual(['store leg 0 created', 'store leg 1 created', 'place binance', 'place okx', 'acknowledge']);
  expect(world.orders.map(({ order }) => order.state)).toEqual(['created', 'created', 'filled', 'filled']);
  expect(world.states()).toEqual(['leg 0 filled 1', 'leg 1 filled 1']);
  expect(world.results).toMatchObject([{ outcome: 'completed', spread: '1', slippage: '0', fees: '-0.2', exitCost: '0', held: '0', total: '0.8' }]);
  expect(world.fills[0]).toMatchObject({ account: 'main', strategy: 'arbitrage', traceparent: expect.any(String) });
  expect(world.positions).toMatchObject([{ venue: 'binance', size: '1', averagePrice: '100' }, { venue: 'okx', size: '-1' }]);
  expect([world.core.ledger.balance('main', 'binance', 'USDT'), world.core.ledger.balance('main', 'binance', 'BTC')]).toEqual(['99899.9', '1']);
  expect(world.core.orders).toMatchObject({ illegal: 0, inconsistent: 0 });
});

test('an approval, an answer and a fill that come again change nothing', () => {
  const world = new World();
  world.approve(approvedOf());
  world.core.onApproved(approvedOf(), world.nowUs);
  world.settle();
  const told = world.orders.length;
  world.core.onApproved(approvedOf(), world.nowUs);
  for (const order of world.atVenue.values()) {
    world.report(order);
    world.core.onPlaced(world.requests.find(({ clientId }) => clientId === order.clientId)!, { kind: 'accepted', order }, world.nowUs);
  }
  world.settle();
  expect([world.orders.length, world.fills.length, world.requests.length, world.core.duplicates]).toEqual([told, 2, 2, 2]);
});

test.each<[string, Behaviour]>([['rejected', { reject: true }], ['expired', {}], ['of unknown outcome and not there', { way: 'lost' }]])(
  'a leg that is %s is hedged within the cost limit',
  (_name, failure) => {
    const world = byVenue({ okx: failure, kraken: { fill: '1', price: '100.5' } });
    world.approve(approvedOf('intent-1', {}, 1_500_000));
    world.pass(5_000_000);
    // Sold for 101 − 2 + fee of at most 2: 99.0990… → on the step above 99.1.
    expect(world.requests.filter(({ venue }) => venue === 'kraken')).toMatchObject([{ side: 'sell', price: '99.1', size: '1', timeInForce: 'IOC' }]);
    expect(world.states()[2]).toBe('hedge 1 filled 1');
    expect(world.results).toMatchObject([{ outcome: 'exited', spread: '1', exitCost: '-0.5', fees: '-0.2', held: '0', total: '0.3' }]);
  },
);

test('a first leg that fails is taken back at the second: what was sold is bought again, once', () => {
  const world = byVenue({ binance: { reject: true }, okx: { fill: '1' } });
  world.approve(approvedOf());
  world.pass(1_000_000);
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'okx', side: 'buy', size: '1', timeInForce: 'IOC' }]);
  expect(world.states()).toEqual(['leg 0 rejected 0', 'leg 1 filled 1', 'reverse 0 filled 1']);
  expect(world.core.ledger.positions().filter(({ size }) => size !== '0')).toEqual([]);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null }]);
});

test('a leg filled in part is hedged for the rest, and what the hedge leaves is reversed', () => {
  const world = new World(({ venue, side }) => (venue === 'okx' ? { fill: '0.25' } : venue === 'kraken' ? { fill: '0.5' } : side === 'sell' ? { fill: '1', price: '99' } : { fill: '1' }));
  world.approve(approvedOf());
  world.pass(1_000_000);
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'kraken', size: '0.75' }, { venue: 'binance', side: 'sell', size: '0.25' }]);
  expect(world.states().slice(2)).toEqual(['hedge 1 expired 0.5', 'reverse 1 filled 0.25']);
  const [result] = world.results;
  expect(result).toMatchObject({ outcome: 'exited', spread: '0.75', fees: '-0.4', held: '0', uneven: null });
  // Bought 1 at 100; sold 0.25 at 101, 0.5 at the hedge's own limit, 0.25 at 99: what moved is what is told.
  const hedge = Number(world.requests[2].price);
  expect(Number(result.total)).toBeCloseTo(-100 + 25.25 + 0.5 * hedge + 24.75 - 0.4, 9);
});

test('an exit that the market says would cost too much is passed over, and the last is to hold', () => {
  const world = byVenue({ okx: { reject: true } });
  for (const venue of ['binance', 'kraken']) world.quote(venue, '90.00', '90.10');
  world.approve(approvedOf());
  world.settle();
  expect(world.requests).toHaveLength(2);
  expect(world.results).toMatchObject([{ outcome: 'held', held: '-100', passedOver: { 0: expect.stringContaining('90'), 1: expect.stringContaining('cost 10.09, more than its cost limit of 3') } }]);
  // What stands alone is named, for the one who must even it.
  expect(world.results[0].uneven).toEqual({ venue: 'binance', symbol: 'BTC/USDT', side: 'buy', size: '1', baseSize: '1', price: '100' });
});

test('an order whose answer was lost is asked for, not sent again', () => {
  const world = byVenue({ okx: { fill: '1', way: 'unanswered' } });
  world.approve(approvedOf());
  world.pass(200_000);
  expect([world.requests.length, world.results[0].outcome, world.core.resent]).toEqual([2, 'completed', 0]);
  const { clientId } = world.requests[1];
  expect(world.orders.filter(({ order }) => order.id === clientId).map(({ order }) => order.state)).toEqual(['created', 'sending', 'filled']);
});

test('an order that never arrived goes again only when the first request can no longer come alive', () => {
  let okx = 0;
  const world = new World(({ venue }) => (venue === 'okx' && okx++ === 0 ? { way: 'lost' } : { fill: '1' }));
  world.approve(approvedOf());
  world.pass(1_200_000);
  expect(world.requests).toHaveLength(2);
  world.pass(5_000_000);
  expect([world.requests.length, world.results[0].outcome, world.core.resent]).toEqual([3, 'completed', 1]);
  expect(world.requests[2]).toMatchObject({ clientId: world.requests[1].clientId });
});

test('under halt nothing new goes, what rests is cancelled, and only exits that reduce may go', () => {
  const resting = [{ ...legs[0], timeInForce: 'GTC' as const }, { ...legs[1], timeInForce: 'GTC' as const }];
  const world = new World(({ venue, side }) => (venue === 'okx' ? { rests: true } : venue === 'binance' && side === 'buy' ? { fill: '0.5', rests: true } : { fill: '1' }));
  world.approve(approvedOf('a', { legs: resting }));
  world.settle();
  expect(world.states()).toEqual(['leg 0 partiallyFilled 0.5', 'leg 1 open 0']);
  world.core.onHalt(null, halt, world.nowUs);
  world.settle();
  expect(world.states().slice(0, 2)).toEqual(['leg 0 cancelled 0.5', 'leg 1 cancelled 0']);
  // The hedge would sell at kraken, where nothing is held; the reversal sells what was bought.
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'binance', side: 'sell', size: '0.5' }]);
  world.approve(approvedOf('b'));
  world.settle();
  expect(world.states().slice(3)).toEqual(['leg 0 expired 0', 'leg 1 expired 0']);
  expect(world.orders.at(-1)!.order.reason).toBe('halted: a test');
  expect([...world.acknowledged]).toHaveLength(2);
});

test('when risk falls silent what rests is cancelled and nothing new goes until it speaks', () => {
  const world = new World(() => ({ rests: true }));
  world.approve(approvedOf('a', { legs: legs.map((leg) => ({ ...leg, timeInForce: 'GTC' as const })) }));
  world.pass(options.riskSilenceUs + 10, false);
  expect(world.states()).toEqual(['leg 0 cancelled 0', 'leg 1 cancelled 0']);
  world.approve(approvedOf('b'));
  world.settle();
  expect(world.orders.at(-1)!.order).toMatchObject({ state: 'expired', reason: 'risk is silent' });
  world.core.onRiskAlive(world.nowUs);
  world.approve(approvedOf('c'));
  world.settle();
  expect(world.requests).toHaveLength(4);
});

test('an approval that arrives late places nothing and leaves its orders as expired', () => {
  const world = new World();
  world.approve(approvedOf('late', {}, world.nowUs));
  world.settle();
  expect([world.requests.length, world.states()]).toEqual([0, ['leg 0 expired 0', 'leg 1 expired 0']]);
  expect(world.results).toMatchObject([{ outcome: 'nothing-filled', total: '0' }]);
});

test('an order that the venue refuses after it rested is at its end', () => {
  const world = new World(({ venue }) => (venue === 'okx' ? { rests: true } : { fill: '1' }));
  world.approve(approvedOf('a', { legs: [legs[0], { ...legs[1], timeInForce: 'GTC' }] }));
  world.settle();
  const [, { clientId }] = world.requests;
  world.report({ ...world.atVenue.get(clientId)!, status: 'rejected', reason: 'delisted' });
  world.settle();
  expect(world.orders.find(({ order }) => order.reason === 'delisted')?.order.state).toBe('cancelled');
  expect(world.results).toMatchObject([{ outcome: 'exited' }]);
});

test('parts that do not divide evenly are put right to the last step, and what is level is told as level', () => {
  const sized = (size: string) => ({ legs: legs.map((leg) => ({ ...leg, size })), exits: exits.map((exit) => ({ ...exit, size })) });
  // Of 3 the sale lacks 1, all of which the hedge sells; of 7 it lacks 6: the hedge sells 2, the reversal 4.
  const third = new World(({ venue }) => ({ fill: venue === 'okx' ? '2' : '9' }));
  third.approve(approvedOf('a', sized('3')));
  third.pass(1_000_000);
  expect(third.requests.slice(2)).toMatchObject([{ venue: 'kraken', size: '1' }]);
  expect(third.results).toMatchObject([{ outcome: 'exited', uneven: null }]);
  for (let size = 7; size < 60; size += 3) {
    const world = new World(({ venue }) => ({ fill: venue === 'okx' ? '1' : venue === 'kraken' ? '2' : '99' }));
    world.approve(approvedOf('a', sized(String(size))));
    world.pass(1_000_000);
    expect(world.requests.slice(2)).toMatchObject([{ venue: 'kraken', size: String(size - 1) }, { venue: 'binance', size: String(size - 3) }]);
    expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null }]);
  }
});
