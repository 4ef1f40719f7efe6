import { Money, ONE } from '@parallax/money';
import type { RegimeName } from '@parallax/types';
import type { RiskLimits } from './limits.js';

/** Limits read once into exact amounts, so that a check parses nothing. */
export class ExactLimits {
  readonly capital: Money;
  readonly maxOrderNotional: Money;
  readonly maxPositionNotional: Money;
  readonly maxVenueValue: Money;
  readonly maxHourlyLoss: Money;
  readonly maxDailyLoss: Money;
  /** The same limits as what must at least be earned, exclusive. */
  readonly leastHourlyProfit: Money;
  readonly leastDailyProfit: Money;
  readonly legTolerance: Money;
  readonly maxExitCost: Money;
  readonly marginRate: Money;
  /** What is held for fees per unit of value, and a unit together with that. */
  readonly feeAllowance: Money;
  readonly feeFactor: Money;
  readonly minimumNet: Money;
  readonly minimumEdgeBps: Money;
  readonly regimeFactors: Readonly<Record<RegimeName, Money>>;
  private readonly rates = new Map<string, Money>();

  constructor(readonly limits: RiskLimits) {
    this.capital = new Money(limits.capital);
    this.maxOrderNotional = new Money(limits.maxOrderNotional);
    this.maxPositionNotional = new Money(limits.maxPositionNotional);
    this.maxVenueValue = this.capital.times(limits.maxVenueExposure);
    this.maxHourlyLoss = new Money(limits.maxHourlyLoss);
    this.maxDailyLoss = new Money(limits.maxDailyLoss);
    this.leastHourlyProfit = this.maxHourlyLoss.negated();
    this.leastDailyProfit = this.maxDailyLoss.negated();
    this.legTolerance = new Money(limits.legTolerance);
    this.maxExitCost = new Money(limits.maxExitCost);
    this.marginRate = new Money(limits.marginRate);
    this.feeAllowance = new Money(limits.feeAllowance);
    this.feeFactor = ONE.plus(this.feeAllowance);
    this.minimumNet = new Money(limits.minimumNet);
    this.minimumEdgeBps = new Money(limits.minimumEdgeBps);
    const factors = Object.entries(limits.regimeFactors).map(([name, factor]) => [name, new Money(factor)]);
    this.regimeFactors = Object.fromEntries(factors) as Record<RegimeName, Money>;
    for (const [currency, rate] of Object.entries(limits.conversions)) this.rates.set(currency, new Money(rate));
    this.rates.set(limits.currency, ONE);
  }

  /** What one unit of `currency` is worth in the limits' currency, or null without a priced conversion. */
  rate(currency: string): Money | null {
    return this.rates.get(currency) ?? null;
  }

  /** `amount` of `currency` in the limits' currency, or null without a priced conversion. */
  worth(amount: Money, currency: string): Money | null {
    const rate = this.rates.get(currency);
    if (!rate) return null;
    return rate === ONE ? amount : amount.times(rate);
  }
}
