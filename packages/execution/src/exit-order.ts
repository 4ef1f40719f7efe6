import { isTrusted, Quote, type InstrumentSpecification, type PlanExit, type Row } from '@parallax/types';
import { costAgainst, Money, priceAtCost, priceOnStep, quoteValue, sizeOnStep, worthPlacing } from './money.js';

export interface ExitFacts {
  readonly exit: PlanExit;
  readonly specification: InstrumentSpecification | undefined;
  /** The plan's currency, in which the cost limit is. */
  readonly currency: string;
  /** The part of a whole leg that has to be hedged or reversed, above 0, at most 1. */
  readonly part: Money;
  /** A hedge costs against the price that the lacking leg was to have, a reversal against what the leading leg paid. */
  readonly reference: Money;
  readonly feeRate: string | undefined;
  /** The instrument's last quote, if it is fresh. */
  readonly quote: Row | undefined;
}
export type ExitOrder =
  | { readonly kind: 'order'; readonly price: string; readonly size: string; readonly worstCost: string }
  | { readonly kind: 'impossible'; readonly reason: string };

const impossible = (reason: string): ExitOrder => ({ kind: 'impossible', reason });

/**
 * Makes the order of an exit, or says why it cannot be. Its limit price is the approved one or, where that would let it
 * cost too much, the worst price at which cost and fee stay within the cost limit: whatever fills, the limit holds.
 */
export function exitOrderOf(facts: ExitFacts): ExitOrder {
  const { exit, specification, reference, feeRate, part } = facts;
  if (!specification) return impossible(`no instrument ${exit.venue}:${exit.symbol}`);
  if (specification.quote !== facts.currency) return impossible(`its cost is in ${specification.quote}, not ${facts.currency}`);
  if (feeRate === undefined) return impossible(`no fee rate is known for ${exit.venue}`);
  // A third of 3 is 1, not the step below it.
  const size = sizeOnStep(specification, Money.min(part, 1).times(exit.size).toDecimalPlaces(18));
  if (size.isZero()) return impossible('too small for an order');
  const limit = new Money(exit.costLimit);
  const bound = priceAtCost(specification, exit.side, reference, size, new Money(feeRate), limit);
  const allowed = exit.side === 'buy' ? Money.min(bound, exit.price) : Money.max(bound, exit.price);
  const price = priceOnStep(specification, exit.side, allowed);
  if (price.lessThanOrEqualTo(0)) return impossible('no price is within its cost limit');
  if (!worthPlacing(specification, price, size)) return impossible('worth too little for an order');
  const touch = touchOf(facts.quote, exit.side, specification);
  if (touch && (exit.side === 'buy' ? touch.greaterThan(price) : touch.lessThan(price))) {
    return impossible(`at the market's ${touch.toFixed()} it would cost more than ${exit.costLimit}`);
  }
  const cost = costAgainst(specification, exit.side, reference, price, size)
    .plus(quoteValue(specification, price, size).times(feeRate));
  return { kind: 'order', price: price.toFixed(), size: size.toFixed(), worstCost: cost.toFixed() };
}

function touchOf(quote: Row | undefined, side: 'buy' | 'sell', specification: InstrumentSpecification): Money | null {
  if (!quote || !isTrusted(quote) || quote[Quote.specificationVersion] !== specification.version) return null;
  return new Money(quote[side === 'buy' ? Quote.askPrice : Quote.bidPrice]).div(new Money(10).pow(specification.priceScale));
}
