import { exceeds, Money, moneyFromScaled, moneyText, quotient, smaller, sumOf, ZERO } from '@parallax/money';
import type { InstrumentFacts } from '../instrument-facts.js';
import type { Check, Judgement, Refuse } from '../judgement.js';
import type { OrderView, PlanView } from '../plan-view.js';
import { Kept } from '../quote-board.js';

const BPS = new Money(10_000);

/**
 * At the current best quotes, and at the size that is allowed, the plan would still pay: its net is above `minimumNet` and at
 * least `minimumEdgeBps` of what it buys. The net is what the strategy expected, in the same share as the size, less what
 * worse prices than the plan's limits cost. Better ones are not counted: the strategy's walk through the depth began at
 * them. A leg that must trade at once and cannot, has no edge at all.
 */
export const checkEdge: Check = (judgement, refuse) => {
  const { intent, wished, allowed, limits } = judgement;
  const now = pricesNow(judgement, refuse);
  if (!now) return;
  const expected = readAmount(intent.expectedNet);
  if (!expected) return refuse('EDGE_GONE', `the expected net "${intent.expectedNet}" is no number`);
  const worth = limits.worth(expectedOf(allowed, wished, expected), allowed.plan.currency);
  if (!worth) return;
  const net = sumOf(worth, now.lost);
  if (!exceeds(net, limits.minimumNet)) return refuse('EDGE_GONE', 'expected net at the current quotes', net, limits.minimumNet);
  if (exceeds(limits.minimumEdgeBps.times(now.turnover), net.times(BPS))) {
    const edge = quotient(net.times(BPS), now.turnover).toDecimalPlaces(4, Money.ROUND_DOWN);
    refuse('EDGE_GONE', 'net edge at the current quotes (basis points)', moneyText(edge), limits.minimumEdgeBps);
  }
};

/** What the legs lose at the current best quotes against their limits, 0 or below, and what they buy; null where that is unknown. */
function pricesNow({ allowed, quotes, limits }: Judgement, refuse: Refuse): { lost: Money; turnover: Money } | null {
  let lost = ZERO;
  let bought = ZERO;
  let sold = ZERO;
  for (const leg of allowed.legs) {
    if (!leg.facts || leg.fault !== null || !quotes.has(leg.facts.number)) return null;
    const { priceScale, quote } = leg.facts.specification;
    const units = quotes.read(leg.facts.number, leg.side === 'buy' ? Kept.askPrice : Kept.bidPrice);
    if (units <= 0) return null;
    const betterUnits = leg.side === 'buy' ? leg.priceUnits - units : units - leg.priceUnits;
    const price = betterUnits === 0 ? leg.price : moneyFromScaled(units, priceScale);
    if (betterUnits < 0) {
      if (leg.timeInForce === 'IOC') refuse('EDGE_GONE', `${leg.name}: the best price is beyond its limit`, price, leg.price);
      lost = sumOf(lost, limits.worth(gainOver(leg, leg.facts, betterUnits), quote) ?? ZERO);
    }
    const value = limits.worth(betterUnits === 0 ? leg.value : leg.facts.value(price, leg.size), quote) ?? ZERO;
    if (leg.side === 'buy') bought = sumOf(bought, value);
    else sold = sumOf(sold, value);
  }
  return { lost, turnover: bought.isZero() ? sold : bought };
}

/** What trading a leg at a price better by `betterUnits` (integer, at the price's scale) brings, in the quote currency. */
function gainOver(leg: OrderView, facts: InstrumentFacts, betterUnits: number): Money {
  const { priceScale, sizeScale, inverse } = facts.specification;
  const units = leg.sizeUnits * betterUnits;
  // One exact integer where it fits; else price and size apart.
  const product = Number.isSafeInteger(units)
    ? moneyFromScaled(units, priceScale + sizeScale)
    : leg.size.times(moneyFromScaled(betterUnits, priceScale));
  const gain = facts.units(product);
  // An inverse contract gains base units, size × contract × (1/p − 1/q); at `price` these are worth gain / limit price.
  return inverse ? quotient(gain, leg.price) : gain;
}

/** The expected net in the share of the leg that shrank the most. */
function expectedOf(allowed: PlanView, wished: PlanView, expected: Money): Money {
  if (allowed === wished) return expected;
  return allowed.legs.reduce((least, leg, i) => smaller(least, quotient(expected.times(leg.size), wished.legs[i].size)), expected);
}

function readAmount(text: string): Money | null {
  return /^-?\d{1,24}(\.\d{1,40})?$/.test(text) ? new Money(text) : null;
}
