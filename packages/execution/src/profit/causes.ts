import { contractOf, Money, movedSize, Pool, quotedFee, rounded, signOf, ZERO } from '@parallax/money';
import type { Fill, InstrumentSpecification, OrderPurpose, Plan, PlanLeg } from '@parallax/types';

/** The fills of one order of a plan, and what the order was for; `leg` is the leg that an exit stands for. */
export interface FilledOrder {
  readonly leg: number;
  readonly purpose: OrderPurpose;
  readonly fills: Iterable<Fill>;
}

/** What stands alone at a plan's end: on the side of `leg`, at `instrument`, bought or sold for `value` in the plan's currency. */
export interface StandsAlone {
  readonly leg: PlanLeg;
  readonly instrument: InstrumentSpecification;
  /** Above 0. */
  readonly base: Money;
  readonly value: Money;
}

/** What a plan brought, by cause; the first five add up to `total`. Costs are negative. */
export interface Causes {
  readonly spread: Money;
  readonly slippage: Money;
  readonly exitCost: Money;
  readonly fees: Money;
  readonly held: Money;
  /** The cash that moved in the plan's currency. */
  readonly total: Money;
  readonly otherFees: ReadonlyMap<string, Money>;
  readonly alone: StandsAlone | null;
}

/** Base units of inverse contracts are quotients, here with all digits; by less than this they differ through rounding alone. */
const ROUNDING = new Money('1e-20');

/** The fills on one side of a plan. */
interface Side {
  readonly leg: PlanLeg;
  readonly price: Money;
  readonly own: Pool;
  readonly hedge: Pool;
  /** Trades the other way, which took this side back. */
  readonly back: Pool;
  /** Where what is left of `own` and of `hedge` stands. */
  ownAt: InstrumentSpecification;
  hedgeAt: InstrumentSpecification;
}

/**
 * Splits the cash of a plan of two legs by cause, from its fills alone:
 *
 * - `spread`: what the matched part, which stands on both sides, earned at the plan's own prices;
 * - `slippage`: by how much the legs' own fills of the matched part were better than these;
 * - `exitCost`: what hedges cost against the price of the leg that they stand for, and what taking back cost against
 *   what had been paid, the average price of the leg's fills;
 * - `fees`: those in the plan's currency, and those that a venue took out of what was bought or sold, at the fill's price;
 * - `held`: cash in what stands alone, at what was paid for it.
 *
 * Sizes count in base units, net of fees that were taken in base. A spot purchase of 1 of which 0.001 went as a fee is one
 * of 0.999 and a fee worth 0.001. An inverse contract, whose cash is in base, counts as the base units that it is worth at
 * its leg's plan price, traded for the plan's currency at the fill's price, rounded at the 18th decimal; fees in base are
 * worth the fill's price. That is a valuation, and `total` is its sum: no other cash moves in the plan's currency.
 * Shares of a sum are rounded at the 18th decimal and the rest of the sum keeps what that leaves: nothing is ever rounded twice.
 */
export function causesOf(
  plan: Plan, orders: Iterable<FilledOrder>, specify: (venue: string, symbol: string) => InstrumentSpecification,
): Causes {
  const sides = plan.legs.map((leg): Side => {
    const at = specify(leg.venue, leg.symbol);
    return { leg, price: new Money(leg.price), own: new Pool(), hedge: new Pool(), back: new Pool(), ownAt: at, hedgeAt: at };
  });
  const otherFees = new Map<string, Money>();
  let [fees, traded] = [ZERO, ZERO];
  for (const { leg, purpose, fills } of orders) {
    const number = sides.findIndex((side) => side.leg.leg === leg);
    const side = sides[purpose === 'reverse' ? 1 - number : number];
    for (const fill of fills) {
      const at = specify(fill.venue, fill.symbol);
      const { base, value, fee } = movedBy(fill, at, side.price);
      side[POOLS[purpose]].add({ base, value });
      if (purpose === 'hedge') side.hedgeAt = at;
      if (fee) fees = fees.minus(fee);
      else otherFees.set(fill.feeCurrency, (otherFees.get(fill.feeCurrency) ?? ZERO).minus(fill.fee));
      traded = traded.minus(value.times(signOf(fill.side)));
    }
  }
  const takenBack = sides.reduce((sum, side, number) => sum.plus(takeBack(side, sides[1 - number])), ZERO);
  const alone = standsAlone(sides);
  let [spread, slippage, exitCost] = [ZERO, ZERO, takenBack];
  for (const { leg, price, own, hedge } of sides) {
    const sign = signOf(leg.side);
    const [planned, hedgePlanned] = [rounded(own.base.times(price)), rounded(hedge.base.times(price))];
    spread = spread.minus(planned.plus(hedgePlanned).times(sign));
    slippage = slippage.plus(planned.minus(own.value).times(sign));
    exitCost = exitCost.plus(hedgePlanned.minus(hedge.value).times(sign));
  }
  const held = alone ? alone.value.times(-signOf(alone.leg.side)) : ZERO;
  return { spread, slippage, exitCost, fees, held, total: traded.plus(fees), otherFees, alone };
}

const POOLS = { leg: 'own', hedge: 'hedge', reverse: 'back' } as const;

/** What a fill moved, without signs; `fee` is null where it was taken in a currency that is neither the plan's nor traded here. */
function movedBy(
  fill: Fill, specification: InstrumentSpecification, planPrice: Money,
): { base: Money; value: Money; fee: Money | null } {
  const contract = contractOf(specification);
  const fee = quotedFee(contract, fill);
  if (specification.inverse) {
    const units = contract.units(new Money(fill.size));
    return { base: units.div(planPrice), value: rounded(units.times(fill.price).div(planPrice)), fee };
  }
  const base = contract.units(movedSize(contract, fill));
  return { base, value: base.times(fill.price), fee };
}

/**
 * Takes out of a side what was traded back, its own leg's fills first; returns what that brought. What was traded beyond
 * what the side had counts for the other side, as a hedge of it would.
 */
function takeBack(side: Side, other: Side | undefined): Money {
  const { own, hedge, back } = side;
  const traded = back.take(own.base.plus(hedge.base));
  const paid = own.take(traded.base);
  paid.add(hedge.take(traded.base.minus(paid.base)));
  if (other && !back.base.isZero()) {
    other.hedge.add(back.take(back.base));
    other.hedgeAt = side.ownAt;
  }
  return traded.value.minus(paid.value).times(signOf(side.leg.side));
}

/** Takes what has nothing against it out of the side that has more, so that what is left there is matched. */
function standsAlone(sides: readonly Side[]): StandsAlone | null {
  const standing = sides.map(({ own, hedge }) => own.base.plus(hedge.base));
  const surplus = standing[0].minus(standing[1] ?? ZERO);
  if (surplus.abs().lessThan(ROUNDING)) return null;
  const side = sides[surplus.isNegative() ? 1 : 0];
  const instrument = side.own.base.isZero() ? side.hedgeAt : side.ownAt;
  const taken = side.own.take(surplus.abs());
  taken.add(side.hedge.take(surplus.abs().minus(taken.base)));
  return { leg: side.leg, instrument, base: taken.base, value: taken.value };
}
