import { isTakenFromSize, type Fill } from '@parallax/types';
import type { Contract } from './contract.js';
import { Money } from './decimal.js';
import { AMOUNT_DECIMALS } from './rounding.js';
import { signOf } from './side.js';

/**
 * What a venue charges for a trade, in the settlement currency: the rate (0.001 is ten basis points; below 0 it is a rebate) of
 * what was traded, worth × rate. Rounded at the 18th decimal, never in our favour, and once: an inverse contract's worth is divided
 * after the rate.
 */
export function feeOf(contract: Contract, price: Money, size: Money, rate: Money): Money {
  const charged = contract.value(price, size).times(rate);
  return (contract.inverse ? charged.div(price) : charged).toDecimalPlaces(AMOUNT_DECIMALS, Money.ROUND_CEIL);
}

/** What a fill tells of its fee; rebates are negative. */
export type FillFee = Pick<Fill, 'fee' | 'feeCurrency'>;

/**
 * What a fill moved of the position in its instrument, without a sign, in the venue's unit: a fee that was taken in what is
 * traded lessens a purchase and adds to a sale.
 */
export function movedSize(contract: Contract, { side, size, fee, feeCurrency }: FillFee & Pick<Fill, 'side' | 'size'>): Money {
  if (!isTakenFromSize(contract.specification, feeCurrency)) return new Money(size);
  return new Money(size).minus(contract.sizeOf(new Money(fee)).times(signOf(side)));
}

/**
 * What a fill's fee is in the settlement currency. One that was taken out of what a spot market traded is worth the fill's price;
 * null where it was charged in a third currency, which says nothing of the settlement currency. So is the base of a linear
 * derivative, which does not change hands there.
 */
export function settledFee({ specification }: Contract, { price, fee, feeCurrency }: FillFee & Pick<Fill, 'price'>): Money | null {
  if (isTakenFromSize(specification, feeCurrency)) return new Money(price).times(fee);
  return feeCurrency === specification.settle ? new Money(fee) : null;
}

/** The same in the quote currency: what is settled in base (inverse contracts) is worth the fill's price too. */
export function quotedFee(contract: Contract, fill: FillFee & Pick<Fill, 'price'>): Money | null {
  const { inverse, base, quote } = contract.specification;
  if (fill.feeCurrency === quote) return new Money(fill.fee);
  return inverse && fill.feeCurrency === base ? new Money(fill.price).times(fill.fee) : settledFee(contract, fill);
}
