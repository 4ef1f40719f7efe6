import { contractOf, costWithFee, isWorse, Money, moneyFromScaled, moneyText, priceAtCost, priceOnStep, rounded, sizeOnStep, ZERO, type Contract } from '@parallax/money';
import { isTrusted, Quote, type InstrumentSpecification, type PlanExit, type Row } from '@parallax/types';

export interface ExitFacts {
  readonly exit: PlanExit;
  readonly specification: InstrumentSpecification | undefined;
  /** The plan's currency, in which the cost limit is. */
  readonly currency: string;
  /** The part of a whole leg that has to be hedged or reversed, above 0. */
  readonly part: Money;
  /** A hedge costs against the price that the lacking leg was to have, a reversal against what the leading leg paid. */
  readonly reference: Money;
  readonly feeRate: string | undefined;
  /** The instrument's last quote, if it is fresh. */
  readonly quote: Row | undefined;
  /** What earlier orders of this exit cost: it counts against the cost limit. */
  readonly spent: Money;
  /** Whether it may go where the market is not known, bounded by its own limit price alone. */
  readonly blind: boolean;
}
export type ExitOrder =
  | { readonly kind: 'order'; readonly price: string; readonly size: string; readonly worstCost: string }
  /** `lasting`: another price would not help. */
  | { readonly kind: 'impossible'; readonly reason: string; readonly lasting: boolean };

const never = (reason: string): ExitOrder => ({ kind: 'impossible', reason, lasting: true });
const notNow = (reason: string): ExitOrder => ({ kind: 'impossible', reason, lasting: false });

/**
 * Makes the order of an exit, or says which bound refuses it. Whatever it fills at, cost and fee stay within what is left of
 * the cost limit; a hedge stays within its approved price too. It does not reach farther into the market than the whole
 * limit would let the whole exit, so that a small rest is not offered at any price.
 */
export function exitOrderOf(facts: ExitFacts): ExitOrder {
  const { exit, specification, reference, feeRate, part, spent } = facts;
  if (!specification) return notNow(`no instrument ${exit.venue}:${exit.symbol}`);
  if (specification.quote !== facts.currency) return never(`its cost is in ${specification.quote}, not ${facts.currency}`);
  if (feeRate === undefined) return never(`no fee rate is known for ${exit.venue}`);
  // A third of 3 is 1, not the step below it.
  const size = sizeOnStep(specification, rounded(Money.min(part, 1).times(exit.size)));
  if (size.isZero()) return never('too small for an order');
  const { side, costLimit } = exit;
  const left = new Money(costLimit).minus(Money.max(spent, ZERO));
  if (left.lessThanOrEqualTo(0)) return never(`its cost limit of ${costLimit} is used up`);
  const touch = touchOf(facts.quote, side, specification);
  if (!touch && !facts.blind) return notNow(`no fresh quote of ${exit.venue}:${exit.symbol}`);

  const rate = new Money(feeRate);
  const market = touch ?? reference;
  const contract = contractOf(specification);
  const price = limitPriceOf(facts, contract, { size, left, rate, market });
  if (touch && isWorse(side, touch, price)) {
    const cost = costWithFee(contract, side, reference, touch, size, rate);
    return notNow(refusalAt(touch, cost, left, exit, price));
  }
  if (price.lessThanOrEqualTo(0)) return notNow('no price is within its cost limit');
  if (!contract.isWorthPlacing(price, size)) return notNow('worth too little for an order');
  const worstCost = costWithFee(contract, side, reference, price, size, rate);
  return { kind: 'order', price: moneyText(price), size: moneyText(size), worstCost: moneyText(worstCost) };
}

interface Sizing {
  readonly size: Money;
  /** Of the cost limit. */
  readonly left: Money;
  readonly rate: Money;
  /** The best price there, else the one that the exit is measured against. */
  readonly market: Money;
}

/** The nearest of all bounds, on the order step; a sale that would be worth too little there is offered for the least that is worth it. */
function limitPriceOf({ exit, reference }: ExitFacts, contract: Contract, { size, left, rate, market }: Sizing): Money {
  const { side, costLimit } = exit;
  const { specification, inverse, minimumNotional } = contract;
  const bounds = [
    priceAtCost(contract, side, reference, size, rate, left),
    priceAtCost(contract, side, market, new Money(exit.size), ZERO, new Money(costLimit)),
    ...(exit.kind === 'hedge' ? [new Money(exit.price)] : []),
  ];
  const price = priceOnStep(specification, side, side === 'buy' ? Money.min(...bounds) : Money.max(...bounds));
  if (side === 'buy' || inverse || contract.isWorthPlacing(price, size)) return price;
  const least = priceOnStep(specification, side, contract.priceAt(size, minimumNotional));
  return isWorse(side, market, least) ? price : least;
}

/** Which bound the market is beyond. */
function refusalAt(touch: Money, cost: Money, left: Money, { kind, side, costLimit, price: approved }: PlanExit, price: Money): string {
  const market = `the market's ${touch.toFixed()}`;
  if (cost.greaterThan(left)) {
    const rest = left.equals(costLimit) ? '' : `, of which ${left.toDecimalPlaces(8).toFixed()} is left`;
    return `at ${market} it would cost ${cost.toDecimalPlaces(8).toFixed()}, more than its cost limit of ${costLimit}${rest}`;
  }
  if (kind === 'hedge' && isWorse(side, touch, new Money(approved))) return `${market} is beyond its approved price ${approved}`;
  return `${market} is beyond ${price.toFixed()}, the last order step within its bounds`;
}

/** The best price that `side` finds in a trusted quote of this specification; null where none is known. */
export function touchOf(quote: Row | undefined, side: 'buy' | 'sell', specification: InstrumentSpecification): Money | null {
  if (!quote || !isTrusted(quote) || quote[Quote.specificationVersion] !== specification.version) return null;
  return moneyFromScaled(quote[side === 'buy' ? Quote.askPrice : Quote.bidPrice], specification.priceScale);
}
