import { type Approved, type Fill, FINAL_ORDER_STATES, instrumentKey, type Order } from '@parallax/types';
import { type Claim, remainderOf } from '../claims.js';
import { Money, notNegative, smaller, ZERO } from '../money.js';

const RANK = ['created', 'sending', 'open', 'partiallyFilled', 'cancelling', 'rejected', 'expired', 'cancelled', 'filled'];
const isFinal = (order: Order): boolean => FINAL_ORDER_STATES.includes(order.state);

/** Whether `next` tells more of an order than `known`: a final state wins, then the newer word, then the later state. */
function tellsMore(next: Order, known: Order): boolean {
  if (isFinal(next) !== isFinal(known)) return isFinal(next);
  if (next.updatedAtUs !== known.updatedAtUs) return next.updatedAtUs > known.updatedAtUs;
  return RANK.indexOf(next.state) > RANK.indexOf(known.state);
}

interface FillNote {
  readonly orderId: string;
  readonly leg: number;
  readonly key: string;
  readonly side: 'buy' | 'sell';
  readonly size: Money;
}

/**
 * All that is known of one intent's plan. What it still reserves is a function of this record and the time alone, so
 * that events of different streams may come in any order and more than once.
 */
export class PlanRecord {
  approval: Approved | null = null;
  /** The worst case at approval, and the part of it that stands in the exposure book now. */
  claims: readonly Claim[] = [];
  standing: readonly Claim[] = [];
  readonly orders = new Map<string, Order>();
  readonly fills = new Map<string, FillNote>();
  /** When a leg last failed or lost; -Infinity for never. */
  troubledAtUs = -Infinity;
  /** The newest time of anything known here. */
  touchedAtUs = -Infinity;
  /** When the ledger looks at this record by itself; Infinity for never. */
  queuedAtUs = Infinity;

  constructor(readonly intentId: string) {}

  takeApproval(approval: Approved, claims: readonly Claim[]): void {
    this.approval = approval;
    this.claims = claims;
    this.touch(approval.atUs);
  }

  takeOrder(order: Order): void {
    const known = this.orders.get(order.id);
    if (!known || tellsMore(order, known)) this.orders.set(order.id, order);
    this.touch(order.updatedAtUs);
    // A leg that ended without being filled failed; a hedge or reverse is there only because one did.
    if (order.purpose !== 'leg') this.trouble(order.createdAtUs);
    else if (isFinal(order) && order.state !== 'filled') this.trouble(order.updatedAtUs);
  }

  takeFill(fill: Fill): void {
    const { orderId, leg, side, atUs } = fill;
    const key = instrumentKey(fill.venue, fill.symbol);
    this.fills.set(fill.id, { orderId, leg, key, side, size: new Money(fill.size) });
    this.touch(atUs);
  }

  trouble(atUs: number): void {
    this.troubledAtUs = Math.max(this.troubledAtUs, atUs);
  }

  private touch(atUs: number): void {
    this.touchedAtUs = Math.max(this.touchedAtUs, atUs);
  }

  get live(): boolean {
    for (const order of this.orders.values()) if (!isFinal(order)) return true;
    return false;
  }

  /** After this, what no order stands for is let go. */
  deadlineUs(graceUs: number): number {
    let lastUs = this.approval?.expiresAtUs ?? -Infinity;
    for (const order of this.orders.values()) lastUs = Math.max(lastUs, order.updatedAtUs);
    return lastUs + graceUs;
  }

  /** What is still reserved at `nowUs`. */
  outstanding(nowUs: number, graceUs: number): Claim[] {
    if (!this.approval) return [];
    const late = nowUs >= this.deadlineUs(graceUs);
    const exitsOver = this.settledAsPlanned() || (late && !this.live);
    const remaining: Claim[] = [];
    for (const claim of this.claims) {
      const rest = this.rest(claim, claim.exit ? exitsOver : late);
      if (rest && !rest.size.isZero()) remaining.push(rest);
    }
    return remaining;
  }

  /** Every leg ended, and either all of them filled or none did: no way out is needed any more. */
  private settledAsPlanned(): boolean {
    const count = this.approval?.plan.legs.length ?? 0;
    if (this.orders.size < count) return false;
    const ended = [...this.orders.values()].filter((order) => order.purpose === 'leg' && isFinal(order));
    if (new Set(ended.map((order) => order.leg)).size < count) return false;
    return ended.every((order) => order.state === 'filled') || ended.every((order) => Number(order.filledSize) === 0);
  }

  /** What is left of one claim, null for nothing; `over` where without an order none is to come any more. */
  private rest(claim: Claim, over: boolean): Claim | null {
    const orders = this.ordersOf(claim);
    if (orders.length === 0) return over ? null : remainderOf(claim, this.strayFills(claim));
    let seen = ZERO;
    // A final order whose fills are still on their way keeps what it says was filled until they come.
    let coming = ZERO;
    for (const order of orders) {
      const filled = this.filledOf(order.id);
      seen = seen.plus(filled);
      if (isFinal(order)) coming = coming.plus(notNegative(new Money(order.filledSize).minus(filled)));
    }
    if (orders.some((order) => !isFinal(order))) return remainderOf(claim, seen);
    return remainderOf(claim, claim.size.minus(smaller(coming, claim.size)));
  }

  private ordersOf(claim: Claim): Order[] {
    const orders: Order[] = [];
    for (const order of this.orders.values()) {
      const fits = (order.purpose !== 'leg') === claim.exit && order.side === claim.side && (claim.exit || order.leg === claim.leg);
      if (fits && instrumentKey(order.venue, order.symbol) === claim.facts.key) orders.push(order);
    }
    return orders;
  }

  private filledOf(orderId: string): Money {
    let filled = ZERO;
    for (const fill of this.fills.values()) if (fill.orderId === orderId) filled = filled.plus(fill.size);
    return filled;
  }

  /** Fills whose order is not known yet; they are taken as the leg's where instrument and side agree. */
  private strayFills(claim: Claim): Money {
    let filled = ZERO;
    for (const fill of this.fills.values()) {
      const fits = fill.key === claim.facts.key && fill.side === claim.side && fill.leg === claim.leg && !claim.exit;
      if (fits && !this.orders.has(fill.orderId)) filled = filled.plus(fill.size);
    }
    return filled;
  }
}
