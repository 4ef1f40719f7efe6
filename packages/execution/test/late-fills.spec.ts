import { Money } from '@parallax/money';
import { expect, test } from '@jest/globals';
import { approvedOf, exits, options } from './scene.js';
import { World } from './world.js';

const SECOND = 1_000_000;
const told = (world: World): unknown[] => world.results.map(({ revision, outcome, fillCount, uneven }) => [revision, outcome, fillCount, uneven]);
const position = (world: World): string =>
  ['binance', 'okx', 'kraken'].reduce((sum, venue) => sum.plus(world.core.ledger.exposure('main', venue, 'BTC/USDT').toFixed()), new Money(0)).toFixed();

/** Neither leg fills at first; a second after its end the purchase does, for all that was ordered. */
const bothFail = (): World => new World(({ venue, side }) => (venue === 'binance' && side === 'buy' ? { later: '1' } : venue === 'okx' ? {} : { fill: '1' }));

test('a fill after the plan’s end takes it up again: it is stored, hedged, and told as another end', () => {
  const world = bothFail();
  world.approve(approvedOf());
  world.settle();
  expect(told(world)).toEqual([[1, 'nothing-filled', 0, null]]);
  world.pass(2 * SECOND);
  expect(world.states()).toEqual(['leg 0 expired 1', 'leg 1 expired 0', 'hedge 1 filled 1']);
  expect(told(world)).toEqual([[1, 'nothing-filled', 0, null], [2, 'exited', 2, null]]);
  expect([position(world), world.core.running, world.core.orders.lateFills]).toEqual(['0', 0, 1]);
});

test('what was taken back for a leg that filled after all is taken back the other way', () => {
  // The sale fails, the purchase is sold again; then the sale fills.
  const world = new World(({ venue, side }) => (venue === 'okx' && side === 'sell' ? { later: '1' } : venue === 'kraken' ? {} : { fill: '1' }));
  world.approve(approvedOf());
  world.pass(3 * SECOND);
  expect(world.requests.slice(3)).toMatchObject([{ venue: 'binance', side: 'sell' }, { venue: 'okx', side: 'buy', size: '1' }]);
  expect(told(world)).toEqual([[1, 'exited', 2, null], [2, 'exited', 4, null]]);
  expect(position(world)).toBe('0');
});

test('a late fill that makes the plan level after it was held says so', () => {
  const world = new World(({ venue, side }) => (venue === 'okx' ? { later: '1', laterUs: 70 * SECOND } : side === 'buy' ? { fill: '1' } : {}));
  world.approve(approvedOf());
  world.pass(72 * SECOND);
  expect(told(world)).toEqual([
    [1, 'held', 1, expect.objectContaining({ venue: 'binance', size: '1' })],
    [2, 'completed', 2, null],
  ]);
  expect(world.results[1].reason).toBeUndefined();
});

test('a plan that a late fill took up again has its patience from then on, also after a kill', () => {
  for (const killed of [false, true]) {
    const world = new World(({ venue, side }) => (venue === 'binance' && side === 'buy' ? { later: '1', laterUs: 300 * SECOND } : {}));
    world.approve(approvedOf());
    world.pass(330 * SECOND);
    if (killed) world.crash();
    world.pass(25 * SECOND);
    expect(told(world)).toHaveLength(1);
    world.pass(10 * SECOND);
    expect(told(world)[1]).toEqual([2, 'held', 1, expect.objectContaining({ venue: 'binance', size: '1' })]);
  }
});

test('the same where it is an exit that filled late: half a minute after the late fill the price comes back', () => {
  for (const killed of [false, true]) {
    let sales = 0;
    const world = new World(({ venue, side }) => {
      if (venue === 'okx') return { reject: true };
      return side === 'buy' ? { fill: '1' } : sales++ === 0 ? { later: '0.5', laterUs: 300 * SECOND } : { fill: '1' };
    });
    world.approve(approvedOf('a', { exits: [exits[1], exits[2]] }));
    world.pass(330 * SECOND);
    if (killed) world.crash();
    expect(told(world)).toEqual([[1, 'held', 1, expect.objectContaining({ size: '1' })]]);
    world.quote('binance', '99.50', '99.60');
    world.pass(SECOND);
    expect(told(world)[1]).toEqual([2, 'exited', 3, null]);
  }
});

test('the streams alone tell a restart of a fill that no result counts', () => {
  const world = bothFail();
  world.approve(approvedOf());
  world.settle();
  world.wakeAt(world.late[0].atUs);
  while (world.fills.length === 0) world.step(0);
  world.crash(false);
  world.pass(SECOND);
  expect(told(world).at(-1)).toEqual([2, 'exited', 2, null]);
  expect(world.states()[0]).toBe('leg 0 expired 1');
});

test('under halt a late fill is stored, and taken back where it came, not hedged elsewhere', () => {
  const world = bothFail();
  world.approve(approvedOf());
  world.settle();
  world.halt('main', { halted: true, by: 'someone', reason: 'a test', atUs: 1 });
  world.pass(2 * SECOND);
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'binance', side: 'sell', size: '1' }]);
  expect(told(world)[1]).toEqual([2, 'exited', 2, null]);
});

test('killed between any two steps after a late fill, the plan is taken up again, once', () => {
  const steps = new Set<string>();
  for (let kill = 0; kill < 30; kill++) {
    const world = bothFail();
    world.approve(approvedOf());
    world.settle();
    world.wakeAt(world.late[0].atUs);
    for (let step = 0; step < kill && world.tasks.length > 0; step++) {
      steps.add(world.tasks[0].name);
      world.step(0);
    }
    world.crash();
    world.pass(5 * SECOND);
    world.crash();
    world.pass(5 * SECOND);
    expect(told(world).at(-1)).toEqual([2, 'exited', 2, null]);
    expect([world.results.length, world.fills.length, world.requests.length, position(world), world.core.running]).toEqual([2, 2, 3, '0', 0]);
    expect(world.states()).toEqual(['leg 0 expired 1', 'leg 1 expired 0', 'hedge 1 filled 1']);
  }
  expect([...steps]).toEqual(expect.arrayContaining(['report', 'store fill 0', 'store leg 0 expired', 'store hedge 1 created', 'place kraken', 'store result']));
});

test('a fill that its result counts takes nothing up again; nor does a result from before fills were counted', () => {
  const world = new World(({ venue }) => (venue === 'okx' ? { reject: true } : { fill: '0.6' }));
  world.approve(approvedOf('a', { exits: [exits[2]] }));
  world.settle();
  expect(told(world)).toEqual([[1, 'held', 1, expect.anything()]]);
  Object.assign(world.results[0], { fillCount: 0 });
  for (let kills = 0; kills < 2; kills++) {
    world.crash();
    world.pass(SECOND);
    expect([world.results.length, world.core.running]).toEqual([1, 0]);
  }
  // One that comes now is news all the same.
  const purchase = world.atVenue.get(world.requests[0].clientId)!;
  world.report({ ...purchase, filledSize: '0.8', fills: [...purchase.fills, { ...purchase.fills[0], size: '0.2', tradeId: 'another' }] });
  world.settle();
  expect(told(world)[1]).toEqual([2, 'held', 2, expect.objectContaining({ size: '0.8' })]);
});

test('a late fill within the retention finds all orders of its plan, however old they are', () => {
  // The legs end at once; the plan waits a minute for a way out. A late fill of an exit comes just before it is forgotten.
  const world = new World(({ venue, side }) => {
    if (venue === 'okx') return side === 'sell' ? { reject: true } : { fill: '1' };
    return side === 'buy' ? { fill: '1' } : { later: '1', laterUs: options.retentionUs + 30 * SECOND };
  });
  world.approve(approvedOf('a', { exits: [exits[1], exits[2]] }));
  world.pass(options.retentionUs + 40 * SECOND);
  expect(told(world)).toEqual([[1, 'held', 1, expect.anything()], [2, 'exited', 2, null]]);
});
