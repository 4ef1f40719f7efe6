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

/** Worst hundredths of a coin per venue, from nothing but the events' texts. */
function plainWorst(life: RandomLife): Record<string, number> {
  const held: Record<string, number> = { a: 0, b: 0, c: 0 };
  for (const event of life.events) {
    if (event.kind !== 'fill') continue;
    const { venue, side, size } = event.value;
    held[venue] += (side === 'buy' ? 1 : -1) * Math.round(Number(size) * 100);
  }
  const worst: Record<string, number> = {};
  for (const venue of ['a', 'b', 'c']) {
    let buys = 0;
    let sells = 0;
    for (const { order, left } of life.live) {
      if (order.venue !== venue) continue;
      if (order.side === 'buy') buys += left;
      else sells += left;
    }
    worst[venue] = Math.max(Math.abs(held[venue] + buys), Math.abs(held[venue] - sells));
  }
  return worst;
}

test('never approves what breaks a limit, by a plain recount of the events', () => {
  let approved = 0;
  fc.assert(fc.property(steps, (played) => {
    const life: RandomLife = new RandomLife(makeWorld(), (verdict) => {
      if (verdict.kind !== 'approved') return;
      approved++;
      const worst = plainWorst(life);
      for (const { venue, price, size } of verdict.plan.legs) {
        expect(Number(price) * Number(size)).toBeLessThanOrEqual(10_000);
        expect((worst[venue] * Number(PRICES[venue])) / 100).toBeLessThanOrEqual(15_000);
        expect((worst[venue] * Number(PRICES[venue])) / 100).toBeLessThanOrEqual(20_000);
      }
    });
    for (const step of played) life.play(step);
  }), { numRuns: 300 });
  expect(approved).toBeGreaterThan(100);
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
  }), { numRuns: 200 });
});

const KINDS: RiskEvent['kind'][] = ['approved', 'refused', 'order', 'fill'];

test('a core rebuilt from the streams equals the live one, whatever comes twice and whichever stream comes first', () => {
  const shuffled = fc.shuffledSubarray(KINDS, { minLength: 4, maxLength: 4 });
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
  }), { numRuns: 200 });
});
