import { commonStep, larger, Money, moneyText, sizeBelow, sizeStepOf, smaller, toldText, ZERO } from '@parallax/money';
import type { Plan, PlanExit } from '@parallax/types';
import type { InstrumentCatalogue, InstrumentFacts } from './instrument-facts.js';
import { type OrderView, viewPlan } from './plan-view.js';
import { shareOf, type Share } from './share.js';

/** Base units of one size step. */
const baseStep = (facts: InstrumentFacts): Money => facts.units(sizeStepOf(facts.specification));

/** A size cut down to the instrument's step, as text. */
const stepped = (size: Money, { specification }: InstrumentFacts): string => moneyText(sizeBelow(specification, size));

/** The legs' scaled sizes: linear legs get one and the same base amount, on the steps of all of them. */
function legSizes(legs: readonly OrderView[], { part, whole }: Share): string[] | null {
  if (legs.some((leg) => !leg.facts || leg.fault !== null)) return null;
  const facts = legs.map((leg) => leg.facts as InstrumentFacts);
  if (facts.some((each) => each.inverse)) {
    return legs.map((leg, i) => stepped(leg.size.times(part).div(whole), facts[i]));
  }
  const step = commonStep(facts.map(baseStep));
  const wanted = legs.map((leg) => leg.base.times(part)).reduce(smaller);
  const base = wanted.div(whole).toNearest(step, Money.ROUND_FLOOR);
  return facts.map((each) => stepped(each.sizeOf(base), each));
}

/**
 * The plan at a share (0 to 1) of its size, exactly on every instrument's size step and never above the share. Cost
 * limits and the notional shrink with it. A plan with an unknown instrument or an unreadable size comes back as it was:
 * other checks refuse it.
 */
export function scalePlan(plan: Plan, share: Share, catalogue: InstrumentCatalogue): Plan {
  const view = viewPlan(plan, catalogue);
  const sizes = view.legs.length === 0 ? null : legSizes(view.legs, share);
  if (!sizes) return plan;
  const legs = plan.legs.map((leg, i) => ({ ...leg, size: sizes[i] }));
  const exits = plan.exits.map((exit) => {
    const facts = catalogue.find(exit.venue, exit.symbol);
    const costLimit = scaledText(exit.costLimit, share);
    const at = legOf(exit, plan);
    if (!facts || at < 0) return { ...exit, costLimit };
    try {
      return { ...exit, costLimit, size: stepped(new Money(exit.size).times(sizes[at]).div(plan.legs[at].size), facts) };
    } catch {
      return exit;
    }
  });
  const scaled = { ...plan, legs, exits };
  const notional = viewPlan(scaled, catalogue).legs.map((leg) => leg.value).reduce(larger, ZERO);
  return { ...scaled, notional: toldText(notional) };
}

/** The leg that an exit takes back or stands in for: it shrinks as that one does, steps included, or it would trade more. */
function legOf({ kind, forLeg, venue, symbol }: PlanExit, { legs }: Plan): number {
  return kind === 'reverse'
    ? legs.findIndex((leg) => leg.leg !== forLeg && leg.venue === venue && leg.symbol === symbol)
    : legs.findIndex((leg) => leg.leg === forLeg);
}

function scaledText(text: string, share: Share): string {
  try {
    return toldText(shareOf(new Money(text), share));
  } catch {
    return text;
  }
}
