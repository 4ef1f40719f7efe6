import { isTakenFromSize, type Fill, type InstrumentSpecification } from '@parallax/types';
import { Decimal } from 'decimal.js';

/** Exact for sums and products; divisions, which inverse contracts need, keep 40 digits. */
export const Money = Decimal.clone({ precision: 40, defaults: true });
export type Money = Decimal;
export const ZERO = new Money(0);

export type Side = 'buy' | 'sell';
/** What the side does to a position: 1 or -1. */
export const signOf = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);

/** Value of `size` at `price` in the quote currency; an inverse contract is worth its quote units at any price. */
export function quoteValue(specification: InstrumentSpecification, price: Money, size: Money): Money {
  const units = size.times(specification.contractSize);
  return specification.inverse ? units : units.times(price);
}

/**
 * What a fill moved of the position in its instrument, without a sign, in the venue's unit: a fee that was taken in what is
 * traded lessens a purchase and adds to a sale.
 */
export function movedSize(
  specification: InstrumentSpecification, { side, size, fee, feeCurrency }: Pick<Fill, 'side' | 'size' | 'fee' | 'feeCurrency'>,
): Money {
  if (!isTakenFromSize(specification, feeCurrency)) return new Money(size);
  return new Money(size).minus(new Money(fee).div(specification.contractSize).times(signOf(side)));
}

/**
 * What it costs, in quote currency, to trade `size` at `price` instead of at `reference`; positive is worse for us.
 * For an inverse contract the difference settles in the base currency and is valued at `price`:
 * units × (1/reference − 1/price) × price.
 */
export function costAgainst(
  specification: InstrumentSpecification, side: Side, reference: Money, price: Money, size: Money,
): Money {
  const units = size.times(specification.contractSize);
  const worse = price.minus(reference).times(signOf(side));
  return specification.inverse ? units.times(worse).div(reference) : units.times(worse);
}

/** The same with the fee on top, a share of the traded value. */
export function costWithFee(
  specification: InstrumentSpecification, side: Side, reference: Money, price: Money, size: Money, feeRate: Money,
): Money {
  return costAgainst(specification, side, reference, price, size).plus(quoteValue(specification, price, size).times(feeRate));
}

/**
 * The worst price at which trading `size` costs at most `limit` against `reference`, fee included; solves
 * costAgainst(price) + fee × quoteValue(price) = limit for the price.
 */
export function priceAtCost(
  specification: InstrumentSpecification, side: Side, reference: Money, size: Money, feeRate: Money, limit: Money,
): Money {
  const sign = signOf(side);
  const perUnit = limit.div(size.times(specification.contractSize));
  if (specification.inverse) return reference.times(perUnit.minus(feeRate).times(sign).plus(1));
  return reference.plus(perUnit.times(sign)).div(feeRate.times(sign).plus(1));
}

/** The nearest multiple of the order step that is not worse for us than `price`, as decimal text. */
export function priceOnStep(specification: InstrumentSpecification, side: Side, price: Money): Money {
  const step = new Money(specification.priceStep).div(new Money(10).pow(specification.priceScale));
  return price.div(step).toDecimalPlaces(0, side === 'buy' ? Money.ROUND_FLOOR : Money.ROUND_CEIL).times(step);
}

/** The largest size on the order step that does not exceed `size`; 0 where that is below the smallest order. */
export function sizeOnStep(specification: InstrumentSpecification, size: Money): Money {
  const scale = new Money(10).pow(specification.sizeScale);
  const steps = size.times(scale).div(specification.sizeStep).toDecimalPlaces(0, Money.ROUND_FLOOR);
  const integer = steps.times(specification.sizeStep);
  return integer.lessThan(specification.minimumSize) ? ZERO : integer.div(scale);
}

/** Whether `price` is worse for us than `bound`. */
export const isWorse = (side: Side, price: Money, bound: Money): boolean =>
  side === 'buy' ? price.greaterThan(bound) : price.lessThan(bound);

/** Whether an order is worth enough for its venue: the least notional is in quote, for inverse contracts in base. */
export function worthPlacing(specification: InstrumentSpecification, price: Money, size: Money): boolean {
  const value = quoteValue(specification, price, size);
  return (specification.inverse ? value.div(price) : value).greaterThanOrEqualTo(specification.minimumNotional);
}
