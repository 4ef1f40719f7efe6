import type { Fill, InstrumentSpecification } from '@parallax/types';
import { Amount } from './amount.js';

/** Shares of a sum are rounded at so many decimals; the rest of the sum keeps what that leaves. */
const DECIMALS = 18;
const ONE = Amount.of('1');

/** What the fills of one plan say, in the plan's currency: the quote of what it traded. */
export interface PlanRecount {
  readonly cash: Amount;
  readonly fees: Amount;
  readonly otherFees: readonly (readonly [currency: string, amount: Amount])[];
  /** Cash in what stands alone: that nothing of the other leg, and no exit, went against. */
  readonly held: Amount;
  /** Signed base units of it, rounded at the 18th decimal: those of inverse contracts are quotients. */
  readonly base: Amount;
}
export interface KnownFill {
  readonly fill: Fill;
  readonly specification: InstrumentSpecification;
  /** The limit price of the leg on whose side the fill is; needed for inverse contracts alone. */
  readonly planPrice: Amount | null;
}

/** Base units and their value, without signs. */
class Heap {
  constructor(
    readonly base = Amount.zero,
    readonly value = Amount.zero,
  ) {}

  plus(other: Heap): Heap {
    return new Heap(this.base.plus(other.base), this.value.plus(other.value));
  }

  /** At the average price of what there is. */
  share(base: Amount): Heap {
    return new Heap(base, base.equals(this.base) ? this.value : this.value.times(base).by(this.base, DECIMALS));
  }

  minus(other: Heap): Heap {
    return new Heap(this.base.minus(other.base), this.value.minus(other.value));
  }
}

/**
 * Adds up the fills of one plan by themselves, as ARCHITECTURE.md (profit) defines it and without any of the code that made
 * the result: what went for a leg, what stood in for it, and what took it back.
 */
export function recountPlan(fills: readonly KnownFill[]): PlanRecount {
  const moved = fills.map(movedBy);
  // Whatever is told of leg 0 is on its side, and so is what takes leg 1 back.
  const side = (leg: number, purpose: string, of = leg): Heap =>
    moved.filter(({ fill }) => fill.leg === of && (fill.purpose ?? 'leg') === purpose).reduce((heap, { amount }) => heap.plus(amount), new Heap());
  const sides = [0, 1].map((leg) => {
    const [own, hedge, back] = [side(leg, 'leg'), side(leg, 'hedge'), side(leg, 'reverse', 1 - leg)];
    const takenBack = back.base.least(own.base.plus(hedge.base));
    const ofOwn = own.share(takenBack.least(own.base));
    const ofHedge = hedge.share(takenBack.minus(ofOwn.base));
    return { own: own.minus(ofOwn), hedge: hedge.minus(ofHedge), beyond: back.minus(back.share(takenBack)) };
  });
  const standing = sides.map(({ own, hedge }, leg) => ({ own, hedge: hedge.plus(sides[1 - leg].beyond) }));
  const base = Amount.sum(moved.map(({ fill, amount }) => amount.base.times(fill.side === 'buy' ? 1 : -1)));
  const cash = Amount.sum(moved.flatMap(({ fill, amount, fee }) => [amount.value.times(fill.side === 'buy' ? -1 : 1), fee ? fee.times(-1) : Amount.zero]));
  return {
    cash, fees: Amount.sum(moved.map(({ fee }) => fee ?? Amount.zero)).times(-1),
    otherFees: moved.filter(({ fee }) => fee === null).map(({ fill }) => [fill.feeCurrency, Amount.of(fill.fee).times(-1)]),
    held: base.sign === 0 ? Amount.zero : heldOf(standing, sideOf(fills, base.sign), base), base: base.by(ONE, DECIMALS),
  };
}

/** The leg that has more than the other: of which what stands alone was bought, or sold. */
function sideOf(fills: readonly KnownFill[], sign: -1 | 0 | 1): number {
  const side = sign > 0 ? 'buy' : 'sell';
  // An exit goes the way of the leg that it stands for.
  return fills.find(({ fill }) => fill.side === side)?.fill.leg ?? 0;
}

function heldOf(standing: readonly { own: Heap; hedge: Heap }[], leg: number, base: Amount): Amount {
  const { own, hedge } = standing[leg];
  const ofOwn = own.share(base.size.least(own.base));
  const value = ofOwn.plus(hedge.share(base.size.minus(ofOwn.base))).value;
  return base.sign > 0 ? value.times(-1) : value;
}

/** `fee` is null where it was taken in a currency that counts for nothing here. */
function movedBy({ fill, specification, planPrice }: KnownFill): { fill: Fill; amount: Heap; fee: Amount | null } {
  const [price, fee] = [Amount.of(fill.price), Amount.of(fill.fee)];
  const units = Amount.of(fill.size).times(Amount.of(specification.contractSize));
  const inBase = fill.feeCurrency === specification.base;
  const isPlain = fill.feeCurrency === specification.quote;
  if (specification.inverse) {
    if (planPrice === null) throw new Error(`the plan price of ${fill.intentId} is not known`);
    const amount = new Heap(units.by(planPrice, 40), units.times(price).by(planPrice, DECIMALS));
    return { fill, amount, fee: isPlain ? fee : inBase ? fee.times(price) : null };
  }
  const isTaken = inBase && specification.kind === 'spot';
  const base = isTaken ? units.minus(fee.times(fill.side === 'buy' ? 1 : -1)) : units;
  return { fill, amount: new Heap(base, base.times(price)), fee: isPlain ? fee : isTaken ? fee.times(price) : null };
}
