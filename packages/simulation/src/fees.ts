import { marketKindOf, ParallaxError, rateOf, type FeeRate, type InstrumentSpecification } from '@parallax/types';
import { Decimal } from 'decimal.js';

/** What a venue charges for one fill; negative is a rebate. */
export interface FeeModel {
  /** Price and size are integers at the instrument's scales. Decimal text, in the currency the venue takes it in. */
  feeOf(specification: InstrumentSpecification, maker: boolean, price: number, size: number): FeeAmount;
}
export interface FeeAmount {
  readonly fee: string;
  readonly currency: string;
}

/** Money never needs more decimals than this; only inverse contracts, which divide by the price, reach it. */
const FEE_DECIMALS = 18;

/** A share of the traded value, by liquidity. Spot and linear pay in the settlement currency, inverse in the base. */
export class RateFees implements FeeModel {
  /** Rates as decimal text: `0.001` is ten basis points. */
  constructor(
    private readonly makerRate: FeeRate,
    private readonly takerRate: FeeRate,
  ) {}

  feeOf(specification: InstrumentSpecification, maker: boolean, price: number, size: number): FeeAmount {
    const priceValue = new Decimal(price).div(new Decimal(10).pow(specification.priceScale));
    const units = new Decimal(size).div(new Decimal(10).pow(specification.sizeScale)).times(specification.contractSize);
    const value = specification.inverse ? units.div(priceValue) : units.times(priceValue);
    const fee = value.times(this.rateOf(specification, maker)).toDecimalPlaces(FEE_DECIMALS, Decimal.ROUND_UP);
    return { fee: fee.toFixed(), currency: specification.settle };
  }

  /** A kind of market that the rates do not name is no reason to trade for nothing. @throws ParallaxError `CONFIG_REFUSED`. */
  private rateOf(specification: InstrumentSpecification, maker: boolean): string {
    const rate = rateOf(maker ? this.makerRate : this.takerRate, specification);
    if (rate !== undefined) return rate;
    const market = `${specification.venue}:${marketKindOf(specification)}`;
    throw new ParallaxError('CONFIG_REFUSED', `no fee rate is known for ${market}: set FEES, e.g. ${market}=0.001`, { place: 'FEES' });
  }
}
