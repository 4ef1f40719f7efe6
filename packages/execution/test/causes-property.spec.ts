import { Ratio } from '@parallax/testing';
import type { Plan, PlanExit, PlanLeg, PlanResult, VenueOrderRequest } from '@parallax/types';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { approvedOf, instruments, options as defaults } from './scene.js';
import { plainBase, plainCash, type PlainFill } from './plain-cash.js';
import { World, type Behaviour, type TestFill } from './world.js';

const table = instruments();
// To wait for a way out changes no cause: each exit is tried once.
const options = { ...defaults, exitPatienceUs: 0, takerFees: { ...defaults.takerFees, binancecoinm: '0.0005' } };

/** One shape of plan: what it trades, in steps of how many decimals, and the currencies in which its venues may take a fee. */
interface Shape {
  readonly plan: Plan;
  readonly decimals: number;
  readonly feeCurrencies: readonly string[];
}
/** Buys at 100 and sells at 101.3; `bought` and `sold` are the same amount of base there. */
function planOf(venues: readonly [string, string, string], symbol: string, currency: string, bought: string, sold: string): Plan {
  const [buyAt, sellAt, elsewhere] = venues;
  const leg = (number: number, venue: string, side: 'buy' | 'sell', price: string, size: string): PlanLeg =>
    ({ leg: number, venue, symbol, side, type: 'limit', timeInForce: 'IOC', price, size });
  const exit = (kind: PlanExit['kind'], forLeg: number, venue: string, side: 'buy' | 'sell', price: string, size: string): PlanExit =>
    ({ kind, forLeg, venue, symbol, side, price, size, costLimit: '4000' });
  return {
    legs: [leg(0, buyAt, 'buy', '100', bought), leg(1, sellAt, 'sell', '101.3', sold)], currency, notional: '100',
    exits: [
      exit('hedge', 1, elsewhere, 'sell', '99.7', sold), exit('reverse', 1, buyAt, 'sell', '97', bought), exit('hold', 1, buyAt, 'buy', '100', bought),
      exit('hedge', 0, elsewhere, 'buy', '102.9', bought), exit('reverse', 0, sellAt, 'buy', '104', sold), exit('hold', 0, sellAt, 'sell', '101.3', sold),
    ],
  };
}
const LINEAR: Shape = { plan: planOf(['binance', 'okx', 'kraken'], 'BTC/USDT', 'USDT', '1', '1'), decimals: 3, feeCurrencies: ['USDT', 'BTC', 'BNB'] };
const INVERSE: Shape = { plan: planOf(['binancecoinm', 'okx', 'kraken'], 'BTC/USD:BTC', 'USD', '1000', '1013'), decimals: 0, feeCurrencies: ['BTC', 'BNB'] };

/** A venue's answer in shares of the order, so that it fits whatever the order's size. */
interface Answer {
  readonly parts: readonly { readonly share: number; readonly better: number; readonly fee: number; readonly currency: number }[];
  /** So many hundredths of the rest fill after the order's end. */
  readonly later: number;
  readonly way: Behaviour['way'] | 'reject' | 'rests';
}
const answers: fc.Arbitrary<Answer> = fc.record({
  parts: fc.array(fc.record({
    share: fc.oneof(fc.constantFrom(50, 100), fc.integer({ min: 1, max: 100 })), better: fc.nat(400),
    fee: fc.integer({ min: -3, max: 90 }), currency: fc.constantFrom(0, 0, 0, 1, 2),
  }), { maxLength: 3 }),
  later: fc.constantFrom(0, 0, 0, 40, 100),
  way: fc.constantFrom(undefined, undefined, undefined, undefined, 'lost', 'unanswered', 'late', 'reject', 'rests'),
});

const text = (units: bigint, decimals: number): string => {
  const digits = units.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

function behaviourOf({ parts, later, way }: Answer, { side, size, price }: VenueOrderRequest, { decimals, feeCurrencies }: Shape): Behaviour {
  if (way === 'reject') return { reject: true };
  let left = BigInt(size.replace('.', '').padEnd(size.replace('.', '').length + decimals - (size.split('.')[1]?.length ?? 0), '0'));
  const fills: TestFill[] = [];
  for (const { share, better, fee, currency } of parts) {
    const part = share === 100 ? left : (left * BigInt(share)) / 100n;
    if (part === 0n) continue;
    left -= part;
    const limit = Number(price) * 1_000;
    const feeCurrency = feeCurrencies[currency % feeCurrencies.length];
    // A fee in base is a small share of what was traded; the others are what they are.
    const amount = feeCurrency === 'BTC' ? text((part * BigInt(Math.max(fee, 0))) / 30n, decimals + 3) : `${fee < 0 ? '-' : ''}${text(BigInt(Math.abs(fee)), 2)}`;
    fills.push({ size: text(part, decimals), price: ((limit + (side === 'buy' ? -better : better)) / 1_000).toFixed(3), fee: amount, feeCurrency });
  }
  const late = (left * BigInt(later)) / 100n;
  return { fills, ...(late > 0n ? { later: text(late, decimals), laterUs: later === 40 ? 90_000_000 : 1_000_000 } : {}), ...(way === 'rests' ? { rests: true } : way === undefined ? {} : { way }) };
}

/** The fills that a result's amounts are of, each with the order it belongs to. */
function fillsOf(world: World, intentId: string): PlainFill[] {
  const orders = new Map(world.orders.map(({ order }) => [order.id, order]));
  return world.fills.filter((fill) => fill.intentId === intentId).map((fill) => ({
    fill, order: orders.get(fill.orderId)!, specification: table.get(table.find(fill.venue, fill.symbol)),
  }));
}

const seen = { plans: 0, endedAgain: 0, exited: 0, alone: 0, even: 0, takenBack: 0, feesInBase: 0, otherFees: 0 };

function check(result: PlanResult, plan: Plan, fills: readonly PlainFill[]): void {
  const amount = (of: 'spread' | 'slippage' | 'exitCost' | 'fees' | 'held' | 'total'): Ratio => Ratio.of(result[of]);
  expect(fills).toHaveLength(result.fillCount);
  const causes = amount('spread').plus(amount('slippage')).plus(amount('exitCost')).plus(amount('fees')).plus(amount('held'));
  expect(causes.equals(result.total)).toBe(true);
  const cash = plainCash(plan, fills);
  expect([result.total, cash.equals(result.total)]).toEqual([result.total, true]);
  // Every fill is at its limit or better, so that the legs' own part never loses by it.
  expect(amount('slippage').sign).toBeGreaterThanOrEqual(0);

  const rest = result.uneven ?? result.dust;
  expect(result.uneven === null || result.dust === null).toBe(true);
  expect([result.held, amount('held').sign !== 0]).toEqual([result.held, rest !== null]);
  const base = plainBase(plan, fills);
  const { inverse, contractSize } = table.get(table.find(plan.legs[0].venue, plan.legs[0].symbol));
  const planPrice = plan.legs.find(({ side }) => side === rest?.side)?.price ?? '1';
  const size = rest === null ? Ratio.zero : Ratio.of(rest.size).times(Ratio.of(contractSize)).times(rest.side === 'buy' ? 1n : -1n);
  const gap = (inverse ? size.by(Ratio.of(planPrice)) : size).minus(base);
  expect([rest?.size, inverse ? gap.rounded(15).sign : gap.sign]).toEqual([rest?.size, 0]);
  if (rest !== null) {
    const prices = fills.filter(({ fill }) => fill.side === rest.side).map(({ fill }) => Number(fill.price));
    expect(Number(rest.price)).toBeGreaterThanOrEqual(Math.min(...prices) - 1e-9);
    expect(Number(rest.price)).toBeLessThanOrEqual(Math.max(...prices) + 1e-9);
  }
  seen.plans++;
  if (fills.some(({ order }) => order.purpose === 'hedge')) seen.exited++;
  if (fills.some(({ order }) => order.purpose === 'reverse')) seen.takenBack++;
  if (rest !== null) seen.alone++;
  else if (fills.length > 0) seen.even++;
  if (fills.some(({ fill }) => fill.feeCurrency === 'BTC' && Number(fill.fee) > 0)) seen.feesInBase++;
  if (Object.keys(result.otherFees).length > 0) seen.otherFees++;
}

test.each([['linear', LINEAR], ['inverse', INVERSE]])('whatever fills, fails and is killed, the causes of a plan are its cash to the last digit: %s', (_name, shape) => {
  for (const key of Object.keys(seen) as (keyof typeof seen)[]) seen[key] = 0;
  fc.assert(
    fc.property(
      fc.array(answers, { minLength: 10, maxLength: 10 }),
      fc.array(fc.record({ steps: fc.nat(14), pauseUs: fc.nat(1_500_000) }), { maxLength: 3 }),
      (given, crashes) => {
        let request = 0;
        const world = new World((order) => behaviourOf(given[request++ % given.length], order, shape), options);
        for (const id of ['a', 'b', 'c']) world.approve(approvedOf(id, shape.plan));
        for (const { steps, pauseUs } of crashes) {
          for (let i = 0; i < steps && world.tasks.length > 0; i++) world.step(0);
          world.nowUs += pauseUs;
          world.crash();
        }
        world.passUntilOver();
        expect(world.core.running).toBe(0);
        const newest = world.newest();
        expect(newest.size).toBe(3);
        seen.endedAgain += world.results.filter(({ revision }) => revision > 1).length;
        for (const [id, result] of newest) check(result, shape.plan, fillsOf(world, id));
      },
    ),
    { numRuns: 300, seed: 5 },
  );
  // What the property is about came about often.
  expect(Object.entries(seen).filter(([, count]) => count < 20)).toEqual([]);
});
