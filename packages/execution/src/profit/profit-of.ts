import { moneyText, ZERO, type Money } from '@parallax/money';
import type { OpenLot, Profit } from '@parallax/types';
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
      base: lot.base, size: moneyText(lot.size), cost: moneyText(lot.cash.negated()), instrument: `${lot.venue}:${lot.symbol}`,
      mark: mark && moneyText(mark.price), markedBy: mark && mark.by, value: value && moneyText(value),
    };
  });
  return {
    account, currency, plans, fills, sinceUs,
    causes: {
      spread: moneyText(causes.spread), slippage: moneyText(causes.slippage), exitCost: moneyText(causes.exitCost), fees: moneyText(causes.fees),
      evened: moneyText(lots.evened),
    },
    realised: moneyText(realised), open, openProfit: openProfit && moneyText(openProfit), total: openProfit && moneyText(realised.plus(openProfit)),
    cash: moneyText(cash), dust, otherFees: Object.fromEntries(otherFees.sorted()), atUs: nowUs,
  };
}
