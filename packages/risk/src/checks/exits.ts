import { exceeds, larger, Money, ZERO } from '../money.js';
import type { Check } from '../judgement.js';

const AMOUNT = /^\d{1,24}(\.\d{1,24})?$/;

/** Each leg has a way out that trades; every exit's size and cost are bounded. `hold` may be the last resort only. */
export const checkExits: Check = ({ allowed, limits }, refuse) => {
  let largestLeg = ZERO;
  let largestValue = ZERO;
  for (const leg of allowed.legs) {
    largestLeg = larger(largestLeg, leg.base);
    largestValue = larger(largestValue, limits.worth(leg.value, leg.facts?.specification.quote ?? '') ?? ZERO);
  }
  const mostCost = largestValue.times(limits.maxExitCost);
  for (const leg of allowed.legs) {
    if (!allowed.exits.some((exit) => exit.leg === leg.leg)) refuse('EXIT_MISSING', `${leg.name} has no hedge or reverse`);
  }
  for (const exit of allowed.exits) {
    // Most exits take back just what a leg did: only one that is larger is held against the tolerance.
    if (!exceeds(exit.base, largestLeg)) continue;
    const largestBase = largestLeg.times(limits.toleranceFactor);
    if (exceeds(exit.base, largestBase)) {
      refuse('EXIT_MISSING', `${exit.name}: larger than the legs`, exit.base, largestBase);
    }
  }
  let [text, cost]: [string | null, Money | null] = [null, null];
  for (const { kind, forLeg, costLimit } of allowed.plan.exits) {
    // Exits of one plan often bear the same limit: it is read once.
    if (costLimit !== text) cost = AMOUNT.test(costLimit) ? limits.worth(new Money(costLimit), allowed.plan.currency) : null;
    text = costLimit;
    if (!cost) refuse('EXIT_MISSING', `${kind} of leg ${forLeg}: its cost limit "${costLimit}" bounds nothing`);
    else if (exceeds(cost, mostCost)) {
      refuse('EXIT_MISSING', `${kind} of leg ${forLeg}: its cost limit is too high`, cost, mostCost);
    }
  }
};
