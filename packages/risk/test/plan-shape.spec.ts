import { expect, test } from '@jest/globals';
import type { InstrumentSpecification, PlanExit, PlanLeg } from '@parallax/types';
import { ACCOUNT, codesOf, fillOf, intentOf, leg, NOW, orderOf, reverse, spot, swap, worldOf, type World } from './support.js';

const market = (changes: Partial<InstrumentSpecification> = {}): World => {
  const world = worldOf([spot('a', changes), spot('b')]);
  world.quote('a', 'BTC/USDT', '99990.00', '100000.00');
  world.quote('b', 'BTC/USDT', '100500.00', '100510.00');
  return world;
};
/** What is refused of buying at `a` and selling as much at `b`. */
const refusedOf = (price: string, size: string, changes: Partial<InstrumentSpecification> = {}, second = 1): string[] => {
  const legs = [leg(0, 'a', 'buy', price, size), leg(second, 'b', 'sell', '100500.00', size)];
  return codesOf(market(changes).core.judge(intentOf('i', legs, [reverse(0, legs[1], '101000.00'), reverse(second, legs[0], '99500.00')]), NOW));
};
const SIZE = 'SIZE_INVALID';

test('a leg and the exit that takes it back keep to the steps and minima of their instrument, each named once', () => {
  expect(refusedOf('100000.00', '0.01', { priceStep: 10, sizeStep: 10, minimumSize: 1000, minimumNotional: '995' })).toEqual([]);
  expect(refusedOf('100000.05', '0.01', { priceStep: 10 })).toEqual([SIZE]);
  expect(refusedOf('100000.00', '0.01005', { sizeStep: 10 })).toEqual([SIZE, SIZE]);
  expect(refusedOf('100000.00', '0.01', { minimumSize: 1001 })).toEqual([SIZE, SIZE]);
  expect(refusedOf('100000.00', '0.01', { minimumNotional: '995.01' })).toEqual([SIZE]);
});

test('a plan has legs, and each a number of its own', () => {
  const nothing: PlanLeg[] = [];
  expect(codesOf(market().core.judge(intentOf('i', nothing, []), NOW))).toContain(SIZE);
  expect(refusedOf('100000.00', '0.01', {}, 0)).toContain(SIZE);
});

test('what a plan adds at a venue is refused there once, however many of its instruments it trades', () => {
  const world = worldOf([spot('a'), swap('a', { contractSize: '0.01' })], { capital: '1999.99', maxVenueExposure: '1', cooldownUs: 0 });
  world.quote('a', 'BTC/USDT', '99990.00', '100000.00');
  world.quote('a', 'BTC/USDT:USDT', '100500.00', '100510.00');
  const legs = [leg(0, 'a', 'buy', '100000.00', '0.01'), leg(1, 'a', 'sell', '100500.00', '1', 'BTC/USDT:USDT')];
  const plan = (id: string) => intentOf(id, legs, [reverse(0, legs[1], '101000.00'), reverse(1, legs[0], '99500.00')]);
  expect(codesOf(world.core.judge(plan('one'), NOW))).toEqual(['VENUE_EXPOSURE_LIMIT']);
  world.core.setLimits(ACCOUNT, { ...world.core.limitsOf(ACCOUNT), capital: '2005' });
  expect(codesOf(world.core.judge(plan('two'), NOW))).toEqual([]);
});

test('a venue behind others in the plan is looked at as well', () => {
  // Two instruments at `a`, where there is room, and a hedge at `c`, where there is none.
  const world = worldOf([spot('a'), swap('a', { contractSize: '0.01' }), spot('c')], { capital: '4000', maxVenueExposure: '1' });
  world.quote('a', 'BTC/USDT', '99990.00', '100000.00');
  world.quote('a', 'BTC/USDT:USDT', '100500.00', '100510.00');
  world.quote('c', 'BTC/USDT', '100190.00', '100200.00');
  const legs = [leg(0, 'a', 'buy', '100000.00', '0.01'), leg(1, 'a', 'sell', '100500.00', '1', 'BTC/USDT:USDT')];
  const hedge: PlanExit = { ...legs[0], kind: 'hedge', forLeg: 0, venue: 'c', price: '100200.00', costLimit: '10' };
  const plan = intentOf('i', legs, [hedge, reverse(0, legs[1], '101000.00'), reverse(1, legs[0], '99500.00')]);
  world.core.onFill(fillOf({ ...orderOf(plan, 0), venue: 'c', intentId: 'before' }, 'f', '0.03', '100000.00'), NOW);
  const verdict = world.core.judge(plan, NOW);
  expect(codesOf(verdict)).toEqual(['VENUE_EXPOSURE_LIMIT']);
  expect(verdict).toMatchObject({ refusals: [{ detail: expect.stringContaining('exposure at c') }] });
});

test.each<[string, PlanLeg, string]>([
  ['of an instrument that is not known', leg(1, 'nowhere', 'sell', '100500.00', '0.01'), 'INSTRUMENT_UNKNOWN'],
  ['whose size is no size', leg(1, 'b', 'sell', '100500.00', 'much'), SIZE],
])('a plan that would be made smaller is refused as it is where it has a leg %s', (_what, second, code) => {
  const world = market();
  world.core.setLimits(ACCOUNT, { ...world.core.limitsOf(ACCOUNT), maxOrderNotional: '500' });
  const legs = [leg(0, 'a', 'buy', '100000.00', '0.01'), second];
  const verdict = world.core.judge(intentOf('i', legs, [reverse(0, legs[1], '101000.00'), reverse(1, legs[0], '99500.00')]), NOW);
  expect(codesOf(verdict)).toContain(code);
});
