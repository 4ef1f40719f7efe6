import { expect, test } from '@jest/globals';
import { Ratio } from '@parallax/testing';
import fc from 'fast-check';
import { Money } from './decimal.js';
import { partOf, quotient } from './rounding.js';
import { moneyText } from './text.js';

/** Up to 48 digits, as limits have. */
const text = fc.tuple(fc.bigInt({ min: -(10n ** 48n), max: 10n ** 48n }), fc.integer({ min: 0, max: 24 })).map(([digits, scale]) => moneyText(new Money(`${digits}e-${scale}`)));
const divisor = text.filter((one) => one !== '0');

test('a quotient is rounded once, at the 40th decimal, halves to the even digit', () => {
  fc.assert(fc.property(text, divisor, (amount, by) => {
    const expected = Ratio.of(amount).by(Ratio.of(by)).rounded(40);
    expect(Ratio.of(moneyText(quotient(new Money(amount), new Money(by)))).equals(expected)).toBe(true);
  }), { numRuns: 1000 });
  const halves = ['1', '3', '-1', '-3', '5'].map((digits) => moneyText(quotient(new Money(`${digits}e-40`), new Money(2))));
  expect(halves).toEqual(['0', `0.${'0'.repeat(39)}2`, '0', `-0.${'0'.repeat(39)}2`, `0.${'0'.repeat(39)}2`]);
});

test('a quotient next to a half is not taken for one', () => {
  fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.bigInt({ min: 10n ** 24n, max: 10n ** 48n }), fc.constantFrom(-1n, 0n, 1n), (half, under, off) => {
    // (half + 1/2) × 10^-40, moved by the least that a numerator can be moved.
    const over = (2n * half + 1n) * under + off;
    const expected = Ratio.of(String(over)).by(Ratio.of(`${2n * under}${'0'.repeat(40)}`)).rounded(40);
    const found = quotient(new Money(String(over)), new Money(`${2n * under}${'0'.repeat(40)}`));
    expect(Ratio.of(moneyText(found)).equals(expected)).toBe(true);
  }), { numRuns: 500 });
});

test('a part and what is left of it are the whole', () => {
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 999 }), (amount, part) => {
    const all = new Money(amount);
    const taken = partOf(all, new Money(part), new Money(999));
    expect(taken.plus(all.minus(taken)).eq(all)).toBe(true);
    expect(partOf(all, new Money(999), new Money('999.0')).eq(all)).toBe(true);
  }));
});

test('the longest products stay exact', () => {
  const limit = `${'9'.repeat(24)}.${'9'.repeat(24)}`;
  const product = new Money(limit).times(limit).times('9007199254740991').times('0.000000009007199254740991');
  const digits = BigInt('9'.repeat(48)) ** 2n * 9_007_199_254_740_991n ** 2n;
  expect(product.eq(new Money(`${digits}e-72`))).toBe(true);
});
