import type { Contract } from './contract.js';
import type { Money } from './decimal.js';
import { quotient } from './rounding.js';
import { signOf, type Side } from './side.js';

/**
 * What it costs, in quote currency, to trade `size` at `price` instead of at `reference`; positive is worse for us.
 * For an inverse contract the difference settles in the base currency and is valued at `price`:
 * units × (1/reference − 1/price) × price.
 */
export function costAgainst(contract: Contract, side: Side, reference: Money, price: Money, size: Money): Money {
  const worse = contract.units(size).times(price.minus(reference)).times(signOf(side));
  return contract.inverse ? quotient(worse, reference) : worse;
}

/** The same with the fee on top, a share of the traded value. */
export function costWithFee(contract: Contract, side: Side, reference: Money, price: Money, size: Money, feeRate: Money): Money {
  return costAgainst(contract, side, reference, price, size).plus(contract.value(price, size).times(feeRate));
}

/**
 * The worst price at which trading `size` costs at most `limit` against `reference`, fee included; solves
 * costAgainst(price) + fee × value(price) = limit for the price. It is not on any step yet.
 */
export function priceAtCost(contract: Contract, side: Side, reference: Money, size: Money, feeRate: Money, limit: Money): Money {
  const sign = signOf(side);
  const perUnit = limit.div(contract.units(size));
  if (contract.inverse) return reference.times(perUnit.minus(feeRate).times(sign).plus(1));
  return quotient(reference.plus(perUnit.times(sign)), feeRate.times(sign).plus(1));
}
