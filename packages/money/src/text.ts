import { ParallaxError } from '@parallax/types';
import { Money } from './decimal.js';
import { rounded } from './rounding.js';

/** Decimal text without exponent, trailing zeros or the sign that a zero may have. */
export const moneyText = (amount: Money): string => (amount.isZero() ? '0' : amount.toFixed());

/** The text of an amount that is told: at the 18th decimal, see {@link rounded}. */
export const toldText = (amount: Money): string => moneyText(rounded(amount));

/** Reads decimal text of the configuration. @throws ParallaxError `CONFIG_REFUSED` naming `place`. */
export function moneyFromText(text: string, place: string): Money {
  if (!/^-?\d+(\.\d+)?$/.test(text)) {
    throw new ParallaxError('CONFIG_REFUSED', `${place}: "${text}" is not a decimal number`, { place });
  }
  return new Money(text);
}

/** An integer at `scale` decimals as an exact amount. */
export function moneyFromScaled(value: number, scale: number): Money {
  // The library copies its argument: a number makes one amount less than the power would.
  return scale === 0 ? new Money(value) : unitAt(scale).times(value);
}

const UNITS: Money[] = [];
/** One unit of the last of so many decimals: 0.01 at 2. */
export function unitAt(scale: number): Money {
  return (UNITS[scale] ??= new Money(`1e-${scale}`));
}
