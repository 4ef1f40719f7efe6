import { Decimal } from 'decimal.js';
import { ParallaxError } from '@parallax/types';

/**
 * Decimal arithmetic for money, wide enough that no product of prices, sizes and rates is ever rounded. Only divisions
 * are: an average price, a share. What walks a book counts in whole numbers, see fixed.ts.
 */
export const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -80, toExpPos: 80 });
export type Exact = Decimal;
export const ZERO = new Exact(0);

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
