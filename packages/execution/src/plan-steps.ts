import type { InstrumentSpecification, LeaseEpoch, OrderPurpose, PlanResult } from '@parallax/types';
import type { ExitRounds } from './exit-rounds.js';
import { orderOf } from './order-id.js';
import type { OrderKeeper } from './order-keeper.js';
import type { OrderRecord } from './order-record.js';
import type { Permission } from './permission.js';
import type { PlanBook } from './plan-book.js';
import type { PlanRun } from './plan-run.js';
import type { ExecutionOptions, ExecutionSink } from './ports.js';
import { resultOf } from './result.js';

export interface StepParts {
  readonly orders: OrderKeeper;
  readonly plans: PlanBook;
  readonly exits: ExitRounds;
  readonly permission: Permission;
  readonly sink: Pick<ExecutionSink, 'place' | 'acknowledge' | 'finished'>;
}

/**
 * Carries plans forward: their legs, stored before any is sent and then sent together; their exits, one after the other; their
 * end. What is to follow when a record is safe in its stream is kept here until it is.
 */
export class PlanSteps {
  /** Orders that went a second time, since the first request cannot have arrived. */
  resent = 0;
  private readonly waiting = new Map<string, (nowUs: number) => void>();

  constructor(
    private readonly parts: StepParts,
    private readonly options: ExecutionOptions,
    private readonly lease: LeaseEpoch,
    private readonly onEnd: (result: PlanResult) => void,
  ) {}

  /** Makes the orders that the plan's legs still lack, and once all are stored sends them together. */
  decideLegs(run: PlanRun, nowUs: number): void {
    const { orders } = this.parts;
    const refusal = this.refusalOf(run, nowUs);
    run.plan.legs.forEach((leg, at) => {
      if (run.legs[at]) return;
      const record = orders.add(orderOf(run, leg, 'leg', 0, leg.price, leg.size, nowUs), 0);
      run.legs[at] = record;
      if (refusal) orders.move(record, 'abandon', nowUs, refusal);
      record.storing = !refusal;
      run.unstored++;
      this.waiting.set(orders.store(record), (storedAtUs) => this.onLegStored(run, storedAtUs));
    });
    if (run.unstored === 0) this.goOn(run, nowUs);
  }

  /**
   * A record is safe in its stream. `duplicate`: the stream already had this id although it was asked for only once, so
   * a predecessor's last words got there first; the record is stored again under the next number.
   */
  onStored(id: string, duplicate: boolean, nowUs: number): void {
    const { orders } = this.parts;
    const record = duplicate ? orders.get(id.slice(0, id.lastIndexOf(':'))) : undefined;
    const then = this.waiting.get(id);
    this.waiting.delete(id);
    if (record) {
      const again = orders.store(record);
      if (then) this.waiting.set(again, then);
    } else then?.(nowUs);
  }

  /** The venue does not know the order and it can no longer come alive there: it may be sent, for the first time. */
  sendAgain(record: OrderRecord, nowUs: number): void {
    const run = this.parts.plans.get(record.order.intentId);
    const leg = record.order.purpose === 'leg';
    if (!run || record.storing || record.order.state === 'cancelling' || (leg && this.refusalOf(run, nowUs))) {
      if (!record.storing) this.close(record, 'reject', 'it never arrived at the venue', nowUs);
      return;
    }
    this.resent++;
    this.parts.orders.move(record, 'send', nowUs);
    this.storeAndSend(record, run);
  }

  /** Brings an order to its end, and what follows from that for its plan. */
  close(record: OrderRecord, event: 'reject' | 'cancel', reason: string, nowUs: number): void {
    const { orders, plans } = this.parts;
    if (orders.move(record, event, nowUs, reason)) orders.store(record);
    const run = plans.get(record.order.intentId);
    if (run) this.settle(run, nowUs);
  }

  /** When every order of a plan is at its end: level, or the next way out. */
  settle(run: PlanRun, nowUs: number): void {
    const { orders, plans, exits, sink } = this.parts;
    const over = plans.isFinished(run.approved.intent.id);
    if (over || !run.settled || run.unstored > 0) return;
    const step = exits.next(run, nowUs);
    if (step.kind === 'wait') return;
    if (step.kind === 'end') {
      const result = resultOf(run, step.outcome, this.specify, nowUs);
      plans.end(run, result);
      this.onEnd(result);
      sink.finished(result);
      return;
    }
    const { exit, attempt, price, size } = step;
    const record = orders.add(orderOf(run, exit, exit.kind as OrderPurpose, attempt, price, size, nowUs), attempt);
    run.exits.set(attempt, record);
    this.storeAndSend(record, run);
  }

  private onLegStored(run: PlanRun, nowUs: number): void {
    if (--run.unstored > 0) return;
    for (const leg of run.legs) if (leg?.storing) this.send(leg, run, nowUs);
    this.goOn(run, nowUs);
  }

  /** What was decided for the plan's legs is stored: its approval need not come again. */
  private goOn(run: PlanRun, nowUs: number): void {
    if (!run.acknowledged) {
      run.acknowledged = true;
      this.parts.sink.acknowledge(run.approved.id);
    }
    this.settle(run, nowUs);
  }

  private storeAndSend(record: OrderRecord, run: PlanRun): void {
    record.storing = true;
    this.waiting.set(this.parts.orders.store(record), (storedAtUs) => {
      this.send(record, run, storedAtUs);
      this.settle(run, storedAtUs);
    });
  }

  /** Hands a stored order to the door, unless it may no longer go. */
  private send(record: OrderRecord, run: PlanRun, nowUs: number): void {
    const { orders, exits, sink } = this.parts;
    record.storing = false;
    // While it was being stored, the answer to an earlier request may have come.
    if (record.order.state !== 'created' && record.order.state !== 'sending') return;
    const refusal = record.order.purpose === 'leg'
      ? this.refusalOf(run, nowUs)
      : exits.refusalOf(run, run.exitAt(record.attempt), record.order.size, nowUs);
    if (refusal && record.order.state === 'created') {
      orders.move(record, 'abandon', nowUs, refusal);
      orders.store(record);
      return;
    }
    if (refusal) return this.close(record, 'reject', refusal, nowUs);
    record.validUntilUs = nowUs + this.options.sendValidityUs;
    record.queryAtUs = record.validUntilUs;
    // Not stored of itself: who rebuilds after a kill here or later takes a `created` order for sent, and asks.
    orders.move(record, 'send', nowUs);
    const { account, id: clientId, venue, symbol, side, type, timeInForce, price, size } = record.order;
    const { validUntilUs } = record;
    sink.place({ account, clientId, venue, symbol, side, type, timeInForce, price, size, postOnly: false, validUntilUs, ...this.lease });
  }

  /** Why a leg of the plan may not go now, or null. */
  private refusalOf({ approved, plan }: PlanRun, nowUs: number): string | null {
    if (nowUs >= approved.expiresAtUs) return 'the approval expired';
    if (plan.legs.length > 2) return `plans of ${plan.legs.length} legs are not carried out`;
    const unknown = plan.legs.find(({ venue, symbol }) => !this.parts.orders.specificationOf(venue, symbol));
    if (unknown) return `no instrument ${unknown.venue}:${unknown.symbol}`;
    return this.parts.permission.refusalFor(approved.intent.account, nowUs);
  }

  /** Of instruments that were traded, and so are known. */
  private readonly specify = (venue: string, symbol: string): InstrumentSpecification => this.parts.orders.specificationOf(venue, symbol)!;
}
