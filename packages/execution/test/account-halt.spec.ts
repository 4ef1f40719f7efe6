import type { VenueOrder } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { approvedOf, exits, options } from './scene.js';
import { World } from './world.js';

const SECOND = 1_000_000;
const lifted = (world: World) => ({ halted: false, by: 'someone', reason: 'looked at it', atUs: world.nowUs });
const foreign = (world: World, changes: Partial<VenueOrder> = {}): VenueOrder => ({
  clientId: 'of somebody else', venueOrderId: 'v', account: 'main', symbol: 'BTC/USDT', side: 'buy', price: '100', size: '1', status: 'open',
  filledSize: '0', fills: [], reason: null, atUs: world.nowUs, ...changes,
});
const halted = (world: World): string | undefined => [...world.halts.values()].filter(({ halted: stands }) => stands)[0]?.reason;

test('a fill beyond an order’s size is booked and halts the account at once; the plan takes no way out by itself', () => {
  const world = new World(({ venue, side }) => (venue === 'okx' ? { fills: [{ size: '1' }, { size: '0.5' }] } : side === 'buy' ? { fill: '1' } : {}));
  world.approve(approvedOf('a'));
  while (world.fills.length < 2) world.step(0);
  // Before shared state knows of it.
  expect(world.core.refusalFor('main', world.nowUs)).toMatch(/okx filled 1\.5 of the order [0-9a-f]{32} of 1 BTC\/USDT/);
  expect(world.core.refusalFor('other', world.nowUs)).toBeNull();
  world.approve(approvedOf('b'));
  world.pass(SECOND);
  expect(world.halts.get('main')).toMatchObject({ halted: true, by: 'execution', reason: expect.stringContaining('okx filled 1.5') });
  expect([world.requests.length, world.core.counters.overfills]).toEqual([2, 1]);
  // It happened: the position is what the venue says, and what stands alone is told.
  expect(world.core.ledger.exposure('main', 'okx', 'BTC/USDT').toFixed()).toBe('-1.5');
  expect(world.results.find(({ intentId }) => intentId === 'a')).toMatchObject({
    outcome: 'held', uneven: { venue: 'okx', side: 'sell', size: '0.5' }, reason: expect.stringContaining('okx filled more of the order'),
  });
  expect(world.results.find(({ intentId }) => intentId === 'b')).toMatchObject({ outcome: 'nothing-filled' });
});

test('both legs beyond their size are level, and halt the account all the same', () => {
  const world = new World(() => ({ fills: [{ size: '1.2' }, { size: '0.8' }] }));
  world.approve(approvedOf());
  world.pass(SECOND);
  expect(world.results).toMatchObject([{ outcome: 'completed', uneven: null }]);
  expect(halted(world)).toContain('filled 2 of the order');
  expect(world.core.counters.overfills).toBe(2);
});

test('the halt is set again after a kill before it was stored; once it was lifted a restart does not set it again', () => {
  for (let steps = 0; steps < 20; steps++) {
    const world = new World(({ venue }) => (venue === 'okx' ? { fills: [{ size: '1' }, { size: '0.5' }] } : { fill: '1' }));
    world.approve(approvedOf('a', { exits: [] }));
    for (let step = 0; step < steps && world.tasks.length > 0; step++) world.step(0);
    world.crash();
    world.pass(3 * SECOND);
    expect(halted(world)).toContain('okx filled 1.5');
    world.halt('main', lifted(world));
    expect(world.core.refusalFor('main', world.nowUs)).toBeNull();
    world.crash();
    world.pass(3 * SECOND);
    expect([halted(world), world.core.refusalFor('main', world.nowUs)]).toEqual([undefined, null]);
    // More of it is news.
    const order = [...world.atVenue.values()].find(({ filledSize }) => filledSize === '1.5')!;
    world.report({ ...order, filledSize: '1.6', fills: [...order.fills, { ...order.fills[0], tradeId: 'more', size: '0.1' }] });
    world.settle();
    expect(halted(world)).toContain('okx filled 1.6');
  }
});

test('an order of an account of ours that is not ours halts it, and what rests is cancelled', () => {
  const world = new World(() => ({ rests: true }));
  world.approve(approvedOf('a', { legs: approvedOf().plan.legs.map((leg) => ({ ...leg, timeInForce: 'GTC' as const })) }));
  world.settle();
  world.core.onReport('okx', foreign(world), world.nowUs);
  world.settle();
  expect(halted(world)).toBe('okx has an order of somebody else of 1 BTC/USDT, filled 0, that is not ours');
  expect(world.states()).toEqual(['leg 0 cancelled 0', 'leg 1 cancelled 0']);
  world.halt('main', lifted(world));
  // The same again is no news; that it filled is.
  world.core.onReport('okx', foreign(world), world.nowUs);
  expect(world.core.refusalFor('main', world.nowUs)).toBeNull();
  world.core.onReport('okx', foreign(world, { status: 'filled', filledSize: '1' }), world.nowUs);
  world.settle();
  expect([halted(world), world.core.counters.strangers]).toEqual([expect.stringContaining('filled 1, that is not ours'), 2]);
});

test('one of our orders at another venue than it was sent to is not ours either', () => {
  const world = new World();
  world.approve(approvedOf());
  world.settle();
  const sale = world.atVenue.get(world.requests[1].clientId)!;
  world.core.onReport('okx', sale, world.nowUs);
  expect(halted(world)).toBeUndefined();
  world.core.onReport('kraken', sale, world.nowUs);
  world.settle();
  expect(halted(world)).toContain(`kraken has an order ${sale.clientId}`);
});

test('orders of other accounts, and ours that we forgot, halt nothing, also after a restart', () => {
  const world = new World(() => ({ fill: '1' }));
  world.approve(approvedOf('a', {}, world.nowUs + SECOND));
  world.pass(options.retentionUs + 120 * SECOND);
  expect(world.core.orders.size).toBe(0);
  const tell = (): void => {
    for (const order of world.atVenue.values()) world.report(order);
    world.core.onReport('okx', foreign(world, { account: 'of another system' }), world.nowUs);
    world.settle();
  };
  tell();
  world.crash();
  world.pass(SECOND);
  tell();
  expect([world.halts.size, world.results.length, world.fills.length]).toEqual([0, 1, 2]);
  // A fill that comes when nobody knows the order any more is an order that nobody knows.
  const [order] = world.atVenue.values();
  world.report({ ...order, atUs: world.nowUs });
  world.settle();
  expect(halted(world)).toContain('that is not ours');
});

test('an order that came to its end before the start is history; one that is open still, or ends later, is not', () => {
  for (const status of ['filled', 'open'] as const) {
    const world = new World();
    world.pass(SECOND);
    const before = foreign(world, { status, filledSize: status === 'filled' ? '1' : '0' });
    world.nowUs += 10;
    world.crash();
    world.core.onReport('okx', before, world.nowUs);
    world.settle();
    expect(halted(world) !== undefined).toBe(status === 'open');
    world.core.onReport('okx', { ...before, status: 'filled', filledSize: '1', atUs: world.nowUs + 1 }, world.nowUs + 1);
    world.settle();
    expect(halted(world)).toContain('that is not ours');
  }
});

test('under the halt other plans of the account still take back what they did', () => {
  const world = new World(({ venue, side }) => (venue === 'okx' ? { reject: true } : { fill: '1', ...(side === 'buy' ? {} : { price: '99' }) }));
  world.approve(approvedOf('a', { exits: exits.slice(1) }));
  while (world.fills.length < 1) world.step(0);
  world.core.onReport('okx', foreign(world), world.nowUs);
  world.pass(SECOND);
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'binance', side: 'sell', size: '1' }]);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null }]);
});
