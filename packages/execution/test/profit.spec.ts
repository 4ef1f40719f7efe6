import type { Profit } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { approvedOf, exits, options } from './scene.js';
import { World } from './world.js';

const SECOND = 1_000_000;
const profitOf = (world: World): Profit | undefined => world.core.profits(world.nowUs)[0];

/** Plan `a` buys at 99.5 and cannot sell; plan `b` sells at 102 and cannot buy. Neither finds a way out. */
function twoThatStandAlone(): World {
  let bought = 0;
  const world = new World(({ venue, side }) => {
    if (venue === 'binance' && side === 'buy') return bought++ === 0 ? { fills: [{ size: '1', price: '99.5', fee: '0.1' }] } : {};
    return venue === 'okx' && side === 'sell' && bought > 1 ? { fills: [{ size: '1', price: '102', fee: '0.1' }] } : { reject: true };
  });
  for (const id of ['a', 'b']) {
    world.approve(approvedOf(id, { exits: exits.filter(({ kind }) => kind === 'hold') }, world.nowUs + 60 * SECOND));
    world.pass(options.exitPatienceUs + 10 * SECOND);
  }
  return world;
}

test('what a plan left standing is told at today’s price, and what another realises of it as evened', () => {
  const world = twoThatStandAlone();
  const [first, second] = world.results;
  expect([first, second]).toMatchObject([
    { held: '-99.5', total: '-99.6', uneven: { side: 'buy', size: '1', price: '99.5' } }, { held: '102', total: '101.9', uneven: { side: 'sell', size: '1' } },
  ]);
  expect(profitOf(world)).toMatchObject({ causes: { spread: '0', slippage: '0', exitCost: '0', fees: '-0.2', evened: '2.5' }, realised: '2.3', open: [], cash: '2.3' });
});

test('a gain or loss is open as long as only the market says so, and unknown where nobody does', () => {
  const world = new World(({ side }) => (side === 'buy' ? { fills: [{ size: '1', price: '99.5', fee: '0.1' }] } : { reject: true }));
  world.approve(approvedOf('a', { exits: [] }));
  world.pass(options.exitPatienceUs + 10 * SECOND);
  expect(profitOf(world)).toMatchObject({ realised: '-0.1', open: [{ size: '1', cost: '99.5', value: null }], openProfit: null, total: null });
  // Only kraken has a book: 90.00 to 90.10.
  world.quote('kraken', '90.00', '90.10');
  expect(profitOf(world)).toMatchObject({ open: [{ mark: '90.05', markedBy: 'kraken:BTC/USDT', value: '90.05' }], openProfit: '-9.45', total: '-9.55' });
  world.market.clear();
  world.pass(options.quoteAgeUs + SECOND);
  expect(profitOf(world)).toMatchObject({ openProfit: null, total: null });
});

test('it outlives a restart, and plans that are forgotten', () => {
  const world = twoThatStandAlone();
  const told = (): unknown => ({ ...profitOf(world), atUs: 0 });
  const before = told();
  world.crash();
  expect(told()).toEqual(before);
  world.pass(options.retentionUs + 120 * SECOND);
  expect([told(), world.core.orders.size]).toEqual([before, 0]);
  // Written down, and read again by a core that the streams of results, orders and approvals tell nothing any more.
  const { profit } = world.core;
  for (const gone of [world.results, world.orders, world.approvals]) gone.length = 0;
  world.crash();
  expect(profitOf(world)).toBeUndefined();
  world.core.profit.restore(profit.toJSON());
  expect(told()).toEqual(before);
});
