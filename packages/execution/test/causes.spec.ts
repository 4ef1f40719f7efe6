import type { Plan } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { approvedOf, legs, options } from './scene.js';
import { World, type Behaviour } from './world.js';

/** Buys 1 BTC at binance for at most 100, sells it at okx for at least 101; hedges at kraken. */
function resultOf(behave: (venue: string, side: string) => Behaviour, changes: Partial<Plan> = {}) {
  const world = new World(({ venue, side }) => behave(venue, side), options);
  world.approve(approvedOf('a', changes));
  world.passUntilOver();
  expect(world.results).toHaveLength(1);
  return world.results[0];
}
const at = (price: string, size = '1'): Behaviour => ({ fills: [{ price, size, fee: '0' }] });

test('a purchase below its limit that is sold back has won nothing', () => {
  // Bought at 99.5 instead of 100, sold back at 99: half a dollar is lost, and no more was ever there.
  const result = resultOf((venue, side) => (venue !== 'binance' ? { reject: true } : side === 'buy' ? at('99.5') : at('99')));
  expect(result).toMatchObject({
    outcome: 'exited', spread: '0', slippage: '0', exitCost: '-0.5', fees: '0', held: '0', total: '-0.5', uneven: null, dust: null,
  });
});

test('what stands alone is held at the price paid, whatever the plan would have paid', () => {
  const result = resultOf((venue, side) => (venue === 'binance' && side === 'buy' ? at('99.5') : { reject: true }));
  expect(result).toMatchObject({
    outcome: 'held', spread: '0', slippage: '0', exitCost: '0', held: '-99.5', total: '-99.5',
    uneven: { venue: 'binance', symbol: 'BTC/USDT', side: 'buy', size: '1', price: '99.5' },
  });
});

test('of two fills the part that was taken back counts at their average, and the matched part alone as slippage', () => {
  // 0.5 at 99 and 0.5 at 99.8 cost 99.4 on average; 0.25 of it goes with the sale at 102, 0.75 back at 99.2.
  const result = resultOf((venue, side) => {
    if (venue === 'kraken') return { reject: true };
    if (venue === 'okx') return at('102', '0.25');
    return side === 'buy' ? { fills: [{ price: '99', size: '0.5', fee: '0' }, { price: '99.8', size: '0.5', fee: '0' }] } : at('99.2', '0.75');
  });
  // 0.25 × (101 − 100); 0.25 × ((100 − 99.4) + (102 − 101)); 0.75 × (99.2 − 99.4).
  expect(result).toMatchObject({ spread: '0.25', slippage: '0.4', exitCost: '-0.15', held: '0', total: '0.5' });
});

test('a hedge costs against the price of the leg that it stands for', () => {
  const result = resultOf((venue) => (venue === 'okx' ? { reject: true } : venue === 'kraken' ? at('100.2') : at('99.7')));
  expect(result).toMatchObject({ spread: '1', slippage: '0.3', exitCost: '-0.8', held: '0', total: '0.5' });
});

test('a fee in base is bought with the rest: it stands alone no more than the money it is worth', () => {
  const bought: Behaviour = { fills: [{ price: '99.5', size: '1', fee: '0.002', feeCurrency: 'BTC' }] };
  const sold: Behaviour = { fills: [{ price: '101.5', size: '1', fee: '0.05', feeCurrency: 'OKB' }] };
  const result = resultOf((venue) => (venue === 'binance' ? bought : sold));
  // 0.998 came in against 1 sold: 0.002 are sold short at 101.5, and the fee was worth 0.002 × 99.5.
  expect(result).toMatchObject({
    spread: '0.998', fees: '-0.199', otherFees: { OKB: '-0.05' }, held: '0.203', total: '2',
    // 0.998 × (100 − 99.5) + 0.998 × (101.5 − 101).
    slippage: '0.998',
  });
  expect(result.uneven ?? result.dust).toEqual({ venue: 'okx', symbol: 'BTC/USDT', side: 'sell', size: '0.002', baseSize: '0.002', price: '101.5' });
});

test('a single purchase that nothing ever went against is held, and is no profit', () => {
  const result = resultOf(() => at('99.5'), { legs: [legs[0]], exits: [] });
  expect(result).toMatchObject({ spread: '0', slippage: '0', held: '-99.5', total: '-99.5', uneven: { size: '1', side: 'buy' } });
});
