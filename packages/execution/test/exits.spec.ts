import { expect, test } from '@jest/globals';
import type { Fill } from '@parallax/types';
import { approvedOf, exits, instruments, legs, options } from './scene.js';
import { World, type Behaviour } from './world.js';

const byVenue = (behaviours: Record<string, Behaviour>, given = options) => new World(({ venue }) => behaviours[venue] ?? { fill: '1' }, given);
/** The exits' requests: the legs' are the first two. */
const tried = (world: World): string[] => world.requests.slice(2).map(({ venue, side, size, price }) => `${venue} ${side} ${size} at ${price}`);
const SECOND = 1_000_000;

test('a reverse is bounded by what it costs against what was paid, however much better that was than the leg’s limit', () => {
  // 0.1 offered at 97000 and sold at 97370, 9737 in all. To buy it back at 97619 costs 24.9 and a fee of 9.7619.
  const size = '0.1';
  const sale = { ...legs[1], price: '97000', size };
  const back = { ...exits[3], price: '97485', size, costLimit: '58.2' };
  const world = byVenue({ binance: { reject: true }, okx: { fill: size, price: '97370' } });
  world.quote('okx', '97618.90', '97619.00');
  world.approve(approvedOf('a', { legs: [{ ...legs[0], price: '96900', size }, sale], exits: [back, { ...exits[4], size }], notional: '9700' }));
  world.settle();
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'okx', side: 'buy', size }]);
  expect(Number(world.requests[2].price)).toBeGreaterThanOrEqual(97_619);
  // At worst it would have cost the limit, fee included: bought at p, 0.1 p × 1.001 − 9737 is at most 58.20.
  expect(Number(world.requests[2].price) * 0.1001 - 9737).toBeLessThanOrEqual(58.2);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null }]);
});

test('exits that cost too much are tried again from the first as the price comes back', () => {
  const world = byVenue({ okx: { reject: true } });
  world.quote('binance', '96.50', '96.60');
  world.quote('kraken', '98.00', '98.10');
  world.approve(approvedOf());
  world.pass(20 * SECOND);
  expect([tried(world), world.results, world.core.running]).toEqual([[], [], 1]);
  expect(world.core.counters).toMatchObject({ waitingForExit: 1 });
  expect(world.core.searching()).toEqual([{
    intentId: 'intent-1', account: 'main', sinceUs: expect.any(Number), uneven: expect.objectContaining({ venue: 'binance', side: 'buy', size: '1' }),
    passedOver: [expect.stringContaining('cost 3.098'), expect.any(String)],
  }]);
  world.quote('binance', '99.00', '99.10');
  world.pass(SECOND);
  expect(tried(world)).toEqual(['binance sell 1 at 97.1']);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null, passedOver: { 0: expect.stringContaining('cost 3.098') } }]);
  expect([world.core.counters.waitingForExit, world.core.searching()]).toEqual([0, []]);
});

test.each(['held', 'exits-exhausted'])(
  'when patience ends, what stands alone is %s, and the bound is named',
  (outcome) => {
    const planned = outcome === 'held' ? exits : exits.filter(({ kind }) => kind !== 'hold');
    const world = byVenue({ okx: { reject: true } });
    world.quote('binance', '98.50', '98.60');
    world.quote('kraken', '97.00', '97.10');
    world.approve(approvedOf('a', { exits: planned.map((exit) => ({ ...exit, costLimit: '1' })) }));
    const endedAtUs = world.nowUs;
    world.pass(options.exitPatienceUs - SECOND);
    expect(world.results).toEqual([]);
    world.pass(2 * SECOND);
    expect(world.results).toMatchObject([{ outcome, reason: 'no way out was found within 60 s', uneven: { venue: 'binance', side: 'buy', size: '1' } }]);
    expect(world.results[0].finishedAtUs - endedAtUs).toBeLessThan(options.exitPatienceUs + options.exitRetryUs * 2);
    expect(Object.keys(world.results[0].passedOver)).toEqual(['0', '1']);
  },
);

test('what has lost more than it may at the market is held before patience ends', () => {
  const world = byVenue({ okx: { reject: true } });
  world.quote('binance', '97.00', '97.10');
  world.approve(approvedOf('a', { exits: exits.slice(1, 3).map((exit) => ({ ...exit, costLimit: '1' })) }));
  world.pass(5 * SECOND);
  expect(world.results).toEqual([]);
  // Three times what the exit may cost.
  world.quote('binance', '96.99', '97.10');
  world.pass(SECOND);
  expect(world.results).toMatchObject([{ outcome: 'held', reason: 'at the market\'s 96.99 what stands alone has lost 3.01 USDT, more than the 3 USDT that it may' }]);
});

test('where nothing is left that another price could open, nobody waits', () => {
  const world = byVenue({ okx: { reject: true } }, { ...options, takerFees: {} });
  world.approve(approvedOf());
  world.settle();
  expect(world.results).toMatchObject([{ outcome: 'held', reason: 'no way out is left that another price could open' }]);
  const without = byVenue({ okx: { reject: true } });
  without.approve(approvedOf('a', { exits: [] }));
  without.settle();
  expect(without.results).toMatchObject([{ outcome: 'exits-exhausted', uneven: { venue: 'binance' } }]);
});

test('an exit that expired unfilled is tried again, each time under another id, and only upon a newer quote', () => {
  const world = new World(({ venue, side }) => (venue === 'okx' ? { reject: true } : side === 'buy' ? { fill: '1' } : {}));
  world.approve(approvedOf('a', { exits: exits.slice(1, 3) }));
  world.pass(3 * SECOND);
  // Nobody knows the market: it was tried once, within its bounds.
  expect(tried(world)).toEqual(['binance sell 1 at 97.1']);
  world.quote('binance', '99.00', '99.10');
  // The same quote stands still: it says no more after the next try.
  const told = world.market.get('binance')!;
  world.market.clear();
  world.pass(1.9 * SECOND);
  expect(tried(world)).toEqual(['binance sell 1 at 97.1', 'binance sell 1 at 97.1']);
  world.market.set('binance', told);
  world.pass(16 * SECOND);
  const again = tried(world).length;
  expect(again).toBeGreaterThan(6);
  // One round each 2 s, since none found anybody.
  expect(again).toBeLessThanOrEqual(2 + 9);
  expect(new Set(world.requests.map(({ clientId }) => clientId)).size).toBe(world.requests.length);
});

test.each([['old', -3], ['of the future', 1]])('a quote that is %s says nothing: the exit is tried within its bounds', (_name, seconds) => {
  const world = byVenue({ okx: { reject: true } });
  world.nowUs += seconds * SECOND;
  world.quote('binance', '90.00', '90.10');
  world.market.clear();
  world.nowUs -= seconds * SECOND;
  world.approve(approvedOf('a', { exits: exits.slice(1, 3) }));
  world.settle();
  expect(tried(world)).toEqual(['binance sell 1 at 97.1']);
});

test('the cost limit is for all orders of an exit together', () => {
  // Sells half of it at 98, for 1.049 with the fee; of 3, 1.951 is left for the rest.
  let sales = 0;
  const world = new World(({ venue, side }) => {
    if (venue === 'okx') return { reject: true };
    return side === 'buy' ? { fill: '1' } : sales++ === 0 ? { fill: '0.5', price: '98' } : { fill: '1' };
  });
  world.quote('binance', '98.00', '98.10');
  world.approve(approvedOf('a', { exits: exits.slice(1, 3) }));
  world.settle();
  expect(tried(world)).toHaveLength(1);
  world.quote('binance', '96.10', '96.20');
  world.pass(SECOND);
  expect(tried(world)).toHaveLength(1);
  world.quote('binance', '96.30', '96.40');
  world.pass(SECOND);
  // 0.5 × (100 − p) + 0.0005 p ≤ 1.951 gives p ≥ 96.194….
  expect(tried(world).slice(1)).toEqual(['binance sell 0.5 at 96.2']);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null }]);
});

test('a plan that waits is found again after any kill, with its tries, and its patience goes on', () => {
  const endings = [0, 1, 2, 3].map((kills) => {
    const world = new World(({ venue, side }) => (venue === 'binance' && side === 'buy' ? { fill: '1' } : venue === 'okx' ? { reject: true } : {}));
    for (const venue of ['binance', 'kraken']) world.quote(venue, '99.50', '99.60');
    world.approve(approvedOf());
    world.pass(2 * SECOND);
    for (let kill = 0; kill < kills; kill++) {
      world.crash();
      world.pass(15 * SECOND);
    }
    world.pass((50 - 15 * kills) * SECOND);
    expect(world.results).toEqual([]);
    world.pass(10 * SECOND);
    // Orders are never sent twice (World throws), nor stored under an id that another has.
    expect(new Set(world.orders.map(({ id }) => id)).size).toBe(world.orders.length);
    return world.results.map(({ outcome, reason, finishedAtUs }) => [outcome, reason, Math.round(finishedAtUs / SECOND)]);
  });
  expect(endings).toEqual(endings.map(() => [['held', 'no way out was found within 60 s', 61]]));
});

test('under halt a plan takes back what it did itself, whatever older position lies there, and no more', () => {
  const world = byVenue({ okx: { reject: true } });
  const older: Fill = {
    id: 'older', orderId: 'of-before', intentId: 'of-before', leg: 0, account: 'main', strategy: 'arbitrage', venue: 'binance', symbol: 'BTC/USDT',
    side: 'sell', price: '100', size: '5', fee: '0', feeCurrency: 'USDT', liquidity: 'taker', atUs: 1,
  };
  world.fills.push(older);
  world.crash();
  world.approve(approvedOf('a', { exits: exits.slice(0, 3) }));
  while (world.fills.length < 2) world.step(0);
  world.halt('main', { halted: true, by: 'someone', reason: 'a test', atUs: 1 });
  world.pass(SECOND);
  expect(tried(world)).toEqual(['binance sell 1 at 97.1']);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null }]);
  expect(world.orders.map(({ order }) => order.reason)).toContain('halted: a test, and it would not reduce what is held');
  expect(world.core.ledger.exposure('main', 'binance', 'BTC/USDT').toFixed()).toBe('-5');
});

test('when risk is silent a hedge elsewhere goes only against what the account holds there', () => {
  const long = (size: string): World => {
    const world = byVenue({ okx: { reject: true } });
    world.fills.push({
      id: 'older', orderId: 'of-before', intentId: 'of-before', leg: 0, account: 'main', strategy: 'arbitrage', venue: 'kraken', symbol: 'BTC/USDT',
      side: 'buy', price: '100', size, fee: '0', feeCurrency: 'USDT', liquidity: 'taker', atUs: 1,
    });
    world.crash();
    world.approve(approvedOf('a', { exits: [exits[0], exits[2]] }));
    while (world.fills.length < 2) world.step(0);
    world.nowUs += options.riskSilenceUs + 1;
    world.settle();
    return world;
  };
  expect(tried(long('1'))).toEqual(['kraken sell 1 at 99.1']);
  const short = long('0.9');
  expect([tried(short), short.core.running]).toEqual([[], 1]);
  // Risk speaks again: then it may.
  short.pass(SECOND);
  expect(tried(short)).toEqual(['kraken sell 1 at 99.1']);
});

test('an exit whose venue has no smaller order leaves the rest to the next round, within the same limit', () => {
  // Hedge in steps of 0.5: of 0.75 it takes 0.5, the reverse the rest.
  const world = new World(({ venue }) => (venue === 'okx' ? { fill: '0.25' } : { fill: '9' }), options, instruments({ kraken: { sizeStep: 5000, minimumSize: 5000 } }));
  world.approve(approvedOf());
  world.pass(SECOND);
  expect(tried(world)).toEqual(['kraken sell 0.5 at 99', 'binance sell 0.25 at 97']);
});
