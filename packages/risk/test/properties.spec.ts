import { holdingKey } from '../src/ledger/holding-key.js';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { replay, type RiskEvent, restore, snapshot } from '../src/index.js';
import { PRICES, RandomLife, steps } from './random-life.js';
import { ACCOUNT, spot, type World, worldOf } from './support.js';

const LIMITS = {
  capital: '100000', maxOrderNotional: '10000', maxPositionNotional: '15000', maxVenueExposure: '0.2', cooldownUs: 0,
  maxHourlyLoss: '100000', maxDailyLoss: '100000',
};
const makeWorld = (): World => worldOf([spot('a'), spot('b'), spot('c')], LIMITS);

/** Worst steps of 0.00001 per venue, from the fills' texts and the plans' own books. */
function plainWorst(life: RandomLife): Record<string, number> {
  return Object.fromEntries(Object.keys(PRICES).map((venue) => {
    const [held, buys, sells] = [life.held(venue), life.mayStill(venue, 'buy'), life.mayStill(venue, 'sell')];
    return [venue, Math.max(Math.abs(held + buys), Math.abs(held - sells))];
  }));
}

test('never approves what breaks a limit, by a plain recount of the events', () => {
  let approved = 0;
  fc.assert(fc.property(steps, (played) => {
    let before: Record<string, number> = {};
    const life: RandomLife = new RandomLife(makeWorld(), (verdict) => {
      if (verdict.kind !== 'approved') return;
      approved++;
      const worst = plainWorst(life);
      for (const { venue, price, size } of [...verdict.plan.legs, ...verdict.plan.exits.filter(({ kind }) => kind === 'hedge')]) {
        expect(Number(price) * Number(size)).toBeLessThanOrEqual(10_000);
        // Late fills come of themselves, beyond a limit too: then a plan may go that adds nothing there.
        const most = Math.max(15_000, (before[venue] * Number(PRICES[venue])) / 100_000);
        expect((worst[venue] * Number(PRICES[venue])) / 100_000).toBeLessThanOrEqual(most);
      }
    });
    for (const step of played) {
      if (step.kind === 'intent') before = plainWorst(life);
      life.play(step);
    }
  }), { numRuns: 250 });
  expect(approved).toBeGreaterThan(100);
});

test('what plans may still do is reserved: retries, hedges and taking back too, until their results; nothing else is', () => {
  let exits = 0;
  fc.assert(fc.property(steps, (played) => {
    const life: RandomLife = new RandomLife(makeWorld());
    const { exposures } = life.core.ledger(ACCOUNT);
    const reserved = (venue: string, side: 'buy' | 'sell'): number => Number(exposures.get(`${venue}:BTC/USDT`)?.[side].size ?? 0) * 100_000;
    for (const step of played) {
      life.play(step);
      for (const venue of Object.keys(PRICES)) {
        for (const side of ['buy', 'sell'] as const) expect(reserved(venue, side)).toBeCloseTo(life.mayStill(venue, side), 6);
      }
    }
    exits += life.plans.reduce((sum, { orders }) => sum + Math.max(0, orders.length - 2), 0);
  }), { numRuns: 250 });
  expect(exits).toBeGreaterThan(50);
});

test('no order that lives fills beyond what was reserved before it was sent', () => {
  fc.assert(fc.property(steps, (played) => {
    let bounds: Record<string, [number, number]> = {};
    const life: RandomLife = new RandomLife(makeWorld(), undefined, () => {
      const { exposures } = life.core.ledger(ACCOUNT);
      bounds = Object.fromEntries(Object.keys(PRICES).map((venue) => {
        const [held, open] = [life.held(venue), exposures.get(`${venue}:BTC/USDT`)];
        return [venue, [held - Number(open?.sell.size ?? 0) * 100_000, held + Number(open?.buy.size ?? 0) * 100_000]];
      }));
    });
    for (const step of played) {
      bounds = {};
      life.play(step);
      for (const [venue, [least, most]] of Object.entries(bounds)) {
        expect(life.held(venue)).toBeGreaterThanOrEqual(least - 1e-6);
        expect(life.held(venue)).toBeLessThanOrEqual(most + 1e-6);
      }
    }
  }), { numRuns: 120 });
});

test('what is reserved is never negative, and zero once everything is closed', () => {
  fc.assert(fc.property(steps, (played) => {
    const life = new RandomLife(makeWorld());
    const { exposures, records } = life.core.ledger(ACCOUNT);
    for (const step of played) {
      life.play(step);
      for (const { buy, sell } of exposures.all()) {
        for (const amount of [buy.size, buy.value, sell.size, sell.value]) expect(amount.isNegative() && !amount.isZero()).toBe(false);
      }
    }
    life.finish();
    for (const { buy, sell } of exposures.all()) expect([buy.size, buy.value, sell.size, sell.value].every((a) => a.isZero())).toBe(true);
    for (const record of records.values()) expect(record.standing).toEqual([]);
    expect(life.core.ledger(ACCOUNT).exposures.held(holdingKey('a', 'USDT')).toFixed()).toBe('0');
  }), { numRuns: 100 });
});

const KINDS: RiskEvent['kind'][] = ['approved', 'refused', 'order', 'fill', 'result'];

test('a core rebuilt from the streams equals the live one, whatever comes twice and whichever stream comes first', () => {
  const shuffled = fc.shuffledSubarray(KINDS, { minLength: KINDS.length, maxLength: KINDS.length });
  fc.assert(fc.property(steps, shuffled, fc.array(fc.nat(), { maxLength: 30 }), fc.nat(60), (played, order, again, late) => {
    const life = new RandomLife(makeWorld());
    for (const step of played) life.play(step);
    life.nowUs += late * 100_000;
    const expected = snapshot(life.core, life.nowUs);

    const inOrder = makeWorld().core;
    replay(inOrder, life.events, life.nowUs);
    expect(snapshot(inOrder, life.nowUs)).toEqual(expected);

    // Each stream keeps its order; every redelivery repeats what came before.
    const events = order.flatMap((kind) => life.events.filter((event) => event.kind === kind));
    for (const place of again) if (events.length > 0) events.push(events[place % events.length]);
    const byStream = makeWorld().core;
    replay(byStream, events, life.nowUs);
    expect(snapshot(byStream, life.nowUs)).toEqual(expected);

    const restored = makeWorld().core;
    restore(restored, JSON.parse(JSON.stringify(expected)), life.nowUs);
    expect(snapshot(restored, life.nowUs)).toEqual(expected);
  }), { numRuns: 100 });
});
