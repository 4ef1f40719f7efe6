import type { InstrumentFacts } from '../instrument-facts.js';
import type { Check } from '../judgement.js';
import { exceeds, Money, moneyFromScaled, sumOf, ZERO } from '../money.js';
import type { OrderView } from '../plan-view.js';
import { Kept } from '../quote-board.js';

/**
 * At the current best quotes the plan would still pay. The strategy's expected net moves by the difference between
 * trading now and trading at the plan's limits; a leg that must trade at once and cannot, has no edge at all.
 */
export const checkEdge: Check = ({ intent, wished, quotes, limits }, refuse) => {
  let moved = ZERO;
  for (const leg of wished.legs) {
    if (!leg.facts || leg.fault !== null || !quotes.has(leg.facts.number)) return;
    const units = quotes.read(leg.facts.number, leg.side === 'buy' ? Kept.askPrice : Kept.bidPrice);
    if (units <= 0) return;
    const reachable = leg.side === 'buy' ? units <= leg.priceUnits : units >= leg.priceUnits;
    if (!reachable && leg.timeInForce === 'IOC') {
      const price = moneyFromScaled(units, leg.facts.specification.priceScale);
      refuse('EDGE_GONE', `${leg.name}: the best price is beyond its limit`, price, leg.price);
    }
    const betterUnits = leg.side === 'buy' ? leg.priceUnits - units : units - leg.priceUnits;
    if (betterUnits === 0) continue;
    const gain = limits.worth(gainOver(leg, leg.facts, betterUnits), leg.facts.specification.quote);
    if (gain) moved = sumOf(moved, gain);
  }
  const expected = readAmount(intent.expectedNet);
  if (!expected) return refuse('EDGE_GONE', `the expected net "${intent.expectedNet}" is no number`);
  const worth = limits.worth(expected, wished.plan.currency);
  if (!worth) return;
  const net = sumOf(worth, moved);
  if (!exceeds(net, limits.minimumNet)) {
    refuse('EDGE_GONE', 'expected net at the current quotes', net, limits.minimumNet);
  }
};

/** What trading a leg at a price better by `betterUnits` (integer, at the price's scale) brings, in the quote currency. */
function gainOver(leg: OrderView, facts: InstrumentFacts, betterUnits: number): Money {
  const { priceScale, sizeScale, inverse } = facts.specification;
  const units = leg.sizeUnits * betterUnits;
  // One exact integer where it fits; else price and size apart.
  const product = Number.isSafeInteger(units)
    ? moneyFromScaled(units, priceScale + sizeScale)
    : leg.size.times(moneyFromScaled(betterUnits, priceScale));
  const gain = facts.contracts(product);
  // An inverse contract gains base units, size × contract × (1/p − 1/q); at `price` these are worth gain / limit price.
  return inverse ? gain.div(leg.price) : gain;
}

function readAmount(text: string): Money | null {
  return /^-?\d{1,24}(\.\d{1,40})?$/.test(text) ? new Money(text) : null;
}
