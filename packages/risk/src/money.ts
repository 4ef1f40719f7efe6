import { Decimal } from 'decimal.js';

/**
 * Exact decimal arithmetic for money. Sums and products of prices, sizes and contract sizes stay below 60 digits and
 * are exact; only quotients (base amounts of inverse contracts, shares of a cost) are rounded, at the 24th decimal.
 */
export const Money = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -9e15, toExpPos: 9e15 });
export type Money = Decimal;

export const ZERO: Money = new Money(0);
export const ONE: Money = new Money(1);

/**
 * Whether the first amount is the greater one. The library's own comparison copies its argument each time, which was a
 * seventh of a whole check; sign, exponent and digits (in groups of seven, both documented) say the same.
 */
export function exceeds(first: Money, second: Money): boolean {
  const [one, two] = [first.d, second.d];
  if (one === null || two === null || one[0] === 0 || two[0] === 0 || first.s !== second.s) return first.greaterThan(second);
  if (first.e !== second.e) return first.e > second.e === first.s > 0;
  const length = Math.min(one.length, two.length);
  for (let i = 0; i < length; i++) if (one[i] !== two[i]) return one[i] > two[i] === first.s > 0;
  return one.length !== two.length && one.length > two.length === first.s > 0;
}

/** The larger of two amounts. */
export const larger = (first: Money, second: Money): Money => (exceeds(first, second) ? first : second);
/** The smaller of two amounts. */
export const smaller = (first: Money, second: Money): Money => (exceeds(second, first) ? first : second);
/** The amount, or zero where it is negative. */
export const notNegative = (amount: Money): Money => (amount.isNegative() ? ZERO : amount);

const QUOTIENT_DECIMALS = 24;
/** A quotient, rounded at the 24th decimal, so that sums and differences of such amounts stay exact. */
export const quotient = (amount: Money, divisor: Money): Money => amount.div(divisor).toDecimalPlaces(QUOTIENT_DECIMALS);

/** Decimal text without exponent. */
export const moneyText = (amount: Money): string => (amount.isZero() ? '0' : amount.toFixed());

/** An integer at `scale` decimals as an exact amount. */
export function moneyFromScaled(value: number, scale: number): Money {
  return scale === 0 ? new Money(value) : new Money(value).times(powerOfTen(scale));
}

const POWERS: Money[] = [];
function powerOfTen(scale: number): Money {
  return (POWERS[scale] ??= new Money(10).pow(-scale));
}
