import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@parallax/money';
import { fillOf, intentOf, leg, NOW, orderOf, pairIntent, reverse, spot, worldOf } from './support.js';

/** Below what any plan asks for, so that every check of an amount refuses and tells what it measured. */
const NOTHING_ALLOWED = {
  capital: '0.00000001', maxOrderNotional: '0', maxPositionNotional: '0', maxHourlyLoss: '0', maxDailyLoss: '0', minimumNet: '1000000000000000',
  legTolerance: '0', maxExitCost: '0', cooldownUs: 0,
};

const cents = fc.oneof(fc.integer({ min: 100, max: 9_999 }), fc.integer({ min: 100, max: 999_999_999 }));
const sizes = fc.oneof(fc.constantFrom(1, 100_000), fc.integer({ min: 1, max: 9_999_999 }));
const cases = fc.record({
  buyAt: cents, sellAt: cents, bid: cents, ask: cents, bought: sizes, sold: sizes, held: fc.integer({ min: -9_999_999, max: 9_999_999 }),
  heldAt: cents, cash: fc.nat(99_999_999), net: fc.integer({ min: -99_999, max: 99_999 }), fee: fc.integer({ min: 0, max: 999_999 }),
});

/** Exact amounts as integers of 1e-10: cents and sizes at five decimals multiply to 1e-7, fee allowances add three. */
const TEN = 10n ** 10n;
const text = (amount: bigint): string => new Money(`${amount}e-10`).toFixed();
const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
const largest = (...amounts: bigint[]): bigint => amounts.reduce((one, two) => (one > two ? one : two));
const decimal = (units: number, decimals: number): string => new Money(`${units}e-${decimals}`).toFixed();

test('every amount that a refusal tells is what plain integers give', () => {
  fc.assert(fc.property(cases, ({ buyAt, sellAt, bid, ask, bought, sold, held, heldAt, cash, net, fee }) => {
    const { core, quote } = worldOf([spot('a'), spot('b')], NOTHING_ALLOWED);
    core.setStartBalance('main', 'a', 'USDT', decimal(cash, 2));
    core.setStartBalance('main', 'b', 'BTC', '0');
    quote('a', 'BTC/USDT', decimal(bid, 2), decimal(ask, 2));
    quote('b', 'BTC/USDT', decimal(bid, 2), decimal(ask, 2));
    if (held !== 0) {
      const side = held > 0 ? 'buy' : 'sell';
      const order = { ...orderOf(pairIntent('before'), 0), side } as const;
      core.onFill(fillOf(order, 'f', decimal(Math.abs(held), 5), decimal(heldAt, 2), { fee: decimal(fee, 5) }), NOW);
    }
    const legs = [leg(0, 'a', 'buy', decimal(buyAt, 2), decimal(bought, 5)), leg(1, 'b', 'sell', decimal(sellAt, 2), decimal(sold, 5))];
    const exits = [reverse(0, legs[1], legs[1].price), reverse(1, legs[0], legs[0].price)];
    const verdict = core.judge(intentOf('i', legs, exits, { expectedNet: decimal(net, 2) }), NOW);
    const told = (code: string): (string | undefined)[] =>
      verdict.kind === 'refused' ? verdict.refusals.filter((one) => one.code === code).map(({ measured }) => measured) : [];

    const product = (price: number, size: number): bigint => BigInt(price) * BigInt(size) * 1000n;
    const [buys, sells] = [product(buyAt, bought), product(sellAt, sold)];
    expect(told('NOTIONAL_LIMIT')).toEqual([buys, sells, sells, buys].map(text));

    const cost = held === 0 ? 0n : product(heldAt, held);
    const before = absolute(cost);
    const after = largest(absolute(cost + buys), before);
    expect(told('POSITION_LIMIT')).toEqual([...(after > before ? [after] : []), sells].map(text));
    expect(told('VENUE_EXPOSURE_LIMIT')).toEqual([...(after > before ? [after] : []), sells].map(text));

    if (bought !== sold) expect(told('LEGS_UNBALANCED')).toEqual([decimal(Math.abs(bought - sold), 5)]);
    // Better prices than the limits are the strategy's own reckoning; worse ones are beyond reach.
    const reachable = ask <= buyAt && bid >= sellAt;
    if (reachable) expect(told('EDGE_GONE')).toEqual([text(BigInt(net) * (TEN / 100n))]);

    const paid = held === 0 ? 0n : BigInt(fee) * (TEN / 100_000n);
    // The middle of bid and ask is half a cent exact.
    const marked = (BigInt(bid + ask) * BigInt(held) * 1000n) / 2n - cost;
    const earned = -paid + (marked < 0n ? marked : 0n);
    const lost = earned < 0n ? [text(-earned)] : [];
    expect([told('HOURLY_LOSS_LIMIT'), told('DAILY_LOSS_LIMIT')]).toEqual([lost, lost]);

    const free = BigInt(cash) * (TEN / 100n) - cost - paid;
    const needed = (buys * 1002n) / 1000n;
    expect(told('BALANCE_INSUFFICIENT')).toEqual([...(needed > free ? [needed] : []), BigInt(sold) * (TEN / 100_000n)].map(text));
  }), { numRuns: 500 });
});
