import { differenceOf, exceeds, type Money, sumOf, ZERO } from '@parallax/money';
import type { Check, ExposureChange, Judgement } from '../judgement.js';

/** The share of capital open and reserved at each venue of the plan, unless the plan adds nothing there. */
export const checkVenueExposure: Check = (judgement, refuse) => {
  const { changes, account, limits } = judgement;
  for (let i = 0; i < changes.length; i++) {
    const venue = venueOf(changes[i]);
    if (isChanged(changes, i, venue)) continue;
    let exposure = addedAt(venue, judgement);
    if (!exceeds(exposure, ZERO)) continue;
    for (const [currency, value] of account.exposures.valuesAt(venue)) {
      const worth = limits.worth(value, currency);
      if (worth) exposure = sumOf(exposure, worth);
      else refuse('RISK_STATE_UNKNOWN', `exposure at ${venue} in ${currency} has no priced conversion`);
    }
    if (exceeds(exposure, limits.maxVenueValue)) {
      refuse('VENUE_EXPOSURE_LIMIT', `exposure at ${venue} after the plan`, exposure, limits.maxVenueValue);
    }
  }
};

const venueOf = (change: ExposureChange): string => change.claims.facts.specification.venue;

/** Whether one of the first `count` changes is at a venue. */
function isChanged(changes: readonly ExposureChange[], count: number, venue: string): boolean {
  for (let i = 0; i < count; i++) if (venueOf(changes[i]) === venue) return true;
  return false;
}

/** What the plan adds to the worst value of a venue's instruments, as far as there is a conversion. */
function addedAt(venue: string, { changes, limits }: Judgement): Money {
  let added = ZERO;
  for (const change of changes) {
    if (venueOf(change) !== venue) continue;
    const worth = limits.worth(differenceOf(change.after, change.before), change.claims.facts.specification.quote);
    if (worth) added = sumOf(added, worth);
  }
  return added;
}
