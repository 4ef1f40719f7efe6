import { expect, test } from '@jest/globals';
import type { PlanExit } from '@parallax/types';
import { codesOf, intentOf, inverse, leg, NOW, pairIntent, reverse, spot, worldOf } from './support.js';

const worldOfThree = () => {
  const ether = spot('c', { symbol: 'ETH/USDT', base: 'ETH' });
  const world = worldOf([spot('a'), spot('b'), spot('c'), ether]);
  world.quote('a', 'BTC/USDT', '99990.00', '100000.00');
  world.quote('b', 'BTC/USDT', '100500.00', '100510.00');
  return world;
};
/** Buys 0.01 at `a`, sells it at `b`; where the purchase fails, it is had at `c`. */
const hedged = (changes: Partial<PlanExit>) => {
  const { legs, exits } = pairIntent('x').plan;
  const hedge: PlanExit = { ...exits[0], kind: 'hedge', venue: 'c', side: 'buy', price: '100200.00', ...changes };
  return intentOf('i', legs, [hedge, ...exits]);
};

test('exits that do what their kind says, to the size of what they undo or replace, are approved', () => {
  for (const size of ['0.01', '0.00999']) expect(worldOfThree().core.judge(hedged({ size }), NOW)).toMatchObject({ kind: 'approved' });
});

// Execution takes a filled exit for the whole of a leg: one of another size would leave a rest that nobody sees.
test.each<[string, Partial<PlanExit>]>([
  ['a hedge that falls short of its leg', { size: '0.00998' }],
  ['a hedge that is larger than its leg', { size: '0.01002' }],
  ['a hedge that trades the other way', { side: 'sell' }],
  ['a hedge of another base', { symbol: 'ETH/USDT' }],
  ['a reverse where no leg trades', { kind: 'reverse' }],
  ['a reverse of the leg that failed', { kind: 'reverse', venue: 'a', side: 'sell' }],
  ['a reverse that adds to the leg', { kind: 'reverse', venue: 'b', side: 'sell' }],
  ['a reverse that takes back a part of the leg', { kind: 'reverse', venue: 'b', size: '0.005' }],
])('%s is no way out', (_name, changes) => {
  expect(codesOf(worldOfThree().core.judge(hedged(changes), NOW))).toEqual(['EXIT_MISSING']);
});

test('contracts of an inverse leg are taken back one for one, whatever the price they are taken back at', () => {
  const world = worldOf([spot('a', { symbol: 'BTC/USD', quote: 'USD', settle: 'USD' }), inverse('b')], { currency: 'USD' });
  world.core.setStartBalance('main', 'a', 'USD', '5000');
  world.quote('a', 'BTC/USD', '49990.00', '50000.00');
  world.quote('b', 'BTC/USD:BTC', '50250.00', '50260.00');
  const legs = [leg(0, 'a', 'buy', '50000.00', '0.0199', 'BTC/USD'), leg(1, 'b', 'sell', '50250.00', '10', 'BTC/USD:BTC')];
  const exits = [reverse(0, legs[1], '51000.00'), reverse(1, legs[0], '49800.00')];
  const intent = { ...intentOf('i', legs, exits), plan: { legs, exits, currency: 'USD', notional: '1000' } };
  expect(world.core.judge(intent, NOW)).toMatchObject({ kind: 'approved' });
});
