import type { Money } from './decimal.js';

/** Quotients are kept at so many decimals. */
export const QUOTIENT_DECIMALS = 40;
/** Amounts and average prices are told at so many decimals: no currency is divided more finely. */
export const AMOUNT_DECIMALS = 18;

/**
 * The rule of rounding, for the whole repository.
 *
 * 1. Sums, differences and products are exact.
 * 2. What a division makes (base units of an inverse contract, an average price, the cost of a part of a position) is kept at the
 *    40th decimal, and rounded once. Sums of such amounts are exact again. Where a sum is taken apart, the part is rounded and what
 *    is left keeps the rest, so that nothing is lost: see {@link partOf}.
 * 3. An amount that is told (in a position, a result, an approval) is rounded at the 18th decimal, see {@link rounded}. Where told
 *    amounts must add up (the causes of a plan, what stands alone), it is the parts that are rounded there, never their sum.
 * 4. What is only on the way to an amount keeps all digits: a share of a leg, base units at a plan's price.
 * 5. Halves go to the even digit, except: the price or size of an order is on the venue's step and never worse for us than asked
 *    for (steps.ts), and what a venue charges is never rounded in our favour (fees.ts).
 */
export const rounded = (amount: Money): Money => amount.toDecimalPlaces(AMOUNT_DECIMALS);

/**
 * A quotient as it is kept. It is rounded once: the division keeps 160 digits, and no quotient of numbers of up to 48 digits lies so
 * near to a half of the 40th decimal without being one.
 */
export const quotient = (amount: Money, divisor: Money): Money => amount.div(divisor).toDecimalPlaces(QUOTIENT_DECIMALS);

/** What belongs to `part` of `whole` of an amount, in proportion; of the whole, all of it, to the last digit. */
export function partOf(amount: Money, part: Money, whole: Money, decimals = QUOTIENT_DECIMALS): Money {
  return part.eq(whole) ? amount : amount.times(part).div(whole).toDecimalPlaces(decimals);
}
