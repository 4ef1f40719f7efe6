import type { InstrumentSpecification } from '@parallax/types';
import { Money, ZERO } from './decimal.js';
import type { Side } from './side.js';
import { moneyFromScaled } from './text.js';

type Steps = Pick<InstrumentSpecification, 'priceStep' | 'priceScale' | 'sizeStep' | 'sizeScale' | 'minimumSize'>;

export const priceStepOf = ({ priceStep, priceScale }: Steps): Money => moneyFromScaled(priceStep, priceScale);
export const sizeStepOf = ({ sizeStep, sizeScale }: Steps): Money => moneyFromScaled(sizeStep, sizeScale);
export const minimumSizeOf = ({ minimumSize, sizeScale }: Steps): Money => moneyFromScaled(minimumSize, sizeScale);

/** The nearest multiple of the order step that is not worse for us than `price`. */
export const priceOnStep = (steps: Steps, side: Side, price: Money): Money =>
  price.toNearest(priceStepOf(steps), side === 'buy' ? Money.ROUND_FLOOR : Money.ROUND_CEIL);

/** The largest size on the order step that does not exceed `size`, in the venue's unit, however small. */
export const sizeBelow = (steps: Steps, size: Money): Money => size.toNearest(sizeStepOf(steps), Money.ROUND_FLOOR);

/** The same; 0 where it is below the smallest order. */
export function sizeOnStep(steps: Steps, size: Money): Money {
  const stepped = sizeBelow(steps, size);
  return stepped.lessThan(minimumSizeOf(steps)) ? ZERO : stepped;
}

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestCommonDivisor(b, a % b));

/** The smallest amount that is a whole number of each of the steps, which are above 0: of 0.4 and 0.6 it is 1.2. */
export function commonStep(steps: readonly Money[]): Money {
  const scale = Math.max(...steps.map((step) => step.decimalPlaces()));
  const power = new Money(10).pow(scale);
  const multiple = steps.map((step) => BigInt(step.times(power).toFixed())).reduce((a, b) => (a / greatestCommonDivisor(a, b)) * b);
  return new Money(multiple.toString()).div(power);
}
