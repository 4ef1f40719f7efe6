import { Decimal } from 'decimal.js';

/**
 * Exact decimal arithmetic, configured here and nowhere else: the linter refuses a second configuration.
 *
 * Sums, differences and products are exact as long as they have at most 160 digits. Prices and sizes have at most 16 digits, limits
 * and conversions at most 48, quotients at most 40 decimals; the longest product that is ever made, a limit times a value in a
 * converted currency, stays below. Divisions are rounded as rounding.ts says. Text is written without an exponent.
 */
export const Money = Decimal.clone({
  precision: 160, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -9e15, toExpPos: 9e15, minE: -9e15, maxE: 9e15, modulo: Decimal.ROUND_DOWN, crypto: false,
});
export type Money = Decimal;

export const ZERO: Money = new Money(0);
export const ONE: Money = new Money(1);
