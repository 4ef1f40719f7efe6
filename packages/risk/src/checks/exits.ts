import { differenceOf, exceeds, larger, Money, ZERO } from '@parallax/money';
import type { Check, Judgement } from '../judgement.js';
import type { OrderView, PlanView } from '../plan-view.js';

const AMOUNT = /^\d{1,24}(\.\d{1,24})?$/;

/** Each leg has a way out that trades; every exit's size and cost are bounded. `hold` may be the last resort only. */
export const checkExits: Check = (judgement, refuse) => {
  const { allowed, limits } = judgement;
  let largestValue = ZERO;
  for (const leg of allowed.legs) {
    largestValue = larger(largestValue, limits.worth(leg.value, leg.facts?.specification.quote ?? '') ?? ZERO);
    if (!hasExit(leg, allowed)) refuse('EXIT_MISSING', `${leg.name} has no hedge or reverse`);
  }
  for (const exit of allowed.exits) checkUndoes(exit, judgement, refuse);
  const mostCost = largestValue.times(limits.maxExitCost);
  let text: string | null = null;
  let cost: Money | null = null;
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

/**
 * A hedge stands in for the leg that fails: its side, its base. A reverse takes another leg back: its instrument, the
 * other side. Either has that leg's size, within the tolerance: execution takes a filled exit for the whole of the leg.
 */
function checkUndoes(exit: OrderView, { allowed, limits }: Judgement, refuse: Parameters<Check>[1]): void {
  if (!exit.facts || exit.fault !== null) return;
  const leg = undoneBy(exit, allowed.legs);
  if (!leg) {
    // Of a leg that cannot be read nobody can say it; other checks refuse that.
    if (allowed.legs.some((each) => !each.facts || each.fault !== null)) return;
    return refuse('EXIT_MISSING', `${exit.name}: it neither stands in for the leg nor takes another back`);
  }
  if (exit.key === leg.key && exit.sizeUnits === leg.sizeUnits) return;
  // At one price: contracts of inverse instruments are worth other amounts of base at another.
  const size = exit.facts.base(leg.price, exit.size);
  if (exceeds(differenceOf(size, leg.base).abs(), larger(size, leg.base).times(limits.legTolerance))) {
    refuse('EXIT_MISSING', `${exit.name}: its size is not that of the leg`, size, leg.base);
  }
}

function hasExit(leg: OrderView, { exits }: PlanView): boolean {
  for (const exit of exits) if (exit.leg === leg.leg) return true;
  return false;
}

/** The leg that an exit stands in for or takes back. */
function undoneBy(exit: OrderView, legs: readonly OrderView[]): OrderView | null {
  for (const leg of legs) if (exit.exit === 'hedge' ? replaces(exit, leg) : takesBack(exit, leg)) return leg;
  return null;
}

const replaces = (exit: OrderView, leg: OrderView): boolean =>
  exit.leg === leg.leg && exit.side === leg.side && exit.facts?.specification.base === leg.facts?.specification.base;

const takesBack = (exit: OrderView, leg: OrderView): boolean =>
  exit.leg !== leg.leg && exit.key === leg.key && exit.side !== leg.side;
