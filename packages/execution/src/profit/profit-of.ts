import type { OpenLot, Profit } from '@parallax/types';
import { type Money, ZERO } from '../money.js';
import type { Lots } from './lots.js';
import type { Marks } from './marks.js';
import { PLAN_CAUSES } from './plan-entry.js';
import type { PlanSums } from './plan-sums.js';

/** What there is to tell of an account in one currency: the sums of its plans, and their lots. */
export function profitOf(account: string, currency: string, sums: PlanSums, lots: Lots, marks: Marks, nowUs: number): Profit {
  const { plans, fills, sinceUs, causes, cash, otherFees, dustAmounts: dust } = sums;
  const realised = PLAN_CAUSES.reduce((sum, cause) => sum.plus(causes[cause]), lots.evened);
  let openProfit: Money | null = ZERO;
  const open = lots.open.map((lot): OpenLot => {
    const mark = marks.markOf(lot.venue, lot.symbol, nowUs);
    const value = mark && lot.size.times(mark.price);
    // What moved for a purchase is negative: its cost is the opposite.
    openProfit = openProfit && value && openProfit.plus(value).plus(lot.cash);
    return {
      base: lot.base, size: lot.size.toFixed(), cost: textOf(lot.cash.negated()), instrument: `${lot.venue}:${lot.symbol}`,
      mark: mark && textOf(mark.price), markedBy: mark && mark.by, value: value && textOf(value),
    };
  });
  return {
    account, currency, plans, fills, sinceUs,
    causes: {
      spread: textOf(causes.spread), slippage: textOf(causes.slippage), exitCost: textOf(causes.exitCost), fees: textOf(causes.fees),
      evened: textOf(lots.evened),
    },
    realised: textOf(realised), open, openProfit: openProfit && textOf(openProfit), total: openProfit && textOf(realised.plus(openProfit)),
    cash: textOf(cash), dust, otherFees: Object.fromEntries(otherFees.sorted()), atUs: nowUs,
  };
}

/** Zero has a sign of its own, which nobody wants to read. */
const textOf = (amount: Money): string => (amount.isZero() ? '0' : amount.toFixed());
