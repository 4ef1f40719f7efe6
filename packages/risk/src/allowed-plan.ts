import { exceeds, Money, ONE, toldText, ZERO } from '@parallax/money';
import type { ExactLimits } from './exact-limits.js';
import type { InstrumentCatalogue } from './instrument-facts.js';
import { isBelowMinimum, type PlanView, viewPlan } from './plan-view.js';
import { scalePlan } from './scale-plan.js';
import { shareOf, smallerShare, type Share, WHOLE } from './share.js';

export interface AllowedPlan {
  readonly allowed: PlanView;
  /** What share of the wished size that is at most, as text. */
  readonly scaledBy: string;
}

/**
 * The plan at the size that the regime's factor (0 to 1) and the limit of one order allow; every check then looks at this
 * size. A factor of nothing scales nothing, it refuses; nor does a limit under which some order would be below its minimum:
 * both are left to the checks that name them.
 */
export function allowedPlan(wished: PlanView, regimeFactor: Money, limits: ExactLimits, catalogue: InstrumentCatalogue): AllowedPlan {
  const byRegime: Share = regimeFactor.isZero() || !exceeds(ONE, regimeFactor) ? WHOLE : { part: regimeFactor, whole: ONE };
  const byLimit = smallerShare(byRegime, shareWithin(wished, limits));
  const scaled = scaledTo(byLimit, wished, catalogue);
  return byLimit === byRegime || isTradable(scaled.allowed) ? scaled : scaledTo(byRegime, wished, catalogue);
}

function scaledTo(share: Share, wished: PlanView, catalogue: InstrumentCatalogue): AllowedPlan {
  const plan = share === WHOLE ? wished.plan : scalePlan(wished.plan, share, catalogue);
  if (plan === wished.plan) return { allowed: wished, scaledBy: '1' };
  return { allowed: viewPlan(plan, catalogue), scaledBy: toldText(shareOf(ONE, share)) };
}

/** The share at which the largest order, exits included, is worth the limit of one order; whole where all are within it. */
function shareWithin({ orders }: PlanView, limits: ExactLimits): Share {
  let largest = ZERO;
  for (const { facts, value } of orders) {
    const worth = facts && limits.worth(value, facts.specification.quote);
    if (worth && exceeds(worth, largest)) largest = worth;
  }
  return exceeds(largest, limits.maxOrderNotional) ? { part: limits.maxOrderNotional, whole: largest } : WHOLE;
}

function isTradable({ orders }: PlanView): boolean {
  for (const order of orders) if (order.fault !== null || isBelowMinimum(order)) return false;
  return true;
}
