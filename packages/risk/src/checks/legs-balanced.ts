import type { Check } from '../judgement.js';
import { exceeds, larger, ZERO } from '../money.js';

/** What the legs buy of a base asset they also sell, within the tolerance. */
export const checkLegsBalanced: Check = ({ allowed, limits }, refuse) => {
  if (allowed.legs.some((leg) => !leg.facts || leg.fault !== null)) return;
  const bases = new Set(allowed.legs.map((leg) => leg.facts?.specification.base));
  for (const base of bases) {
    let bought = ZERO;
    let sold = ZERO;
    for (const leg of allowed.legs) {
      if (leg.facts?.specification.base !== base) continue;
      if (leg.side === 'buy') bought = bought.isZero() ? leg.base : bought.plus(leg.base);
      else sold = sold.isZero() ? leg.base : sold.plus(leg.base);
    }
    if (bought === sold || bought.equals(sold)) continue;
    const difference = bought.minus(sold).abs();
    const tolerated = larger(bought, sold).times(limits.legTolerance);
    if (exceeds(difference, tolerated)) {
      refuse('LEGS_UNBALANCED', `the legs differ in ${base}`, difference, tolerated);
    }
  }
};
