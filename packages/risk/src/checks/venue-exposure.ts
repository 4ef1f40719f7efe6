import type { Check } from '../judgement.js';
import { exceeds, Money, ZERO } from '../money.js';

/** The share of capital open and reserved at each venue of the plan, unless the plan adds nothing there. */
export const checkVenueExposure: Check = ({ changes, account, limits }, refuse) => {
  const added = new Map<string, Money>();
  for (const { claims, before, after } of changes) {
    const { venue, quote } = claims.facts.specification;
    const change = limits.worth(before.isZero() ? after : after.minus(before), quote) ?? ZERO;
    added.set(venue, added.get(venue)?.plus(change) ?? change);
  }
  for (const [venue, change] of added) {
    if (!exceeds(change, ZERO)) continue;
    let exposure = change;
    for (const [currency, value] of account.exposures.valuesAt(venue)) {
      const worth = limits.worth(value, currency);
      if (worth) exposure = exposure.plus(worth);
      else refuse('RISK_STATE_UNKNOWN', `exposure at ${venue} in ${currency} has no priced conversion`);
    }
    if (exceeds(exposure, limits.maxVenueValue)) {
      refuse('VENUE_EXPOSURE_LIMIT', `exposure at ${venue} after the plan`, exposure, limits.maxVenueValue);
    }
  }
};
