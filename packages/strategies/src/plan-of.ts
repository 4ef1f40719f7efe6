import { contractOf, minimumSizeOf, Money, moneyText, ONE, priceOnStep, signOf, sizeBelow, unitAt, type Side } from '@parallax/money';
import type { InstrumentSpecification, Opportunity, OpportunityLeg, Plan, PlanExit, PlanLeg } from '@parallax/types';
import type { TakeOptions } from './options.js';

/** A basis point. */
const BPS = unitAt(4);

/** Finds where else a side could be traded; null where nowhere. */
export type FindElsewhere = (leg: OpportunityLeg) => InstrumentSpecification | null;
export type Specify = (venue: string, symbol: string) => InstrumentSpecification;

/**
 * The plan of an opportunity: both legs at the worst price its walk touched, immediate or cancel, and for each leg that
 * might lack the ways out in the order they are tried: have it elsewhere, undo the other leg, hold what is held.
 */
export function planOf(opportunity: Opportunity, specify: Specify, elsewhere: FindElsewhere, options: TakeOptions): Plan {
  const { legs, receipt } = opportunity;
  const costLimit = moneyText(bpsOf(receipt.notional, options.exitCostBps).toDecimalPlaces(8, Money.ROUND_DOWN));
  const planLegs = legs.map((leg, at): PlanLeg => ({
    leg: at, venue: leg.venue, symbol: leg.symbol, side: leg.side, type: 'limit', timeInForce: 'IOC', price: leg.limitPrice, size: leg.size,
  }));
  const exits = legs.flatMap((leg, at): PlanExit[] => {
    const hedge = elsewhere(leg);
    const others = planLegs.filter((other) => other.leg !== at);
    return [
      ...(hedge ? hedgeOf(leg, at, hedge, costLimit, options) : []),
      ...others.map((other) => reverseOf(other, at, specify(other.venue, other.symbol), costLimit, options)),
      { kind: 'hold', forLeg: at, venue: leg.venue, symbol: leg.symbol, side: leg.side, price: leg.limitPrice, size: leg.size, costLimit },
    ];
  });
  return { legs: planLegs, exits, currency: receipt.currency, notional: receipt.notional };
}

/** The lacking leg at another venue; nothing when its size is below that venue's minimum, or its steps leave too much of it. */
function hedgeOf(leg: OpportunityLeg, forLeg: number, at: InstrumentSpecification, costLimit: string, options: TakeOptions): PlanExit[] {
  const contract = contractOf(at);
  const size = sizeBelow(at, contract.sizeOf(new Money(leg.baseSize)));
  const price = worse(leg.limitPrice, leg.side, at, options.exitCostBps);
  const least = ONE.minus(options.hedgeShortfall).times(leg.baseSize);
  if (contract.units(size).lessThan(least) || size.lessThan(minimumSizeOf(at)) || !contract.isWorthPlacing(price, size)) return [];
  return [{ kind: 'hedge', forLeg, venue: at.venue, symbol: at.symbol, side: leg.side, price: moneyText(price), size: moneyText(size), costLimit }];
}

function reverseOf(other: PlanLeg, forLeg: number, at: InstrumentSpecification, costLimit: string, options: TakeOptions): PlanExit {
  const side = other.side === 'buy' ? 'sell' : 'buy';
  const price = moneyText(worse(other.price, side, at, options.exitCostBps));
  return { kind: 'reverse', forLeg, venue: other.venue, symbol: other.symbol, side, price, size: other.size, costLimit };
}

/**
 * A price that is worse for `side` by so many basis points, on the venue's step and never worse than that. At
 * the price of an exit its whole cost limit would be used up before fees, so that the price shuts out nothing that the limit allows.
 */
function worse(price: string, side: Side, at: InstrumentSpecification, bps: string): Money {
  return priceOnStep(at, side, bpsOf(price, bps).times(signOf(side)).plus(price));
}

/** So many basis points of an amount. */
const bpsOf = (amount: string, bps: string): Money => new Money(amount).times(bps).times(BPS);
