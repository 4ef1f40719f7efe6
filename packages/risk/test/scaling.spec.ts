import { Money } from '@parallax/money';
import { holdingKey } from '../src/ledger/holding-key.js';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scalePlan } from '../src/scale-plan.js';
import type { RiskCore, RiskLimits } from '../src/index.js';
import { intentOf, inverse, leg, NOW, pairIntent, pairWorld, regimeOf, reverse, spot, swap, worldOf } from './support.js';

const violent = regimeOf('b', 'HIGH_VOLATILITY');

/** A pair's market that is calm by the hour, and of whose minutes nothing was heard since the start. */
function beforeTheMinute(): RiskCore {
  const { core } = pairWorld({}, []);
  for (const venue of ['a', 'b']) core.onStandingRegime(regimeOf(venue, 'NORMAL', NOW, { horizon: '1h' }), NOW);
  return core;
}

test('high volatility halves both legs, the exits and what is reserved', () => {
  const { core } = pairWorld();
  core.onRegime(violent, NOW);
  const verdict = core.judge(pairIntent('one'), NOW);
  expect(verdict).toMatchObject({ kind: 'approved', scaledBy: '0.5', reserved: '1002.5' });
  if (verdict.kind !== 'approved') return;
  expect([...verdict.plan.legs, ...verdict.plan.exits].map(({ size }) => size)).toEqual(['0.005', '0.005', '0.005', '0.005']);
  expect(verdict.plan.exits.map(({ costLimit }) => costLimit)).toEqual(['5', '5']);
  expect(verdict.intent.plan.legs[0].size).toBe('0.01');
});

test('a regime from before the start shrinks until one is heard, whatever the times of both, and ten windows at most', () => {
  const core = beforeTheMinute();
  const ahead = NOW + 3_600_000_000;
  core.onRememberedRegime({ ...violent, atUs: ahead });
  expect(core.judge(pairIntent('one'), NOW)).toMatchObject({ kind: 'approved', scaledBy: '0.5' });
  core.onRegime({ ...violent, regime: 'NORMAL' }, NOW);
  core.onRememberedRegime({ ...violent, regime: 'FLASH_CRASH', atUs: ahead });
  expect(core.judge(pairIntent('two'), NOW)).toMatchObject({ kind: 'approved', scaledBy: '1' });

  const later = beforeTheMinute();
  const crash = { ...violent, regime: 'FLASH_CRASH' as const };
  later.onRememberedRegime({ ...crash, atUs: NOW - 599_999_999 });
  expect(later.judge(pairIntent('one'), NOW)).toMatchObject({ kind: 'refused', refusals: [{ code: 'REGIME' }] });
  const over = beforeTheMinute();
  over.onRememberedRegime({ ...crash, atUs: NOW - 600_000_000 });
  expect(over.judge(pairIntent('one'), NOW)).toMatchObject({ kind: 'approved', scaledBy: '1' });
});

test('an order above the limit of one order makes the whole plan smaller, exits included, to the last step within it', () => {
  const { core } = pairWorld({ maxOrderNotional: '1010' });
  // The dearest order takes the sale back at 101,000: 3,030 for 0.03, and so a third of it is allowed.
  const verdict = core.judge(pairIntent('one', '0.03'), NOW);
  expect(verdict).toMatchObject({ kind: 'approved', scaledBy: '0.333333333333333333' });
  if (verdict.kind !== 'approved') return;
  expect([...verdict.plan.legs, ...verdict.plan.exits].map(({ size }) => size)).toEqual(['0.01', '0.01', '0.01', '0.01']);
  const tighter = pairWorld({ maxOrderNotional: '1009.99' }).core.judge(pairIntent('one', '0.03'), NOW);
  expect(tighter).toMatchObject({ kind: 'approved', plan: { legs: [{ size: '0.00999' }, { size: '0.00999' }] } });
});

test('of the regime’s share and that of the limit the smaller one counts', () => {
  for (const [maxOrderNotional, size] of [['600', '0.005'], ['400', '0.00396']]) {
    const { core } = pairWorld({ maxOrderNotional });
    core.onRegime(violent, NOW);
    expect(core.judge(pairIntent('one'), NOW)).toMatchObject({ kind: 'approved', plan: { legs: [{ size }, { size }] } });
  }
});

test('what is left of a plan must still be worth it: its net shrinks as its size does', () => {
  // 500 of 1,010 leave 0.00495 of 0.01, and 2.475 of the 5 that were expected.
  const judged = (limits: Partial<RiskLimits>) => pairWorld({ maxOrderNotional: '500', ...limits }).core.judge(pairIntent('one'), NOW);
  expect(judged({ minimumNet: '2.474999' })).toMatchObject({ kind: 'approved', plan: { legs: [{ size: '0.00495' }, { size: '0.00495' }] } });
  expect(judged({ minimumNet: '2.475' })).toMatchObject({ kind: 'refused', refusals: [{ code: 'EDGE_GONE', measured: '2.475', allowed: '2.475' }] });
  // 50 basis points of 495 bought.
  expect(judged({ minimumEdgeBps: '50' })).toMatchObject({ kind: 'approved' });
  expect(judged({ minimumEdgeBps: '50.0001' })).toMatchObject({ kind: 'refused', refusals: [{ code: 'EDGE_GONE', measured: '50', allowed: '50.0001' }] });
});

test('an edge below the minimum is refused at any size, and better prices than the plan’s own do not make up for it', () => {
  const { core, quote } = pairWorld({ minimumEdgeBps: '20', cooldownUs: 0 });
  expect(core.judge(pairIntent('at', '0.01', { expectedNet: '2' }), NOW)).toMatchObject({ kind: 'approved' });
  quote('a', 'BTC/USDT', '99890.00', '99900.00');
  const below = core.judge(pairIntent('below', '0.01', { expectedNet: '1.9979' }), NOW);
  // 1.9979 of the 999 that 0.01 costs now.
  expect(below).toMatchObject({ kind: 'refused', refusals: [{ code: 'EDGE_GONE', measured: '19.9989', allowed: '20' }] });
});

test('a plan that scales below the minimum is refused, not rounded up', () => {
  const { core } = pairWorld();
  core.onRegime(violent, NOW);
  expect(core.judge(pairIntent('one', '0.00009'), NOW)).toMatchObject({ kind: 'refused' });
});

test('scaled linear legs keep one base amount, on the steps of both instruments', () => {
  const arbitrary = fc.record({ units: fc.integer({ min: 1, max: 100_000 }), step: fc.integer({ min: 1, max: 700 }), factor: fc.integer({ min: 1, max: 99 }) });
  fc.assert(fc.property(arbitrary, ({ units, step, factor }) => {
    const { core } = worldOf([spot('a', { sizeStep: step }), swap('b', { sizeStep: 3 })]);
    const contracts = units * 3;
    const base = new Money(contracts).times('0.01').toFixed();
    const legs = [leg(0, 'a', 'buy', '100.00', base), leg(1, 'b', 'sell', '101.00', String(contracts), 'BTC/USDT:USDT')];
    const plan = intentOf('i', legs, [reverse(0, legs[1], '102.00')]).plan;
    const scaled = scalePlan(plan, { part: new Money(factor), whole: new Money(100) }, core.catalogue);
    const [one, two] = scaled.legs.map(({ size }) => new Money(size));
    expect(one.toFixed()).toBe(two.times('0.01').toFixed());
    expect(one.times(100_000).mod(step).toNumber()).toBe(0);
    expect(two.mod(3).toNumber()).toBe(0);
    expect(one.lessThanOrEqualTo(new Money(base).times(factor).div(100))).toBe(true);
    // What takes a leg back takes back what is left of it, and not more.
    expect(scaled.exits[0].size).toBe(scaled.legs[1].size);
  }), { numRuns: 300 });
});

test('inverse contracts are worth their size in quote units and hold base units as collateral', () => {
  const world = worldOf([spot('a', { symbol: 'BTC/USD', quote: 'USD', settle: 'USD' }), inverse('b')], { currency: 'USD' });
  world.core.setStartBalance('main', 'a', 'USD', '5000');
  world.quote('a', 'BTC/USD', '49990.00', '50000.00');
  world.quote('b', 'BTC/USD:BTC', '50250.00', '50260.00');
  const legs = [leg(0, 'a', 'buy', '50000.00', '0.0199', 'BTC/USD'), leg(1, 'b', 'sell', '50251.00', '10', 'BTC/USD:BTC')];
  legs[1] = { ...legs[1], price: '50250.00' };
  const exits = [reverse(0, legs[1], '50500.00'), reverse(1, legs[0], '49800.00')];
  const plan = { ...intentOf('i', legs, exits), plan: { legs, exits, currency: 'USD', notional: '1000' } };
  const verdict = world.core.judge(plan, NOW);
  expect(verdict).toMatchObject({ kind: 'approved', reserved: '1995' });
  const { exposures } = world.core.ledger('main');
  expect(exposures.worstValue('b:BTC/USD:BTC').toFixed()).toBe('1000');
  expect(exposures.margin(holdingKey('b', 'BTC')).toFixed(10)).toBe(new Money(1000).div(50250).toFixed(10));
});
