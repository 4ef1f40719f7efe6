import { compare, differenceOf, exceeds, larger, type Money, sumOf, ZERO } from '@parallax/money';
import type { Check } from '../judgement.js';
import type { OrderView } from '../plan-view.js';

/** What the legs buy of a base asset they also sell, within the tolerance. */
export const checkLegsBalanced: Check = ({ allowed: { legs }, limits }, refuse) => {
  for (const leg of legs) if (!leg.facts || leg.fault !== null) return;
  for (let i = 0; i < legs.length; i++) {
    const base = baseOf(legs[i]);
    if (isTraded(legs, i, base)) continue;
    const bought = sumOfSide(legs, base, 'buy');
    const sold = sumOfSide(legs, base, 'sell');
    if (compare(bought, sold) === 0) continue;
    const difference = differenceOf(bought, sold).abs();
    const tolerated = larger(bought, sold).times(limits.legTolerance);
    if (exceeds(difference, tolerated)) {
      refuse('LEGS_UNBALANCED', `the legs differ in ${base}`, difference, tolerated);
    }
  }
};

const baseOf = (leg: OrderView): string | undefined => leg.facts?.specification.base;

/** Whether one of the first `count` legs trades a base. */
function isTraded(legs: readonly OrderView[], count: number, base: string | undefined): boolean {
  for (let i = 0; i < count; i++) if (baseOf(legs[i]) === base) return true;
  return false;
}

function sumOfSide(legs: readonly OrderView[], base: string | undefined, side: 'buy' | 'sell'): Money {
  let sum = ZERO;
  for (const leg of legs) if (leg.side === side && baseOf(leg) === base) sum = sumOf(sum, leg.base);
  return sum;
}
