import { instrumentKey, rateOf, type InstrumentSpecification } from '@parallax/types';
import { Exact, ZERO, exactFromText } from './exact.js';
import type { ArbitrageOptions } from './options.js';

const YEAR_US = 365 * 86_400_000_000;

/** What holding a pair costs, as shares of the bought value; funding may be negative where income is credited. */
export interface CarryRates {
  readonly funding: Exact;
  readonly inventory: Exact;
}
export const NO_CARRY: CarryRates = { funding: ZERO, inventory: ZERO };

/** Fees and carrying costs, read once from the options. */
export class CostModel {
  private readonly fees = new Map<string, Exact>();
  private readonly capital: Exact;
  private readonly borrow: Exact;

  constructor(private readonly options: ArbitrageOptions) {
    this.capital = exactFromText(options.basis.capitalRatePerYear, 'basis.capitalRatePerYear');
    this.borrow = exactFromText(options.basis.borrowRatePerYear, 'basis.borrowRatePerYear');
  }

  /** The taker rate of an instrument. */
  feeOf(specification: InstrumentSpecification): Exact {
    const { venue, symbol } = specification;
    const key = instrumentKey(venue, symbol);
    const known = this.fees.get(key);
    if (known) return known;
    const { fees } = this.options;
    const rate = exactFromText(fees.byInstrument?.[key] ?? rateOf(fees.byVenue?.[venue], specification) ?? fees.default, `fees of ${key}`);
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
    const rate = exactFromText(basis.fundingRate.byInstrument?.[key] ?? basis.fundingRate.default, `funding of ${key}`);
    const paid = rate.mul(basis.holdingUs).div(basis.fundingIntervalUs).mul(bought.kind === 'swap' ? 1 : -1);
    const years = new Exact(basis.holdingUs).div(YEAR_US);
    const yearly = this.capital.mul(2).add(sold.kind === 'spot' ? this.borrow : ZERO);
    return {
      funding: rounded(paid.lt(0) && !basis.creditFunding ? ZERO : paid),
      inventory: rounded(yearly.mul(years)),
    };
  }
}

const rounded = (rate: Exact): Exact => rate.toDecimalPlaces(12, Exact.ROUND_HALF_EVEN);
