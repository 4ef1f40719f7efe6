import { contractOf, feeOf, Money, moneyFromScaled, moneyText } from '@parallax/money';
import { marketKindOf, ParallaxError, rateOf, type FeeRate, type InstrumentSpecification } from '@parallax/types';

/** What a venue charges for one fill; negative is a rebate. */
export interface FeeModel {
  /** Price and size are integers at the instrument's scales. Decimal text, in the currency the venue takes it in. */
  feeOf(specification: InstrumentSpecification, maker: boolean, price: number, size: number): FeeAmount;
}
export interface FeeAmount {
  readonly fee: string;
  readonly currency: string;
}

/** A share of the traded value, by liquidity. Spot and linear pay in the settlement currency, inverse in the base. */
export class RateFees implements FeeModel {
  /** Rates as decimal text: `0.001` is ten basis points. */
  constructor(
    private readonly makerRate: FeeRate,
    private readonly takerRate: FeeRate,
  ) {}

  feeOf(specification: InstrumentSpecification, maker: boolean, price: number, size: number): FeeAmount {
    const { priceScale, sizeScale, settle } = specification;
    const rate = new Money(this.rateOf(specification, maker));
    const fee = feeOf(contractOf(specification), moneyFromScaled(price, priceScale), moneyFromScaled(size, sizeScale), rate);
    return { fee: moneyText(fee), currency: settle };
  }

  /** A kind of market that the rates do not name is no reason to trade for nothing. @throws ParallaxError `CONFIG_REFUSED`. */
  private rateOf(specification: InstrumentSpecification, maker: boolean): string {
    const rate = rateOf(maker ? this.makerRate : this.takerRate, specification);
    if (rate !== undefined) return rate;
    const market = `${specification.venue}:${marketKindOf(specification)}`;
    throw new ParallaxError('CONFIG_REFUSED', `no fee rate is known for ${market}: set FEES, e.g. ${market}=0.001`, { place: 'FEES' });
  }
}
