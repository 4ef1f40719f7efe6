import type { Approved, PlanExit, PlanLeg } from '@parallax/types';
import { Money, ZERO } from './money.js';
import type { OrderRecord } from './order-record.js';

/** Parts are quotients of 40 digits; by less than this they differ through rounding alone. */
const ROUNDING = new Money('1e-20');

/** A plan under way: its approval, its orders, and how far through the exits it is. */
export class PlanRun {
  readonly legs: (OrderRecord | undefined)[];
  readonly exits = new Map<number, OrderRecord>();
  nextExit = 0;
  acknowledged = false;
  /** The legs' first records that are not stored yet. */
  unstored = 0;
  /** Why each exit that was passed over was; by its place in the plan. */
  readonly passedOver = new Map<number, string>();

  constructor(readonly approved: Approved) {
    this.legs = approved.plan.legs.map(() => undefined);
  }

  get plan(): Approved['plan'] {
    return this.approved.plan;
  }

  get orders(): OrderRecord[] {
    return [...this.legs.filter((leg) => leg !== undefined), ...this.exits.values()];
  }

  /** Every order is at its end, and all legs have one. */
  get settled(): boolean {
    return this.legs.every((leg) => leg?.final) && [...this.exits.values()].every((exit) => exit.final);
  }

  /**
   * The part of a leg that stands now, 0 to 1: filled, plus hedged for it, less reversed because another failed. An exit
   * that filled counts as the whole leg: risk sees to it that its size is the leg's.
   */
  standing(at: number): Money {
    const leg = this.plan.legs[at];
    let standing = (this.legs[at]?.filled ?? ZERO).div(leg.size);
    for (const [index, record] of this.exits) {
      const exit = this.plan.exits[index];
      const part = record.filled.div(exit.size);
      if (exit.kind === 'hedge' && exit.forLeg === leg.leg) standing = standing.plus(part);
      if (exit.kind === 'reverse' && exit.forLeg !== leg.leg) standing = standing.minus(part);
    }
    return standing;
  }

  /** The two legs' imbalance: which leg lacks, which leads, and by how much of a whole leg. Null when level. */
  imbalance(): { lacking: PlanLeg; leading: OrderRecord; part: Money } | null {
    if (this.plan.legs.length < 2) return null;
    const [first, second] = [this.standing(0), this.standing(1)];
    const part = first.minus(second).abs();
    if (part.lessThan(ROUNDING)) return null;
    const lacking = first.lessThan(second) ? 0 : 1;
    return { lacking: this.plan.legs[lacking], leading: this.legs[1 - lacking]!, part };
  }

  /** A hedge is measured against the price the lacking leg was to have, a reversal against what the leading leg paid. */
  exitReference(exit: PlanExit): Money {
    const lacking = this.plan.legs.findIndex((leg) => leg.leg === exit.forLeg);
    const planned = new Money(this.plan.legs[lacking].price);
    return exit.kind === 'hedge' ? planned : (this.legs[1 - lacking]?.averagePrice ?? planned);
  }

  /** The next way out that stands for the failure of `leg`, or null at the end of the list. */
  takeExit(leg: number): { exit: PlanExit; index: number } | null {
    while (this.nextExit < this.plan.exits.length) {
      const index = this.nextExit++;
      const exit = this.plan.exits[index];
      if (exit.forLeg === leg) return { exit, index };
    }
    return null;
  }
}
