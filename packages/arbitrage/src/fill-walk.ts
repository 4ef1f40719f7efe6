import { floorTo, lesser, MONEY_DECIMALS, MONEY_UNIT, ONE, rounded, textFromFixed } from './fixed.js';
import type { Levels } from './levels.js';

/** An order of a given size walked through one side of a book. */
export interface Walk {
  /** In the venue's unit, at the instrument's scale. */
  readonly size: bigint;
  readonly base: bigint;
  /** In quote currency, two factors. */
  readonly value: bigint;
  readonly limitPrice: bigint;
}

/** Walks `size` through `levels`; null when the known depth holds less. */
export function walkSize(levels: Levels, size: bigint): Walk | null {
  const { units } = levels;
  let left = size;
  let base = 0n;
  let value = 0n;
  let limitPrice = 0n;
  for (let i = 0; i < levels.length && left > 0n; i++) {
    const level = levels.at(i);
    const taken = lesser(left, level.size);
    base += taken === level.size ? level.base : units.baseOf(taken, level.price);
    value += units.valueOf(taken, level.price);
    limitPrice = level.price;
    left -= taken;
  }
  return left > 0n || base === 0n ? null : { size, base, value, limitPrice };
}

/** Quote currency per base unit, rounded at 18 decimals, as text. */
export function averagePriceOf({ base, value }: Walk): string {
  return textFromFixed(rounded(value * MONEY_UNIT, base * ONE), MONEY_DECIMALS);
}

/** Value (two factors) of `base` units walked through `levels`; null when the known depth holds less. */
export function valueOfBase(levels: Levels, base: bigint): bigint | null {
  let left = base;
  let value = 0n;
  for (let i = 0; i < levels.length && left > 0n; i++) {
    const level = levels.at(i);
    const taken = lesser(left, level.base);
    value += taken * level.price;
    left -= taken;
  }
  return left > 0n ? null : value;
}

/** The largest size on the order step whose base units, walked through `levels`, are not above `base`. */
export function sizeOfBase(levels: Levels, base: bigint): bigint {
  const { units } = levels;
  // A linear size is the same at every price.
  if (!units.inverse) return floorTo(units.sizeOf(base, 0n), units.sizeStep);
  let left = base;
  let size = 0n;
  for (let i = 0; i < levels.length; i++) {
    const level = levels.at(i);
    if (left < level.base) return floorTo(size + units.sizeOf(left, level.price), units.sizeStep);
    size += level.size;
    left -= level.base;
  }
  return floorTo(size, units.sizeStep);
}
