import type { Fill, InstrumentSpecification, Order, Plan } from '@parallax/types';

/** A quotient of whole numbers: nothing is ever rounded, and nothing of the code under test takes part. */
export class Ratio {
  static readonly zero = new Ratio(0n, 1n);

  constructor(
    readonly over: bigint,
    readonly under: bigint,
  ) {}

  static of(text: string): Ratio {
    const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
    return new Ratio(BigInt(sign + whole + fraction), 10n ** BigInt(fraction.length));
  }

  plus(other: Ratio): Ratio {
    return new Ratio(this.over * other.under + other.over * this.under, this.under * other.under);
  }

  times(other: Ratio | bigint): Ratio {
    return typeof other === 'bigint' ? new Ratio(this.over * other, this.under) : new Ratio(this.over * other.over, this.under * other.under);
  }

  by(other: Ratio): Ratio {
    const sign = other.over < 0n ? -1n : 1n;
    return new Ratio(this.over * other.under * sign, this.under * other.over * sign);
  }

  minus(other: Ratio): Ratio {
    return this.plus(other.times(-1n));
  }

  /** Below, equal to or above 0. */
  get sign(): number {
    return this.over < 0n ? -1 : this.over > 0n ? 1 : 0;
  }

  equals(text: string): boolean {
    return this.minus(Ratio.of(text)).sign === 0;
  }

  /** Halves to the even digit, as money is rounded. */
  rounded(decimals: number): Ratio {
    const scale = 10n ** BigInt(decimals);
    const size = (this.over < 0n ? -this.over : this.over) * scale;
    const [whole, twice] = [size / this.under, (size % this.under) * 2n];
    const digits = twice > this.under || (twice === this.under && whole % 2n === 1n) ? whole + 1n : whole;
    return new Ratio(this.over < 0n ? -digits : digits, scale);
  }
}

const sum = (amounts: readonly Ratio[]): Ratio => amounts.reduce((all, one) => all.plus(one), Ratio.zero);
const signOf = ({ side }: { side: 'buy' | 'sell' }): bigint => (side === 'buy' ? 1n : -1n);

export interface PlainFill {
  readonly fill: Fill;
  readonly order: Pick<Order, 'purpose' | 'leg'>;
  readonly specification: InstrumentSpecification;
}

/** The leg on whose side a fill is: a reversal takes the other one back. */
const legOf = (plan: Plan, { purpose, leg }: PlainFill['order']): Plan['legs'][number] => plan.legs[purpose === 'reverse' ? 1 - leg : leg];

/** Cash that fills moved in the plan's currency, fees included; what an inverse contract moves is valued at its leg's plan price. */
export function plainCash(plan: Plan, fills: readonly PlainFill[]): Ratio {
  return sum(fills.map(({ fill, order, specification }) => {
    const [price, fee] = [Ratio.of(fill.price), Ratio.of(fill.fee)];
    const units = Ratio.of(fill.size).times(Ratio.of(specification.contractSize));
    const worth = units.times(price);
    const paid = specification.inverse ? worth.by(Ratio.of(legOf(plan, order).price)).rounded(18) : worth;
    const inPlans = fill.feeCurrency === plan.currency ? fee : specification.inverse && fill.feeCurrency === specification.base ? fee.times(price) : Ratio.zero;
    return paid.times(-signOf(fill)).minus(inPlans);
  }));
}

/** Base units that fills left in the account, fees in base taken off where they are taken off the asset itself. */
export function plainBase(plan: Plan, fills: readonly PlainFill[]): Ratio {
  return sum(fills.map(({ fill, order, specification }) => {
    const units = Ratio.of(fill.size).times(Ratio.of(specification.contractSize)).times(signOf(fill));
    if (specification.inverse) return units.by(Ratio.of(legOf(plan, order).price));
    return specification.kind === 'spot' && fill.feeCurrency === specification.base ? units.minus(Ratio.of(fill.fee)) : units;
  }));
}
