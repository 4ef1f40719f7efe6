import { Ratio } from '@parallax/testing';
import type { Fill, InstrumentSpecification, Order, Plan } from '@parallax/types';

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
