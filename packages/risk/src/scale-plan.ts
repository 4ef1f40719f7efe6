import { type Plan, type PlanExit, trimmedTextFromScaled } from '@parallax/types';
import type { InstrumentCatalogue, InstrumentFacts } from './instrument-facts.js';
import { larger, Money, moneyText, smaller, ZERO } from './money.js';
import { type OrderView, viewPlan } from './plan-view.js';
import { shareOf, type Share } from './share.js';

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestCommonDivisor(b, a % b));

/** Base units of one size step. */
const baseStep = (facts: InstrumentFacts): Money =>
  facts.contractSize.times(facts.specification.sizeStep).times(new Money(10).pow(-facts.specification.sizeScale));

/** The smallest base amount that is a whole number of steps of every instrument. */
function commonStep(steps: readonly Money[]): Money {
  const decimals = Math.max(...steps.map((step) => step.decimalPlaces()));
  const scale = new Money(10).pow(decimals);
  const multiple = steps
    .map((step) => BigInt(step.times(scale).toFixed(0)))
    .reduce((a, b) => (a / greatestCommonDivisor(a, b)) * b);
  return new Money(multiple.toString()).div(scale);
}

/** A size cut down to the instrument's step, as text. */
function stepped(size: Money, facts: InstrumentFacts): string {
  const { sizeScale, sizeStep } = facts.specification;
  const units = size.times(new Money(10).pow(sizeScale)).div(sizeStep).floor().times(sizeStep).toNumber();
  return trimmedTextFromScaled(units, sizeScale);
}

/** The legs' scaled sizes: linear legs get one and the same base amount, on the steps of all of them. */
function legSizes(legs: readonly OrderView[], { part, whole }: Share): string[] | null {
  if (legs.some((leg) => !leg.facts || leg.fault !== null)) return null;
  const facts = legs.map((leg) => leg.facts as InstrumentFacts);
  if (facts.some((each) => each.specification.inverse)) {
    return legs.map((leg, i) => stepped(leg.size.times(part).div(whole), facts[i]));
  }
  const step = commonStep(facts.map(baseStep));
  const wanted = legs.map((leg) => leg.base.times(part)).reduce(smaller);
  const base = wanted.div(whole).div(step).floor().times(step);
  return facts.map((each) => stepped(base.div(each.contractSize), each));
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
  return { ...scaled, notional: moneyText(notional) };
}

/** The leg that an exit takes back or stands in for: it shrinks as that one does, steps included, or it would trade more. */
function legOf({ kind, forLeg, venue, symbol }: PlanExit, { legs }: Plan): number {
  return kind === 'reverse'
    ? legs.findIndex((leg) => leg.leg !== forLeg && leg.venue === venue && leg.symbol === symbol)
    : legs.findIndex((leg) => leg.leg === forLeg);
}

function scaledText(text: string, share: Share): string {
  try {
    return moneyText(shareOf(new Money(text), share));
  } catch {
    return text;
  }
}
