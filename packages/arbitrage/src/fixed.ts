import { contractOf, Money } from '@parallax/money';
import type { InstrumentSpecification } from '@parallax/types';

/**
 * Walks count in whole numbers, a tenth of the price of decimals: prices, base sizes and rates as integers at so many
 * decimals, a product of two at twice as many. What goes into a walk has fewer decimals.
 */
export const FIXED_DECIMALS = 24;
export const ONE = 10n ** BigInt(FIXED_DECIMALS);

/** Sums of money and average prices are rounded at so many decimals. */
export const MONEY_DECIMALS = 18;
export const MONEY_UNIT = 10n ** BigInt(MONEY_DECIMALS);

/** Base units of an inverse contract are rounded down to so many decimals. */
const INVERSE_DECIMALS = 18;
const INVERSE_REST = 10n ** BigInt(FIXED_DECIMALS - INVERSE_DECIMALS);

const SCALES: Money[] = [];

/** @param factors 1 for a price, size or rate; 2 for a product of two. */
export function fixedFromExact(value: Money, factors = 1): bigint {
  const scale = (SCALES[factors] ??= new Money(10).pow(FIXED_DECIMALS * factors));
  return BigInt(value.mul(scale).toFixed(0));
}

/** Plain decimal text without trailing zeros. */
export function textFromFixed(value: bigint, decimals = FIXED_DECIMALS): string {
  if (value < 0n) return `-${textFromFixed(-value, decimals)}`;
  const digits = value.toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === 48) end--;
  return end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`;
}

/** The quotient as a whole number, halves to the even one; the divisor is above 0. */
export function rounded(dividend: bigint, divisor: bigint): bigint {
  if (dividend < 0n) return -rounded(-dividend, divisor);
  const whole = dividend / divisor;
  const twice = (dividend - whole * divisor) * 2n;
  return twice > divisor || (twice === divisor && whole % 2n === 1n) ? whole + 1n : whole;
}

export const lesser = (a: bigint, b: bigint): bigint => (b < a ? b : a);

/** The lesser of `value` and dividend ÷ divisor, which is above 0. */
export const lesserQuotient = (value: bigint, dividend: bigint, divisor: bigint): bigint =>
  dividend < value * divisor ? dividend / divisor : value;

/** The largest multiple of `step` that is not above `value`, which is not below 0. */
export const floorTo = (value: bigint, step: bigint): bigint => value - (value % step);

/** The smallest number that both divide: 2 and 3 give 6. */
export function commonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** How one instrument's integers become fixed numbers: what packages/money says of a contract, in whole numbers for walks. */
export class LegUnits {
  readonly inverse: boolean;
  readonly sizeStep: bigint;
  readonly minimumSize: bigint;
  /** Of quote currency, for inverse contracts of base. */
  readonly minimumNotional: bigint;
  /** Base units of one unit of size, for inverse contracts quote units; the contract's size is in it. */
  readonly contract: bigint;
  private readonly price: bigint;

  constructor(specification: InstrumentSpecification) {
    const { inverse, sizeStep, minimumSize, priceScale, sizeScale } = specification;
    const { minimumNotional, contractSize } = contractOf(specification);
    this.inverse = inverse;
    this.sizeStep = BigInt(sizeStep);
    this.minimumSize = BigInt(minimumSize);
    this.minimumNotional = fixedFromExact(minimumNotional, inverse ? 1 : 2);
    this.contract = fixedFromExact(contractSize) / 10n ** BigInt(sizeScale);
    this.price = 10n ** BigInt(FIXED_DECIMALS - priceScale);
  }

  priceOf(scaled: number): bigint {
    return BigInt(scaled) * this.price;
  }

  /** Base units of a size: size × contract, for inverse contracts ÷ price, rounded down. */
  baseOf(size: bigint, price: bigint): bigint {
    const units = size * this.contract;
    return this.inverse ? floorTo((units * ONE) / price, INVERSE_REST) : units;
  }

  /** Quote currency of a size, two factors. */
  valueOf(size: bigint, price: bigint): bigint {
    return size * this.contract * (this.inverse ? ONE : price);
  }

  /** The largest size whose base units at this price are not above `base`. */
  sizeOf(base: bigint, price: bigint): bigint {
    return this.inverse ? (base * price) / (this.contract * ONE) : base / this.contract;
  }
}

const units = new WeakMap<InstrumentSpecification, LegUnits>();

export function unitsOf(specification: InstrumentSpecification): LegUnits {
  let known = units.get(specification);
  if (!known) units.set(specification, (known = new LegUnits(specification)));
  return known;
}
