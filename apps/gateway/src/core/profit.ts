import type { Position } from '@parallax/types';
import { Decimal } from 'decimal.js';
import type { ProfitView } from './views.js';

const Money = Decimal.clone({ precision: 40, toExpNeg: -30, toExpPos: 40 });

/**
 * Realised profit after costs by account and currency, summed exactly over the positions. A position's `realised` is
 * what prices brought before fees.
 */
export function profitOf(positions: Iterable<Position>): ProfitView[] {
  const sums = new Map<string, { account: string; currency: string; price: Decimal; fees: Decimal; atUs: number }>();
  for (const position of positions) {
    const key = `${position.account} ${position.currency}`;
    const sum = sums.get(key) ?? {
      account: position.account, currency: position.currency, price: new Money(0), fees: new Money(0), atUs: 0,
    };
    sums.set(key, {
      ...sum,
      price: sum.price.plus(position.realised),
      fees: sum.fees.plus(position.fees),
      atUs: Math.max(sum.atUs, position.updatedAtUs),
    });
  }
  return [...sums.values()].map(({ account, currency, price, fees, atUs }) => ({
    account,
    currency,
    causes: { price: price.toFixed(), fees: fees.negated().toFixed() },
    net: price.minus(fees).toFixed(),
    atUs,
  }));
}
