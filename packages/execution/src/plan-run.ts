import { Money, Pool, quotient, signOf, ZERO } from '@parallax/money';
import type { Approved, PlanExit, PlanLeg } from '@parallax/types';
import type { OrderRecord } from './order-record.js';

/** Parts are shares, which may be endless; by less than this they differ through rounding alone. */
const ROUNDING = new Money('1e-20');

/** Which leg lacks, which leads, and by how much of a whole leg. */
export interface Imbalance {
  readonly lacking: PlanLeg;
  readonly leading: OrderRecord;
  readonly part: Money;
}

/** A plan under way: its approval, its orders, and how far it is through its ways out. */
export class PlanRun {
  readonly legs: (OrderRecord | undefined)[];
  /**
   * Orders of exits by their attempt, which follows from what the exit is and how often it was tried: its place in the
   * plan, plus as often as it had an order before the number of the plan's exits. So a restart finds all of them.
   */
  readonly exits = new Map<number, OrderRecord>();
  acknowledged = false;
  /** The legs' first records that are not stored yet. */
  unstored = 0;
  /** Why each exit that was passed over last was; by its place in the plan. */
  readonly passedOver = new Map<number, string>();
  /** Exits of this round that no other price can help. */
  readonly hopeless = new Set<number>();
  /** The place in the plan from which this round of its exits goes on. */
  nextExit = 0;
  /** When the next round is due; 0 while one is under way. */
  nextRoundAtUs = 0;
  /** All its ways out were tried or passed over once, and it tries them again. */
  searching = false;
  /** Which end of the plan is told next: a late fill takes a finished plan up again. */
  revision = 1;
  /** What is uneven is too small for any order. */
  dust = false;
  /** Which bound ended the search for a way out. */
  reason: string | undefined;
  private endedBeforeAtUs = 0;

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

  get fillCount(): number {
    return this.orders.reduce((count, { fills }) => count + fills.size, 0);
  }

  /** Nothing of a leg stands alone, or so little that no order can even it. A single leg has nothing against it. */
  get even(): boolean {
    return this.dust || (this.plan.legs.length > 1 && this.imbalance() === null);
  }

  exitAt(attempt: number): PlanExit {
    return this.plan.exits[attempt % this.plan.exits.length];
  }

  /** Orders that the exit at a place of the plan had so far. */
  ordersOf(place: number): OrderRecord[] {
    const count = this.plan.exits.length;
    const orders: OrderRecord[] = [];
    for (let record = this.exits.get(place); record; record = this.exits.get(place + orders.length * count)) orders.push(record);
    return orders;
  }

  /**
   * The part of a leg that stands now, 0 to 1: filled, plus hedged for it, less reversed because another failed. An exit
   * that filled counts as the whole leg: risk sees to it that its size is the leg's. Fees that were taken in base are off it.
   */
  standing(at: number): Money {
    const leg = this.plan.legs[at];
    let standing = (this.legs[at]?.moved ?? ZERO).div(leg.size);
    for (const [attempt, record] of this.exits) {
      const exit = this.exitAt(attempt);
      const part = record.moved.div(exit.size);
      if (exit.kind === 'hedge' && exit.forLeg === leg.leg) standing = standing.plus(part);
      if (exit.kind === 'reverse' && exit.forLeg !== leg.leg) standing = standing.minus(part);
    }
    return standing;
  }

  /** The two legs' imbalance; null when level. */
  imbalance(): Imbalance | null {
    if (this.plan.legs.length < 2) return null;
    const [first, second] = [this.standing(0), this.standing(1)];
    const part = first.minus(second).abs();
    if (part.lessThan(ROUNDING)) return null;
    const lacking = first.lessThan(second) ? 0 : 1;
    return { lacking: this.plan.legs[lacking], leading: this.legs[1 - lacking]!, part };
  }

  /** What the plan's own orders moved at an instrument, bought above 0. */
  movedAt(venue: string, symbol: string): Money {
    let moved = ZERO;
    for (const { order, moved: amount } of this.orders) {
      if (order.venue === venue && order.symbol === symbol) moved = moved.plus(amount.times(signOf(order.side)));
    }
    return moved;
  }

  /** A hedge is measured against the price the lacking leg was to have, a reversal against what the leading leg paid. */
  exitReference(exit: PlanExit): Money {
    const lacking = this.plan.legs.findIndex((leg) => leg.leg === exit.forLeg);
    return exit.kind === 'hedge' ? new Money(this.plan.legs[lacking].price) : this.paidFor(1 - lacking);
  }

  /** What stands for a leg was bought or sold at: the average of its own fills, else of its hedges, else the plan's price. */
  paidFor(at: number): Money {
    const { leg, price } = this.plan.legs[at];
    const own = this.legs[at]?.averagePrice;
    if (own) return own;
    const hedged = new Pool();
    for (const [attempt, { traded }] of this.exits) {
      const { kind, forLeg } = this.exitAt(attempt);
      if (kind === 'hedge' && forLeg === leg) hedged.add(traded);
    }
    return hedged.base.isZero() ? new Money(price) : quotient(hedged.value, hedged.base);
  }

  /** The next way out of this round that stands for the failure of `leg`, or null at the end of the list. */
  takeExit(leg: number): { exit: PlanExit; place: number } | null {
    while (this.nextExit < this.plan.exits.length) {
      const place = this.nextExit++;
      const exit = this.plan.exits[place];
      if (exit.forLeg === leg) return { exit, place };
    }
    return null;
  }

  /** Tries the exits again from the first. */
  beginRound(): void {
    this.nextExit = 0;
    this.nextRoundAtUs = 0;
    this.hopeless.clear();
  }

  /** A fill came after the plan's end: what follows from it is told as another end. */
  reopen(revision: number, endedAtUs: number): void {
    this.revision = revision;
    this.endedBeforeAtUs = endedAtUs;
    this.dust = false;
    this.reason = undefined;
    this.searching = false;
    this.passedOver.clear();
    this.beginRound();
  }

  /** Since when the plan has searched for a way out, from its orders' records alone: its legs' end, or the fill that came after its own. */
  get searchedSinceUs(): number {
    const sinceUs = Math.max(...this.legs.map((leg) => leg?.order.updatedAtUs ?? 0));
    if (this.endedBeforeAtUs === 0) return sinceUs;
    const changedUs = this.orders.map(({ order }) => order.updatedAtUs).filter((atUs) => atUs > this.endedBeforeAtUs);
    return changedUs.length === 0 ? sinceUs : Math.max(sinceUs, Math.min(...changedUs));
  }
}
