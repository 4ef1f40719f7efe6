import type { Check } from '../judgement.js';

/** The position in each instrument, with everything reserved and this plan's worst case, unless the plan reduces it. */
export const checkPosition: Check = ({ claimed, account, limits }, refuse) => {
  for (const [key, claims] of claimed) {
    const { quote } = claims.facts.specification;
    const after = account.exposures.worstValue(key, claims);
    const worth = limits.worth(after, quote);
    if (!worth?.greaterThan(limits.maxPositionNotional)) continue;
    if (after.greaterThan(account.exposures.worstValue(key))) {
      refuse('POSITION_LIMIT', `position in ${key} after the plan`, worth, limits.maxPositionNotional);
    }
  }
};
