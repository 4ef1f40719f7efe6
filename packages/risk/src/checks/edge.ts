import type { Check } from '../judgement.js';
import { exceeds, Money, moneyFromScaled, ZERO } from '../money.js';
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
    const price = moneyFromScaled(units, leg.facts.specification.priceScale);
    const reachable = leg.side === 'buy' ? units <= leg.priceUnits : units >= leg.priceUnits;
    if (!reachable && leg.timeInForce === 'IOC') {
      refuse('EDGE_GONE', `${leg.name}: the best price is beyond its limit`, price, leg.price);
    }
    moved = moved.plus(limits.worth(gainOver(leg, price), leg.facts.specification.quote) ?? ZERO);
  }
  const expected = readAmount(intent.expectedNet);
  if (!expected) return refuse('EDGE_GONE', `the expected net "${intent.expectedNet}" is no number`);
  const worth = limits.worth(expected, wished.plan.currency);
  if (!worth) return;
  const net = worth.plus(moved);
  if (!exceeds(net, limits.minimumNet)) {
    refuse('EDGE_GONE', 'expected net at the current quotes', net, limits.minimumNet);
  }
};

type Leg = Parameters<Check>[0]['wished']['legs'][number];

/** What trading a leg at `price` brings more than at its limit, in the quote currency. */
function gainOver(leg: Leg, price: Money): Money {
  const { specification, contractSize } = leg.facts as NonNullable<Leg['facts']>;
  const better = leg.side === 'buy' ? leg.price.minus(price) : price.minus(leg.price);
  const gain = leg.size.times(contractSize).times(better);
  // An inverse contract gains base units, size × contract × (1/p − 1/q); at `price` these are worth gain / limit price.
  return specification.inverse ? gain.div(leg.price) : gain;
}

function readAmount(text: string): Money | null {
  return /^-?\d{1,24}(\.\d{1,40})?$/.test(text) ? new Money(text) : null;
}
