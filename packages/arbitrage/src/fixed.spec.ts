import { expect, test } from '@jest/globals';
import { contractOf, Money, moneyFromScaled } from '@parallax/money';
import { commonMultiple, fixedFromExact, floorTo, lesserQuotient, ONE, rounded, textFromFixed, unitsOf } from './fixed.js';
import { swap } from '../test/support/scene.js';

test('text and rounding are those of decimals, halves to the even one on both sides of zero', () => {
  for (const value of [0n, 5n, -5n, 15n, 25n, -25n, 1_200n, 123_456_789n, -123_456_750n, 99_999_999_995n]) {
    for (const decimals of [0, 1, 4, 12]) {
      const exact = new Money(value.toString()).div(new Money(10).pow(decimals));
      expect(textFromFixed(value, decimals)).toBe(exact.toFixed());
    }
    for (const divisor of [1n, 2n, 3n, 10n, 1_000n]) {
      const exact = new Money(value.toString()).div(divisor.toString()).toDecimalPlaces(0, Money.ROUND_HALF_EVEN);
      expect(rounded(value, divisor).toString()).toBe(exact.toFixed().replace('-0', '0'));
    }
  }
  expect(fixedFromExact(new Money('0.000000000000000000000001'))).toBe(1n);
  expect(fixedFromExact(new Money('12.5'), 2)).toBe((ONE * ONE * 25n) / 2n);
});

test('a quotient counts where it is the less; steps and their common multiple', () => {
  expect(lesserQuotient(10n, 35n, 4n)).toBe(8n);
  expect(lesserQuotient(8n, 35n, 4n)).toBe(8n);
  expect(lesserQuotient(8n, 400n, 4n)).toBe(8n);
  expect(floorTo(17n, 5n)).toBe(15n);
  expect(commonMultiple(2n, 3n)).toBe(6n);
  expect(commonMultiple(4n, 6n)).toBe(12n);
});

test('an inverse contract counts quote currency: its base is rounded down at 18 decimals, its size comes back', () => {
  const units = unitsOf(swap('x', { quote: 'USD', inverse: true, contractSize: '100', sizeScale: 0, priceScale: 1, sizeStep: 1 }));
  const price = units.priceOf(300_000);
  expect(textFromFixed(units.baseOf(7n, price))).toBe('0.023333333333333333');
  expect(textFromFixed(units.valueOf(7n, price), 48)).toBe('700');
  // What was rounded down holds no whole seventh contract any more.
  expect(units.sizeOf(units.baseOf(7n, price), price)).toBe(6n);
  expect(units.sizeOf(units.baseOf(6n, price), price)).toBe(6n);
});

test('whole numbers say what packages/money says of a contract; base units of an inverse one are rounded down', () => {
  const inverse = { inverse: true, quote: 'USD', settle: 'BTC', contractSize: '100' } as const;
  for (const specification of [swap('a'), swap('a', { contractSize: '0.01' }), swap('a', inverse)]) {
    const [units, contract] = [unitsOf(specification), contractOf(specification)];
    for (const [price, size] of [[6_000_050, 7], [1, 1], [999_999, 123_456]]) {
      const of = [moneyFromScaled(price, specification.priceScale), moneyFromScaled(size, specification.sizeScale)] as const;
      const fixed = units.priceOf(price);
      expect(textFromFixed(units.valueOf(BigInt(size), fixed), 48)).toBe(contract.value(...of).toFixed());
      const base = contract.base(...of);
      expect(textFromFixed(units.baseOf(BigInt(size), fixed))).toBe((specification.inverse ? base.toDecimalPlaces(18, Money.ROUND_DOWN) : base).toFixed());
    }
  }
});
