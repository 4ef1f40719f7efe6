import { exceeds, larger, Money, ONE, ZERO } from '../money.js';
import type { Check } from '../judgement.js';

const AMOUNT = /^\d{1,24}(\.\d{1,24})?$/;

/** Each leg has a way out that trades; every exit's size and cost are bounded. `hold` may be the last resort only. */
export const checkExits: Check = ({ allowed, limits }, refuse) => {
  const largestBase = allowed.legs.map((leg) => leg.base).reduce(larger, ZERO).times(ONE.plus(limits.legTolerance));
  const largestValue = allowed.legs
    .map((leg) => limits.worth(leg.value, leg.facts?.specification.quote ?? '') ?? ZERO)
    .reduce(larger, ZERO);
  const mostCost = largestValue.times(limits.maxExitCost);
  for (const leg of allowed.legs) {
    if (!allowed.exits.some((exit) => exit.leg === leg.leg)) refuse('EXIT_MISSING', `${leg.name} has no hedge or reverse`);
  }
  for (const exit of allowed.exits) {
    if (exceeds(exit.base, largestBase)) {
      refuse('EXIT_MISSING', `${exit.name}: larger than the legs`, exit.base, largestBase);
    }
  }
  for (const { kind, forLeg, costLimit } of allowed.plan.exits) {
    const cost = AMOUNT.test(costLimit) ? limits.worth(new Money(costLimit), allowed.plan.currency) : null;
    if (!cost) refuse('EXIT_MISSING', `${kind} of leg ${forLeg}: its cost limit "${costLimit}" bounds nothing`);
    else if (exceeds(cost, mostCost)) {
      refuse('EXIT_MISSING', `${kind} of leg ${forLeg}: its cost limit is too high`, cost, mostCost);
    }
  }
};
