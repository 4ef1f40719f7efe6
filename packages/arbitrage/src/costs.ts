import { Money, moneyFromText, ZERO } from '@parallax/money';
import { instrumentKey, rateOf, type InstrumentSpecification } from '@parallax/types';
import type { ArbitrageOptions } from './options.js';

const YEAR_US = 365 * 86_400_000_000;

/** What holding a pair costs, as shares of the bought value; funding may be negative where income is credited. */
export interface CarryRates {
  readonly funding: Money;
  readonly inventory: Money;
}
export const NO_CARRY: CarryRates = { funding: ZERO, inventory: ZERO };

/** Fees and carrying costs, read once from the options. */
export class CostModel {
  private readonly fees = new Map<string, Money>();
  private readonly capital: Money;
  private readonly borrow: Money;

  constructor(private readonly options: ArbitrageOptions) {
    this.capital = moneyFromText(options.basis.capitalRatePerYear, 'basis.capitalRatePerYear');
    this.borrow = moneyFromText(options.basis.borrowRatePerYear, 'basis.borrowRatePerYear');
  }

  /** The taker rate of an instrument. */
  feeOf(specification: InstrumentSpecification): Money {
    const { venue, symbol } = specification;
    const key = instrumentKey(venue, symbol);
    const known = this.fees.get(key);
    if (known) return known;
    const { fees } = this.options;
    const rate = moneyFromText(fees.byInstrument?.[key] ?? rateOf(fees.byVenue?.[venue], specification) ?? fees.default, `fees of ${key}`);
    this.fees.set(key, rate);
    return rate;
  }

  /**
   * Carry of buying `bought` and selling `sold` for the holding horizon. Funding: rate × horizon ÷ interval, paid by the
   * long side of the perpetual when positive, by the short side when negative. Inventory: both legs bind their whole
   * value at the price of money; a spot leg that is sold borrows its base as well.
   */
  carryOf(bought: InstrumentSpecification, sold: InstrumentSpecification): CarryRates {
    const { basis } = this.options;
    const perpetual = bought.kind === 'swap' ? bought : sold;
    const key = instrumentKey(perpetual.venue, perpetual.symbol);
    const rate = moneyFromText(basis.fundingRate.byInstrument?.[key] ?? basis.fundingRate.default, `funding of ${key}`);
    const paid = rate.mul(basis.holdingUs).div(basis.fundingIntervalUs).mul(bought.kind === 'swap' ? 1 : -1);
    const years = new Money(basis.holdingUs).div(YEAR_US);
    const yearly = this.capital.mul(2).add(sold.kind === 'spot' ? this.borrow : ZERO);
    return {
      funding: rounded(paid.lt(0) && !basis.creditFunding ? ZERO : paid),
      inventory: rounded(yearly.mul(years)),
    };
  }
}

/** Rates that were divided are kept at so many decimals: a walk counts in products of them. */
const RATE_DECIMALS = 12;
const rounded = (rate: Money): Money => rate.toDecimalPlaces(RATE_DECIMALS);
