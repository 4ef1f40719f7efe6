import type { Approved, Fill, Order, PlanExit, PlanResult } from '@parallax/types';
import { fillOf, orderOf } from './support.js';

/** Sizes in whole steps of 0.00001: sums of them are exact. */
export const stepsOf = (text: string): number => Math.round(Number(text) * 100_000);
const opposite = (side: 'buy' | 'sell'): 'buy' | 'sell' => (side === 'buy' ? 'sell' : 'buy');
const coins = (count: number): string => (count / 100_000).toFixed(5);

export interface LifeOrder {
  order: Order;
  filled: number;
}
const sizeOf = ({ order }: LifeOrder): number => stepsOf(order.size);
const isOver = ({ order }: LifeOrder): boolean => ['filled', 'cancelled'].includes(order.state);

/** An approved plan as an exchange and execution play it, with books of its own: what filled, and what may still come. */
export class LifePlan {
  readonly orders: LifeOrder[] = [];
  /** A result was told that no fill has come after. */
  over = false;
  private fills = 0;
  private revision = 0;

  constructor(
    readonly approved: Approved,
    nowUs: number,
  ) {
    const intent = { ...approved.intent, plan: approved.plan };
    for (const { leg } of approved.plan.legs) {
      this.orders.push({ order: orderOf(intent, leg, { createdAtUs: nowUs, updatedAtUs: nowUs }), filled: 0 });
    }
  }

  get live(): LifeOrder[] {
    return this.orders.filter((one) => !isOver(one));
  }

  /** Orders at their end that an exchange might still tell a fill of. */
  get unfilled(): LifeOrder[] {
    return this.orders.filter((one) => isOver(one) && one.filled < sizeOf(one));
  }

  fill(one: LifeOrder, wanted: number, nowUs: number): Fill {
    const size = Math.min(wanted, sizeOf(one) - one.filled);
    one.filled += size;
    this.over = false;
    const { order } = one;
    const late = isOver(one);
    const state = one.filled === sizeOf(one) ? 'filled' : late ? order.state : 'partiallyFilled';
    one.order = { ...order, filledSize: coins(one.filled), state, updatedAtUs: nowUs };
    return fillOf(order, `${order.id}-${this.fills++}`, coins(size), order.price, { atUs: nowUs });
  }

  end(one: LifeOrder, nowUs: number): void {
    one.order = { ...one.order, state: 'cancelled', updatedAtUs: nowUs };
  }

  get mayEnd(): boolean {
    return !this.over && this.live.length === 0;
  }

  /** By how much the first leg stands above the second, while an exit may be sent for it. */
  get uneven(): number {
    return this.mayEnd ? this.standing(0) - this.standing(1) : 0;
  }

  /** One attempt at an exit for the leg that lacks. */
  exit(pick: number, wanted: number, nowUs: number): LifeOrder {
    const lacking = this.uneven < 0 ? 0 : 1;
    const exits = this.approved.plan.exits.filter(({ forLeg }) => forLeg === lacking);
    const { kind, venue, symbol, side, price } = exits[pick % exits.length];
    const order: Order = {
      ...this.orders[lacking].order, id: `${this.approved.intent.id}-x${this.orders.length}`, purpose: kind === 'reverse' ? 'reverse' : 'hedge',
      venue, symbol, side, price, size: coins(Math.min(Math.abs(this.uneven), wanted)), filledSize: '0', state: 'open',
      createdAtUs: nowUs, updatedAtUs: nowUs,
    };
    const one = { order, filled: 0 };
    this.orders.push(one);
    return one;
  }

  /** The plan's end, or its next one. */
  result(nowUs: number): PlanResult {
    this.over = true;
    const { id: approvalId, intent: { id: intentId, account, strategy } } = this.approved;
    return {
      intentId, approvalId, account, strategy, revision: ++this.revision, fillCount: this.fills,
      outcome: this.fills === 0 ? 'nothing-filled' : 'completed', currency: 'USDT', spread: '0', slippage: '0', fees: '0',
      otherFees: {}, exitCost: '0', held: '0', total: '0', passedOver: {}, uneven: null, dust: null, finishedAtUs: nowUs,
    };
  }

  /** Steps that the plan may still buy and sell at a venue, by counting anew all that it did. */
  mayStill(venue: string, side: 'buy' | 'sell'): number {
    const { legs, exits } = this.approved.plan;
    const underWay = this.live.filter(({ order }) => order.venue === venue && order.side === side).reduce((left, one) => left + sizeOf(one) - one.filled, 0);
    if (this.over) return underWay;
    const leg = legs.find((one) => one.venue === venue);
    if (leg) {
      // What stands of it at its own venue may be taken back; the rest may be had again where an exit has it there once more.
      const stands = this.filled(venue, leg.side, leg.leg) - this.filled(venue, opposite(leg.side), null);
      if (side !== leg.side) return Math.max(stands, underWay);
      return exits.some((exit) => this.retries(exit, leg.leg)) ? Math.max(stepsOf(leg.size) - stands, underWay) : underWay;
    }
    const hedge = exits.find((exit) => exit.venue === venue && exit.side === side);
    return hedge ? Math.max(stepsOf(hedge.size) - this.filled(venue, side, hedge.forLeg), underWay) : 0;
  }

  private retries({ kind, forLeg, venue }: PlanExit, leg: number): boolean {
    return kind === 'hedge' && forLeg === leg && venue === this.approved.plan.legs[leg].venue;
  }

  /** The leg's own part, with what hedges had of it, less what was taken back of it. */
  private standing(leg: number): number {
    let standing = 0;
    for (const { order, filled } of this.orders) {
      if (order.purpose === 'reverse' ? order.leg !== leg : order.leg === leg) standing += order.purpose === 'reverse' ? -filled : filled;
    }
    return standing;
  }

  /** What the orders for a leg filled at a venue; `leg` null: what took it back. */
  private filled(venue: string, side: 'buy' | 'sell', leg: number | null): number {
    let sum = 0;
    for (const { order, filled } of this.orders) {
      if (order.venue === venue && order.side === side && (leg === null ? order.purpose === 'reverse' : order.leg === leg && order.purpose !== 'reverse')) sum += filled;
    }
    return sum;
  }
}
