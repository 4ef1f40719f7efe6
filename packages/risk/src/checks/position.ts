import { exceeds } from '@parallax/money';
import type { Check } from '../judgement.js';

/** The position in each instrument, with everything reserved and this plan's worst case, unless the plan reduces it. */
export const checkPosition: Check = ({ changes, limits }, refuse) => {
  for (const { claims, after, grows } of changes) {
    const worth = limits.worth(after, claims.facts.specification.quote);
    if (grows && worth && exceeds(worth, limits.maxPositionNotional)) {
      refuse('POSITION_LIMIT', `position in ${claims.facts.key} after the plan`, worth, limits.maxPositionNotional);
    }
  }
};
