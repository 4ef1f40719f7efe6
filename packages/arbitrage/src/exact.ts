import { Decimal } from 'decimal.js';
import { ParallaxError } from '@parallax/types';

/**
 * Decimal arithmetic for money, wide enough that no product of prices, sizes and rates is ever rounded. Only divisions
 * are: an inverse contract's base size, an average price, a share.
 */
export const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -80, toExpPos: 80 });
export type Exact = Decimal;
export const ZERO = new Exact(0);

/** Decimals of base sizes and average prices that came out of a division. */
export const DIVISION_DECIMALS = 18;

/** 10^−scale, made once: a power of decimal.js costs more than all else that is done with one level. */
const UNITS: Exact[] = [];
const unitOf = (scale: number): Exact => (UNITS[scale] ??= new Exact(10).pow(-scale));

/** An integer at `scale` decimals as an exact number. */
export function exactFromScaled(value: number, scale: number): Exact {
  return new Exact(value).mul(unitOf(scale));
}

/** Reads decimal text of the configuration. @throws ParallaxError `CONFIG_REFUSED` naming `place`. */
export function exactFromText(text: string, place: string): Exact {
  if (!/^-?\d+(\.\d+)?$/.test(text)) {
    throw new ParallaxError('CONFIG_REFUSED', `${place}: "${text}" is not a decimal number`, { place });
  }
  return new Exact(text);
}

export function least(first: Exact, ...others: readonly Exact[]): Exact {
  return others.reduce((low, value) => (value.lt(low) ? value : low), first);
}

/** The least of `value` and dividend ÷ divisor (above 0); divides, which costs most, only where the quotient is the less. */
export function leastQuotient(value: Exact, dividend: Exact, divisor: Exact): Exact {
  return dividend.lt(value.mul(divisor)) ? dividend.div(divisor) : value;
}

/** The largest multiple of `step` that is not above `value`. */
export function floorTo(value: Exact, step: Exact): Exact {
  return value.div(step).floor().mul(step);
}

/** The smallest number that both steps divide: 0.002 and 0.003 give 0.006. */
export function commonStep(a: Exact, b: Exact): Exact {
  if (a.eq(b)) return a;
  const decimals = Math.max(a.decimalPlaces(), b.decimalPlaces());
  const unit = new Exact(10).pow(decimals);
  let [x, y] = [BigInt(a.mul(unit).toFixed()), BigInt(b.mul(unit).toFixed())];
  const product = x * y;
  while (y !== 0n) [x, y] = [y, x % y];
  return new Exact((product / x).toString()).div(unit);
}
