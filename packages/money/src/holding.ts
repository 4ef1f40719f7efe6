import type { Contract } from './contract.js';
import { type Money, ZERO } from './decimal.js';
import { partOf } from './rounding.js';

/** A position at average cost, or one trade of it. Both amounts carry its sign: bought is above 0, sold below. */
export interface Holding {
  /** In the venue's unit, or in base units where several instruments are netted. */
  size: Money;
  /** What it was traded for, fees apart: in the settlement currency, or in the currency in which instruments are netted. */
  cost: Money;
}

export const emptyHolding = (): Holding => ({ size: ZERO, cost: ZERO });

/**
 * Books a trade at average cost. What lies the other way is closed first: its part of the cost is held against that part of the
 * trade's, and a rest of the trade opens anew. Returns the profit of what was closed; a loss is negative. An inverse contract earns
 * contracts × (1/entry − 1/exit) in its base currency (OKX and Binance define the profit of coin-margined contracts so), the
 * opposite of the difference in costs. Parts of a cost are rounded at `decimals`.
 */
export function addTrade(holding: Holding, { size, cost }: Readonly<Holding>, inverse: boolean, decimals?: number): Money {
  const closes = !holding.size.isZero() && !size.isZero() && holding.size.isNegative() !== size.isNegative();
  if (!closes) {
    holding.size = holding.size.plus(size);
    holding.cost = holding.cost.plus(cost);
    return ZERO;
  }
  const [held, traded] = [holding.size.abs(), size.abs()];
  const closed = held.lessThan(traded) ? held : traded;
  const both = partOf(holding.cost, closed, held, decimals).plus(partOf(cost, closed, traded, decimals));
  holding.size = holding.size.plus(size);
  holding.cost = holding.cost.plus(cost).minus(both);
  return inverse ? both : both.negated();
}

/** The price at which a position would have been had at once for what it cost; null where nothing is held. */
export function averagePriceOf(contract: Contract, { size, cost }: Readonly<Holding>): Money | null {
  return size.isZero() || cost.isZero() ? null : contract.priceAt(size.abs(), cost.abs());
}
