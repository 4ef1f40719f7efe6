import type { InstrumentSpecification, PlanOutcome, PlanResult, UnevenLeg } from '@parallax/types';
import { Money, quoteValue, signOf, ZERO } from './money.js';
import type { OrderRecord } from './order-record.js';
import type { PlanRun } from './plan-run.js';

type Specify = (venue: string, symbol: string) => InstrumentSpecification;

/**
 * Splits the cash of a plan by cause. Inverse contracts, whose cash is in base, count as the base units that they are worth
 * at the price they are measured against; fees in another currency than the plan's are left to the ledger, which keeps every currency.
 */
export function resultOf(run: PlanRun, outcome: PlanOutcome, specify: Specify, nowUs: number): PlanResult {
  const { plan, approved } = run;
  const standing = plan.legs.map((_, at) => run.standing(at));
  const matched = plan.legs.length < 2 ? (standing[0] ?? ZERO) : Money.min(...standing);
  let [spread, slippage, exitCost, fees, total] = [ZERO, ZERO, ZERO, ZERO, ZERO];
  const cash = (record: OrderRecord, price: Money | null, base: Money): Money => {
    let sum = ZERO;
    for (const fill of record.fills.values()) {
      const specification = specify(fill.venue, fill.symbol);
      const value = valueOf(specification, price ?? new Money(fill.price), new Money(fill.size), base);
      sum = sum.minus(value.times(signOf(fill.side)));
    }
    return sum;
  };
  plan.legs.forEach((leg, at) => {
    const price = new Money(leg.price);
    if (!matched.isZero()) {
      const value = valueOf(specify(leg.venue, leg.symbol), price, matched.times(leg.size), price);
      spread = spread.minus(value.times(signOf(leg.side)));
    }
    const record = run.legs[at];
    if (!record) return;
    const moved = cash(record, null, price);
    slippage = slippage.plus(moved).minus(cash(record, price, price));
    total = total.plus(moved);
  });
  for (const [index, record] of run.exits) {
    const reference = run.exitReference(plan.exits[index]);
    const moved = cash(record, null, reference);
    exitCost = exitCost.plus(moved).minus(cash(record, reference, reference));
    total = total.plus(moved);
  }
  for (const record of run.orders) {
    for (const fill of record.fills.values()) if (fill.feeCurrency === plan.currency) fees = fees.minus(fill.fee);
  }
  total = total.plus(fees);
  const held = total.minus(spread).minus(slippage).minus(exitCost).minus(fees);
  const text = (amount: Money): string => amount.toDecimalPlaces(18).toFixed();
  return {
    intentId: approved.intent.id, approvalId: approved.id, account: approved.intent.account, strategy: approved.intent.strategy,
    revision: 1, fillCount: run.orders.reduce((count, { fills }) => count + fills.size, 0), outcome, currency: plan.currency, spread: text(spread), slippage: text(slippage), fees: text(fees), exitCost: text(exitCost),
    otherFees: otherFeesOf(run), held: text(held), total: text(total), passedOver: Object.fromEntries(run.passedOver),
    uneven: unevenOf(run), dust: null, finishedAtUs: nowUs,
  };
}

function otherFeesOf(run: PlanRun): Record<string, string> {
  const sums = new Map<string, Money>();
  for (const record of run.orders) {
    for (const { fee, feeCurrency } of record.fills.values()) {
      if (feeCurrency !== run.plan.currency) sums.set(feeCurrency, (sums.get(feeCurrency) ?? ZERO).minus(fee));
    }
  }
  return Object.fromEntries([...sums].map(([currency, amount]) => [currency, amount.toFixed()]));
}

function unevenOf(run: PlanRun): UnevenLeg | null {
  const uneven = run.imbalance();
  if (!uneven) return null;
  const { order, averagePrice } = uneven.leading;
  const { venue, symbol, side, price } = order;
  const size = uneven.part.times(order.size).toDecimalPlaces(18).toFixed();
  return { venue, symbol, side, size, price: averagePrice?.toFixed() ?? price };
}

/** Value in quote; an inverse contract counts as the base units that it is worth at `base`. */
function valueOf(specification: InstrumentSpecification, price: Money, size: Money, base: Money): Money {
  const value = quoteValue(specification, price, size);
  return specification.inverse ? value.times(price).div(base) : value;
}
