import { Money, moneyText, ZERO } from '@parallax/money';
import { PLAN_CAUSES, type PlanCause, type PlanEntry } from './plan-entry.js';

export interface PlanSumsSnapshot {
  readonly plans: number;
  readonly fills: number;
  readonly sinceUs: number;
  readonly causes: Readonly<Record<PlanCause, string>>;
  readonly cash: string;
  readonly otherFees: Readonly<Record<string, string>>;
  readonly dust: readonly { venue: string; symbol: string; size: string }[];
}

/** Sums over plans of one account and currency. They are exact both ways, so that a plan can be taken out of them again. */
export class PlanSums {
  plans = 0;
  fills = 0;
  sinceUs = Number.MAX_SAFE_INTEGER;
  readonly causes: Record<PlanCause, Money> = { spread: ZERO, slippage: ZERO, exitCost: ZERO, fees: ZERO };
  cash: Money = ZERO;
  /** By currency. */
  readonly otherFees = new Sums();
  /** By venue and symbol, `okx BTC/USDT`, in the venue's unit. */
  readonly dust = new Sums();

  /** Adds a plan (1) or takes it out (-1). The first fill stays what it was. */
  count(entry: PlanEntry, sign: 1 | -1): void {
    this.plans += sign;
    this.fills += entry.fills * sign;
    this.sinceUs = Math.min(this.sinceUs, entry.firstFillAtUs);
    for (const cause of PLAN_CAUSES) this.causes[cause] = this.causes[cause].plus(entry.causes[cause].times(sign));
    this.cash = this.cash.plus(entry.cash.times(sign));
    for (const [currency, amount] of entry.otherFees) this.otherFees.add(currency, amount.times(sign));
    if (entry.dust) this.dust.add(`${entry.dust.venue} ${entry.dust.symbol}`, entry.dust.size.times(sign));
  }

  get dustAmounts(): { venue: string; symbol: string; size: string }[] {
    return this.dust.sorted().map(([key, size]) => {
      const [venue, symbol] = key.split(' ');
      return { venue, symbol, size };
    });
  }

  toJSON(): PlanSumsSnapshot {
    const { plans, fills, sinceUs, causes, cash, otherFees, dustAmounts: dust } = this;
    const texts = Object.fromEntries(PLAN_CAUSES.map((cause) => [cause, moneyText(causes[cause])])) as Record<PlanCause, string>;
    return { plans, fills, sinceUs, causes: texts, cash: moneyText(cash), otherFees: Object.fromEntries(otherFees.sorted()), dust };
  }

  static from({ plans, fills, sinceUs, causes, cash, otherFees, dust }: PlanSumsSnapshot): PlanSums {
    const sums = Object.assign(new PlanSums(), { plans, fills, sinceUs, cash: new Money(cash) });
    for (const cause of PLAN_CAUSES) sums.causes[cause] = new Money(causes[cause]);
    for (const [currency, amount] of Object.entries(otherFees)) sums.otherFees.add(currency, new Money(amount));
    for (const { venue, symbol, size } of dust) sums.dust.add(`${venue} ${symbol}`, new Money(size));
    return sums;
  }
}

/** Amounts by key; what is 0 is left out. */
class Sums {
  private readonly amounts = new Map<string, Money>();

  add(key: string, amount: Money): void {
    const sum = (this.amounts.get(key) ?? ZERO).plus(amount);
    if (sum.isZero()) this.amounts.delete(key);
    else this.amounts.set(key, sum);
  }

  /** By key, as text. */
  sorted(): [string, string][] {
    const texts = [...this.amounts].map(([key, amount]): [string, string] => [key, moneyText(amount)]);
    return texts.sort(([one], [other]) => (one < other ? -1 : 1));
  }
}
