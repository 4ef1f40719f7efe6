import { expect, test } from '@jest/globals';
import { approvedOf, exits, instruments, options } from './scene.js';
import { World, type Behaviour } from './world.js';

const SECOND = 1_000_000;
const byVenue = (behaviours: Record<string, Behaviour>, table = instruments()) => new World(({ venue }) => behaviours[venue] ?? { fill: '1' }, options, table);

test('a rest of 2.5 cents, below every venue’s smallest order, is even, and counted as dust', () => {
  // Of what was bought 0.00025 went as a fee; what was sold leads by that.
  const world = byVenue({ binance: { fill: '1', baseFee: '0.00025' } });
  world.approve(approvedOf());
  world.settle();
  const dust = { venue: 'okx', symbol: 'BTC/USDT', side: 'sell', size: '0.00025', price: '101' };
  expect(world.results).toMatchObject([{ outcome: 'completed', uneven: null, dust }]);
  expect(world.results[0].reason).toBeUndefined();
  expect(world.requests).toHaveLength(2);
  expect(world.core.dust()).toEqual([{ account: 'main', venue: 'okx', symbol: 'BTC/USDT', size: '-0.00025' }]);
  world.approve(approvedOf('b'));
  world.settle();
  expect(world.core.dust()).toMatchObject([{ size: '-0.0005' }]);
  // The sums follow from the results, forgotten plans' too.
  world.pass(options.retentionUs + 120 * SECOND);
  world.crash();
  expect(world.core.dust()).toEqual([{ account: 'main', venue: 'okx', symbol: 'BTC/USDT', size: '-0.0005' }]);
});

test('what is worth too little for any order is dust only where every price is known', () => {
  // 0.03 are left, at 100 worth 3; an order must be worth 5.
  const world = byVenue({ okx: { fill: '0.97' } });
  for (const venue of ['binance', 'okx']) world.quote(venue, '99.90', '100.00');
  world.approve(approvedOf());
  world.pass(10 * SECOND);
  expect([world.results, world.requests.length, world.core.running]).toEqual([[], 2, 1]);
  world.quote('kraken', '99.90', '100.00');
  world.pass(SECOND);
  expect(world.results).toMatchObject([{ outcome: 'completed', uneven: null, dust: { venue: 'binance', side: 'buy', size: '0.03' } }]);
});

test('what one of the venues takes an order for is no dust', () => {
  const finer = instruments({ kraken: { sizeStep: 1, minimumSize: 1, minimumNotional: '0' } });
  const world = byVenue({ okx: { fill: '0.9996' } }, finer);
  world.approve(approvedOf());
  world.pass(SECOND);
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'kraken', side: 'sell', size: '0.0004' }]);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null, dust: null }]);
  // Nor where that venue is out of reach: it is held, and told as that.
  const away = byVenue({ okx: { fill: '0.9996' }, kraken: { reject: true } }, finer);
  away.approve(approvedOf());
  away.pass(options.exitPatienceUs + 2 * SECOND);
  expect(away.results).toMatchObject([{ outcome: 'held', uneven: { venue: 'binance', size: '0.0004' }, dust: null }]);
  expect(away.core.dust()).toEqual([]);
});

test('what dust was part of, and then filled after all, is no dust any more', () => {
  const world = byVenue({ okx: { fill: '0.9996', later: '0.0004' } });
  world.approve(approvedOf());
  world.settle();
  expect(world.core.dust()).toMatchObject([{ venue: 'binance', size: '0.0004' }]);
  world.pass(2 * SECOND);
  expect(world.results.map(({ revision, outcome, dust }) => [revision, outcome, dust])).toEqual([[1, 'completed', expect.anything()], [2, 'completed', null]]);
  expect(world.core.dust()).toEqual([]);
  world.crash();
  expect(world.core.dust()).toEqual([]);
});

test('where the fee was taken out of what was bought, a reverse sells no more than came', () => {
  const world = new World(({ venue, side }) => (venue === 'okx' ? { reject: true } : side === 'buy' ? { fill: '1', baseFee: '0.002' } : { fill: '1' }));
  world.approve(approvedOf('a', { exits: exits.slice(1) }));
  world.settle();
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'binance', side: 'sell', size: '0.998' }]);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null, dust: null }]);
  expect(world.core.ledger.position('main', 'arbitrage', 'binance', 'BTC/USDT')).toMatchObject({ size: '0' });
  expect(world.core.ledger.balance('main', 'binance', 'BTC')).toBe('0');
});

test('what a fee in base left uneven is evened where an order can be', () => {
  const world = byVenue({ binance: { fill: '1', baseFee: '0.1' }, kraken: { fill: '1' } });
  world.approve(approvedOf());
  world.settle();
  // 0.9 came, 1 was sold: 0.1 is bought again where it was sold.
  expect(world.requests.slice(2)).toMatchObject([{ venue: 'okx', side: 'buy', size: '0.1' }]);
  expect(world.results).toMatchObject([{ outcome: 'exited', uneven: null, dust: null }]);
});

test('an exit that pays its fee in base took back less than its size', () => {
  const world = new World(({ venue, side }) => (venue === 'binance' ? { reject: true } : side === 'sell' ? { fill: '1' } : { fill: '1', baseFee: '0.1' }));
  world.approve(approvedOf());
  world.pass(SECOND);
  // 1 was sold and 0.9 came back: a tenth stands alone still, and is bought as soon as the price is known.
  expect([world.results, world.requests.length]).toEqual([[], 3]);
  world.quote('okx', '100.90', '101.00');
  world.pass(SECOND);
  expect(world.requests[3]).toMatchObject({ venue: 'okx', side: 'buy', size: '0.1' });
});
