import type { InstrumentSpecification } from '@parallax/types';
import { Exact, DIVISION_DECIMALS, ZERO, exactFromScaled, floorTo, least } from './exact.js';
import { baseOf, type ExactLevel } from './levels.js';

/** An order of a given size walked through one side of a book. */
export interface FillWalk {
  readonly size: Exact;
  readonly base: Exact;
  /** In quote currency. */
  readonly value: Exact;
  readonly limitPrice: Exact;
  readonly averagePrice: Exact;
}

/** Walks `size` (venue's unit) through `levels`; null when the known depth holds less. */
export function walkSize(levels: readonly ExactLevel[], size: Exact, specification: InstrumentSpecification): FillWalk | null {
  let left = size;
  let base = ZERO;
  let value = ZERO;
  let limitPrice = ZERO;
  for (const level of levels) {
    if (left.lte(0)) break;
    const taken = least(left, level.size);
    const units = taken.mul(specification.contractSize);
    base = base.add(baseOf(taken, level.price, specification));
    value = value.add(specification.inverse ? units : units.mul(level.price));
    limitPrice = level.price;
    left = left.sub(taken);
  }
  if (left.gt(0) || base.isZero()) return null;
  const averagePrice = value.div(base).toDecimalPlaces(DIVISION_DECIMALS, Exact.ROUND_HALF_EVEN);
  return { size, base, value, limitPrice, averagePrice };
}

/** Value of `base` units walked through `levels`; null when the known depth holds less. */
export function valueOfBase(levels: readonly ExactLevel[], base: Exact): Exact | null {
  let left = base;
  let value = ZERO;
  for (const level of levels) {
    if (left.lte(0)) return value;
    const taken = least(left, level.base);
    value = value.add(taken.mul(level.price));
    left = left.sub(taken);
  }
  return left.lte(0) ? value : null;
}

/** The order step of an instrument in the venue's unit. */
export function sizeStepOf({ sizeStep, sizeScale }: InstrumentSpecification): Exact {
  return exactFromScaled(sizeStep, sizeScale);
}

/** The largest size on the step whose base units, walked through `levels`, are not above `base`. */
export function sizeOfBase(levels: readonly ExactLevel[], base: Exact, specification: InstrumentSpecification): Exact {
  const step = sizeStepOf(specification);
  if (!specification.inverse) return floorTo(base.div(specification.contractSize), step);
  let left = base;
  let size = ZERO;
  for (const level of levels) {
    if (left.lt(level.base)) return floorTo(size.add(left.mul(level.price).div(specification.contractSize)), step);
    size = size.add(level.size);
    left = left.sub(level.base);
  }
  return floorTo(size, step);
}
