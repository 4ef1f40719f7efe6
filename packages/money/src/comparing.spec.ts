import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare, differenceOf, exceeds, sumOf } from './comparing.js';
import { Money, ZERO } from './decimal.js';

// Below 10^29, so that 1e-30 more is exact.
const amount = fc.tuple(fc.bigInt({ min: -(10n ** 29n) + 1n, max: 10n ** 29n - 1n }), fc.integer({ min: 0, max: 30 })).map(([digits, scale]) => new Money(`${digits}e-${scale}`));

test('comparing says what the library says', () => {
  fc.assert(fc.property(amount, amount, (one, two) => {
    expect(exceeds(one, two)).toBe(one.greaterThan(two));
    expect(exceeds(one, one.plus(0))).toBe(false);
    expect(exceeds(one.plus('1e-30'), one)).toBe(true);
    expect(exceeds(one.negated(), two.times(10))).toBe(one.negated().greaterThan(two.times(10)));
  }), { numRuns: 2000 });
});

const near = fc.tuple(amount, fc.constantFrom('0', '-0', '1', '-1', '1e-30', '-1e-30')).map(([one, part]) => one.plus(part));
const any = fc.oneof(amount, near, fc.constantFrom('0', '-0', '1', '-1', '9999999', '10000000', '0.0000001').map((text) => new Money(text)));

test('comparisons, sums and differences say what the library says, of equal amounts and of zero too', () => {
  fc.assert(fc.property(any, any, fc.constantFrom('0', '1e-30', '-1e-30'), (one, two, part) => {
    for (const other of [two, one.plus(part), one.negated()]) {
      expect(Math.sign(compare(one, other)) === one.comparedTo(other)).toBe(true);
      expect(sumOf(one, other).equals(one.plus(other))).toBe(true);
      expect(differenceOf(one, other).equals(one.minus(other))).toBe(true);
    }
  }), { numRuns: 2000 });
  expect([compare(new Money('-0'), ZERO), compare(ZERO, new Money('-0'))]).toEqual([0, 0]);
});
