import type { InstrumentSpecification } from '@parallax/types';
import { Exact, DIVISION_DECIMALS, ZERO, exactFromScaled, floorTo, least } from './exact.js';
import { baseOf, unitsOf, type ExactLevels } from './levels.js';

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
export function walkSize(levels: ExactLevels, size: Exact, specification: InstrumentSpecification): FillWalk | null {
  let left = size;
  let base = ZERO;
  let value = ZERO;
  let limitPrice = ZERO;
  for (let i = 0; i < levels.length && left.gt(0); i++) {
    const level = levels.at(i);
    const taken = least(left, level.size);
    const units = unitsOf(taken, specification);
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
export function valueOfBase(levels: ExactLevels, base: Exact): Exact | null {
  let left = base;
  let value = ZERO;
  for (let i = 0; i < levels.length && left.gt(0); i++) {
    const level = levels.at(i);
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
export function sizeOfBase(levels: ExactLevels, base: Exact, specification: InstrumentSpecification): Exact {
  const step = sizeStepOf(specification);
  if (!specification.inverse) return floorTo(base.div(specification.contractSize), step);
  let left = base;
  let size = ZERO;
  for (let i = 0; i < levels.length; i++) {
    const level = levels.at(i);
    if (left.lt(level.base)) return floorTo(size.add(left.mul(level.price).div(specification.contractSize)), step);
    size = size.add(level.size);
    left = left.sub(level.base);
  }
  return floorTo(size, step);
}
