import { type Money, ZERO } from './decimal.js';

/**
 * Which amount is the greater one: above 0 the first, below 0 the second, 0 for equal ones. The library's own comparison
 * copies its argument each time, which was a seventh of a whole check of risk; sign, exponent and digits (in groups of seven,
 * both documented) say the same.
 */
export function compare(first: Money, second: Money): number {
  const one = first.d;
  const two = second.d;
  if (one === null || two === null) return first.comparedTo(second);
  const sign = one[0] === 0 ? 0 : first.s;
  const otherSign = two[0] === 0 ? 0 : second.s;
  if (sign !== otherSign || sign === 0) return sign - otherSign;
  if (first.e !== second.e) return first.e > second.e ? sign : -sign;
  const length = Math.min(one.length, two.length);
  for (let i = 0; i < length; i++) if (one[i] !== two[i]) return one[i] > two[i] ? sign : -sign;
  return (one.length - two.length) * sign;
}

/** Whether the first amount is the greater one. */
export const exceeds = (first: Money, second: Money): boolean => compare(first, second) > 0;

/** The sum; an amount is never changed, so that with nothing added it is the other amount itself. */
export function sumOf(first: Money, second: Money): Money {
  if (first.isZero()) return second;
  return second.isZero() ? first : first.plus(second);
}

/** The difference, likewise without a new amount where one of them or nothing is left. */
export function differenceOf(first: Money, second: Money): Money {
  if (second.isZero()) return first;
  return compare(first, second) === 0 ? ZERO : first.minus(second);
}

/** The larger of two amounts. */
export const larger = (first: Money, second: Money): Money => (exceeds(first, second) ? first : second);
/** The smaller of two amounts. */
export const smaller = (first: Money, second: Money): Money => (exceeds(second, first) ? first : second);
/** The amount, or zero where it is negative. */
export const notNegative = (amount: Money): Money => (amount.isNegative() ? ZERO : amount);
