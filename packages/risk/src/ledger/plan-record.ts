import { Money } from '@parallax/money';
import { type Approved, type Fill, FINAL_ORDER_STATES, instrumentKey, type Order, type PlanResult } from '@parallax/types';
import type { Claim } from '../claims.js';

const RANK = ['created', 'sending', 'open', 'partiallyFilled', 'cancelling', 'rejected', 'expired', 'cancelled', 'filled'];
export const isFinal = (order: Order): boolean => FINAL_ORDER_STATES.includes(order.state);

/** Whether `next` tells more of an order than `known`: a final state wins, then the newer word, then the later state. */
function tellsMore(next: Order, known: Order): boolean {
  if (isFinal(next) !== isFinal(known)) return isFinal(next);
  if (next.updatedAtUs !== known.updatedAtUs) return next.updatedAtUs > known.updatedAtUs;
  return RANK.indexOf(next.state) > RANK.indexOf(known.state);
}

export interface FillNote {
  readonly orderId: string;
  readonly leg: number;
  readonly key: string;
  readonly side: 'buy' | 'sell';
  readonly size: Money;
}

/** Of a plan's result, what says whether more may come. */
export type ResultNote = Pick<PlanResult, 'revision' | 'fillCount' | 'outcome'>;

/**
 * All that is known of one intent's plan. What it still reserves is a function of this record and the time alone
 * (see `outstandingOf`), so that events of different streams may come in any order and more than once.
 */
export class PlanRecord {
  approval: Approved | null = null;
  /** The approval is known to be in the stream. */
  isStored = false;
  /** The worst case at approval, and the part of it that stands in the exposure book now. */
  claims: readonly Claim[] = [];
  standing: readonly Claim[] = [];
  readonly orders = new Map<string, Order>();
  readonly fills = new Map<string, FillNote>();
  /** The newest revision of the plan's result. */
  result: ResultNote | null = null;
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

  takeResult({ revision, fillCount, outcome, finishedAtUs }: PlanResult): void {
    if (this.result === null || this.result.revision < revision) this.result = { revision, fillCount, outcome };
    this.touch(finishedAtUs);
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

  /**
   * The plan came to its end with all the fills that are known here. A fill beyond those takes it up again, until the next
   * revision of its result; one that the result counts and that has not come yet keeps it open, so that its size never
   * stands nowhere.
   */
  get ended(): boolean {
    if (this.result === null) return false;
    const { fillCount, outcome } = this.result;
    // Results from before fills were counted say 0 of plans that filled.
    return fillCount === this.fills.size || (fillCount === 0 && outcome !== 'nothing-filled');
  }

  /** After this, a leg that no order stands for does not come any more. */
  deadlineUs(graceUs: number): number {
    let lastUs = this.approval?.expiresAtUs ?? -Infinity;
    for (const order of this.orders.values()) lastUs = Math.max(lastUs, order.updatedAtUs);
    return lastUs + graceUs;
  }
}
