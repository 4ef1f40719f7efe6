import {
  rateOf, type Approved, type CancelOutcome, type Fill, type HaltRecord, type InstrumentTable, type LeaseEpoch, type Order, type OrderOutcome,
  type PlaceOutcome, type PlanExit, type PlanOutcome, type PlanResult, type QuoteCore, type Row, type VenueOrder,
  type WakingCore,
} from '@parallax/types';
import { exitOrderOf } from './exit-order.js';
import { FinishedPlans } from './finished-plans.js';
import { Ledger } from './ledger.js';
import { signOf } from './money.js';
import { orderIdOf, orderOf } from './order-id.js';
import { OrderKeeper } from './order-keeper.js';
import { OrderWatch } from './order-watch.js';
import type { OrderRecord } from './order-record.js';
import { Permission } from './permission.js';
import { PlanRun } from './plan-run.js';
import type { ExecutionOptions, ExecutionSink } from './ports.js';
import { QuoteMemory } from './quote-memory.js';
import { resultOf } from './result.js';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Carries out approved plans. It takes nothing but approvals; everything it decides follows from them, from the venue's
 * word and from the streams, so that after a crash the same decisions come out with the same ids.
 *
 * Order of things: decide, store, send, acknowledge. An order whose outcome is unknown is asked for by our id before
 * anything else; it is sent again only once the venue says it does not know it and the first request can no longer come
 * alive. When all orders of a plan are at their end, what is uneven is put right by the plan's exits, in their order.
 */
export class ExecutionCore implements WakingCore, QuoteCore {
  duplicates = 0;
  resent = 0;
  readonly ledger = new Ledger();
  readonly orders: OrderKeeper;
  private readonly watch: OrderWatch;
  private readonly permission: Permission;
  private readonly quotes: QuoteMemory;
  private readonly runs = new Map<string, PlanRun>();
  private readonly finished: FinishedPlans;
  private readonly waiting = new Map<string, (nowUs: number) => void>();
  private wokenAtUs = 0;

  /** The lease under which it acts stands in every call to a venue. */
  constructor(
    private readonly options: ExecutionOptions,
    private readonly instruments: InstrumentTable,
    private readonly sink: ExecutionSink,
    readonly lease: LeaseEpoch,
  ) {
    this.orders = new OrderKeeper(instruments, this.ledger, sink);
    this.permission = new Permission(options.riskSilenceUs);
    this.watch = new OrderWatch(options, this.orders, this.permission, sink, lease);
    this.quotes = new QuoteMemory(options.quoteAgeUs);
    this.finished = new FinishedPlans(options.retentionUs);
    for (const { account, venue, currency, amount } of options.balances) this.ledger.deposit(account, venue, currency, amount);
  }

  /** Plans under way. */
  get running(): number {
    return this.runs.size;
  }

  get wakeAtUs(): number {
    let atUs = Math.min(this.permission.silentAtUs(this.wokenAtUs), this.finished.forgetAtUs);
    for (const record of this.orders.open()) if (record.queryAtUs < atUs) atUs = record.queryAtUs;
    for (const run of this.runs.values()) {
      const rests = run.legs.some((leg) => leg?.order.state === 'open' || leg?.order.state === 'partiallyFilled');
      if (rests && run.approved.expiresAtUs < atUs) atUs = run.approved.expiresAtUs;
    }
    return atUs;
  }

  onWake(nowUs: number): void {
    this.wokenAtUs = nowUs;
    for (const record of this.orders.open()) {
      if (record.queryAtUs <= nowUs) this.watch.ask(record, nowUs);
    }
    this.watch.cancelWhatMayNotRest(nowUs, this.expiryOf);
    if (nowUs >= this.finished.forgetAtUs) this.forget(nowUs);
  }

  onQuote(instrument: number, quote: Row, nowUs: number): void {
    this.quotes.keep(instrument, quote, nowUs);
  }

  onHalt(account: string | null, record: HaltRecord, nowUs: number): void {
    this.permission.onHalt(account, record);
    this.watch.cancelWhatMayNotRest(nowUs, this.expiryOf);
  }

  onRiskAlive(nowUs: number): void {
    this.permission.onRiskAlive(nowUs);
    this.wokenAtUs = nowUs;
  }

  /** Why nothing new may go for the account, or null. */
  refusalFor(account: string, nowUs: number): string | null {
    return this.permission.refusalFor(account, nowUs);
  }

  // What the streams held, before start(): orders oldest first, then fills, results, and approvals last.

  restoreOrder(order: Order): void {
    this.orders.restoreOrder(order);
  }

  restoreFill(fill: Fill): void {
    this.orders.restoreFill(fill);
  }

  /** The plan came to its end: nothing more is done for it. */
  restoreResult({ intentId, finishedAtUs }: Pick<PlanResult, 'intentId' | 'finishedAtUs'>): void {
    this.finished.add(intentId, finishedAtUs);
  }

  /** Approvals without an order are left alone: they were never acknowledged and come again by themselves. */
  restoreApproval(approved: Approved): void {
    const run = new PlanRun(approved);
    const { id } = approved.intent;
    if (this.finished.has(id)) return;
    run.plan.legs.forEach((leg, at) => (run.legs[at] = this.orders.get(orderIdOf(id, leg.leg, 'leg', 0))));
    if (!run.legs.some((leg) => leg !== undefined)) return;
    run.plan.exits.forEach((exit, index) => {
      const record = exit.kind === 'hold' ? undefined : this.orders.get(orderIdOf(id, exit.forLeg, exit.kind, index));
      if (!record) return;
      record.attempt = index;
      run.exits.set(index, record);
      run.nextExit = Math.max(run.nextExit, index + 1);
    });
    this.runs.set(id, run);
  }

  /** Begins after a restart: every order that is not at its end is asked for at its venue before anything else. */
  start(nowUs: number): void {
    this.wokenAtUs = nowUs;
    for (const record of this.orders.open()) {
      // When a request left is not stored: it may have been at the very end.
      record.validUntilUs = nowUs + this.options.sendValidityUs;
      if (record.order.state === 'created') this.orders.move(record, 'send', nowUs);
      this.watch.ask(record, nowUs);
    }
    for (const run of this.runs.values()) this.decideLegs(run, nowUs);
    this.forget(nowUs);
  }

  onApproved(approved: Approved, nowUs: number): void {
    const { id } = approved.intent;
    let run = this.runs.get(id);
    // Of two approvals of one intent the first counts.
    const another = run !== undefined && run.approved.id !== approved.id;
    const forgotten = run === undefined && approved.expiresAtUs <= this.finished.forgottenUntilUs(nowUs);
    if (another || forgotten || this.finished.has(id)) {
      this.duplicates++;
      this.sink.acknowledge(approved.id);
      return;
    }
    if (run) {
      this.duplicates++;
    } else {
      run = new PlanRun(approved);
      this.runs.set(id, run);
    }
    run.acknowledged = false;
    this.decideLegs(run, nowUs);
  }

  /**
   * A record is safe in its stream. `duplicate`: the stream already had this id although it was asked for only once, so
   * a predecessor's last words got there first; the record is stored again under the next number.
   */
  onStored(id: string, duplicate: boolean, nowUs: number): void {
    const record = duplicate ? this.orders.get(id.slice(0, id.lastIndexOf(':'))) : undefined;
    const then = this.waiting.get(id);
    this.waiting.delete(id);
    if (record) {
      const again = this.orders.store(record);
      if (then) this.waiting.set(again, then);
    } else then?.(nowUs);
  }

  onFillStored(fill: Fill): void {
    const position = this.ledger.position(fill.account, fill.strategy, fill.venue, fill.symbol);
    if (position) this.sink.position(position);
  }

  onPlaced(orderId: string, outcome: PlaceOutcome, nowUs: number): void {
    const record = this.orders.get(orderId);
    if (!record) return;
    if (outcome.kind === 'accepted') this.onReport(outcome.order, nowUs);
    else if (record.final) return;
    else if (outcome.kind === 'unknown') this.watch.askSoon(record, nowUs);
    else this.reject(record, `${outcome.code}: ${outcome.detail}`, nowUs);
  }

  onCancelled(orderId: string, outcome: CancelOutcome, nowUs: number): void {
    const record = this.orders.get(orderId);
    if (!record) return;
    if (outcome.kind === 'cancelled') this.onReport(outcome.order, nowUs);
    else if (!record.final) this.watch.askSoon(record, nowUs);
  }

  onQueried(orderId: string, outcome: OrderOutcome, nowUs: number): void {
    const record = this.orders.get(orderId);
    if (!record) return;
    const askedAtUs = record.queriedAtUs;
    record.queriedAtUs = 0;
    if (outcome.kind === 'found') {
      this.onReport(outcome.order, nowUs);
      if (record.order.state === 'cancelling') this.watch.sendCancel(record);
    } else if (record.final) return;
    else if (outcome.kind === 'notFound' && askedAtUs > record.validUntilUs + this.options.clockMarginUs) {
      this.onNeverArrived(record, nowUs);
    } else this.watch.askSoon(record, nowUs);
  }

  /** The venue's word on an order, from wherever it comes; what is not ours is ignored. */
  onReport(venueOrder: VenueOrder, nowUs: number): void {
    const record = this.orders.get(venueOrder.clientId);
    if (!record || record.order.state === 'created') return;
    this.orders.applyVenueOrder(record, venueOrder, nowUs);
    record.queries = 0;
    if (!record.final) record.queryAtUs = nowUs + this.options.reconcileUs;
    this.watch.cancelWhatMayNotRest(nowUs, this.expiryOf);
    const run = this.runs.get(record.order.intentId);
    if (run) this.settle(run, nowUs);
  }

  /** Makes the orders that the plan's legs still lack, and once all are stored sends them together. */
  private decideLegs(run: PlanRun, nowUs: number): void {
    const { approved, plan } = run;
    const refusal = this.refusalOf(run, nowUs);
    plan.legs.forEach((leg, at) => {
      if (run.legs[at]) return;
      const record = this.orders.add(orderOf(run, leg, 'leg', 0, leg.price, leg.size, nowUs), 0);
      run.legs[at] = record;
      if (refusal) this.orders.move(record, 'abandon', nowUs, refusal);
      record.storing = !refusal;
      run.unstored++;
      this.waiting.set(this.orders.store(record), (storedAtUs) => this.onLegStored(run, storedAtUs));
    });
    if (run.unstored > 0) return;
    this.acknowledge(run, approved.id);
    this.settle(run, nowUs);
  }

  private onLegStored(run: PlanRun, nowUs: number): void {
    if (--run.unstored > 0) return;
    for (const leg of run.legs) if (leg?.storing) this.send(leg, run, nowUs);
    this.acknowledge(run, run.approved.id);
    this.settle(run, nowUs);
  }

  private acknowledge(run: PlanRun, approvalId: string): void {
    if (run.acknowledged) return;
    run.acknowledged = true;
    this.sink.acknowledge(approvalId);
  }

  /** Hands a stored order to the door, unless it may no longer go. */
  private send(record: OrderRecord, run: PlanRun, nowUs: number): void {
    record.storing = false;
    const exit = record.order.purpose === 'leg' ? undefined : run.plan.exits[record.attempt];
    const refusal = exit ? this.exitRefusal(run, exit, record.order.size, nowUs) : this.refusalOf(run, nowUs);
    if (refusal && record.order.state === 'created') {
      this.orders.move(record, 'abandon', nowUs, refusal);
      this.orders.store(record);
      return;
    }
    if (refusal) return this.reject(record, refusal, nowUs);
    record.validUntilUs = nowUs + this.options.sendValidityUs;
    record.queryAtUs = record.validUntilUs;
    // Not stored of itself: who rebuilds after a kill here or later takes a `created` order for sent, and asks.
    this.orders.move(record, 'send', nowUs);
    const { account, id, venue, symbol, side, type, timeInForce, price, size } = record.order;
    this.sink.place({
      account, clientId: id, venue, symbol, side, type, timeInForce, price, size, postOnly: false,
      validUntilUs: record.validUntilUs, ...this.lease,
    });
  }

  /** The venue does not know the order and it can no longer come alive there: it may be sent, for the first time. */
  private onNeverArrived(record: OrderRecord, nowUs: number): void {
    const run = this.runs.get(record.order.intentId);
    const leg = record.order.purpose === 'leg';
    if (!run || record.storing || record.order.state === 'cancelling' || (leg && this.refusalOf(run, nowUs))) {
      if (!record.storing) this.reject(record, 'it never arrived at the venue', nowUs);
      return;
    }
    this.resent++;
    record.storing = true;
    this.orders.move(record, 'send', nowUs);
    this.waiting.set(this.orders.store(record), (storedAtUs) => {
      this.send(record, run, storedAtUs);
      this.settle(run, storedAtUs);
    });
  }

  private reject(record: OrderRecord, reason: string, nowUs: number): void {
    if (this.orders.move(record, 'reject', nowUs, reason)) this.orders.store(record);
    const run = this.runs.get(record.order.intentId);
    if (run) this.settle(run, nowUs);
  }

  /** When every order of a plan is at its end: level, or the next way out. */
  private settle(run: PlanRun, nowUs: number): void {
    const over = this.finished.has(run.approved.intent.id);
    if (over || !run.settled || run.unstored > 0) return;
    for (;;) {
      const uneven = run.imbalance();
      if (!uneven) return this.finish(run, run.exits.size > 0 ? 'exited' : anyFill(run) ? 'completed' : 'nothing-filled', nowUs);
      const next = run.takeExit(uneven.lacking.leg);
      if (!next) return this.finish(run, 'exits-exhausted', nowUs);
      const { exit, index } = next;
      if (exit.kind === 'hold') return this.finish(run, 'held', nowUs);
      const number = this.instruments.find(exit.venue, exit.symbol);
      const specification = this.orders.specificationOf(exit.venue, exit.symbol);
      const order = exitOrderOf({
        exit, currency: run.plan.currency, part: uneven.part, reference: run.exitReference(exit), specification,
        feeRate: specification && rateOf(this.options.takerFees[exit.venue], specification),
        quote: number < 0 ? undefined : this.quotes.fresh(number, nowUs),
      });
      const refusal = order.kind === 'impossible' ? order.reason : this.exitRefusal(run, exit, order.size, nowUs);
      if (refusal !== null || order.kind === 'impossible') {
        run.passedOver.set(index, refusal ?? '');
        continue;
      }
      const record = this.orders.add(orderOf(run, exit, exit.kind, index, order.price, order.size, nowUs), index);
      run.exits.set(index, record);
      record.storing = true;
      this.waiting.set(this.orders.store(record), (storedAtUs) => {
        this.send(record, run, storedAtUs);
        this.settle(run, storedAtUs);
      });
      return;
    }
  }

  private finish(run: PlanRun, outcome: PlanOutcome, nowUs: number): void {
    this.runs.delete(run.approved.intent.id);
    this.finished.add(run.approved.intent.id, nowUs);
    this.sink.finished(resultOf(run, outcome, (venue, symbol) => this.orders.specificationOf(venue, symbol)!, nowUs));
  }

  private forget(nowUs: number): void {
    this.finished.forget(nowUs);
    this.orders.forget(this.finished.forgottenUntilUs(nowUs), (intentId) => this.runs.has(intentId));
  }

  private readonly expiryOf = (intentId: string): number => this.runs.get(intentId)?.approved.expiresAtUs ?? NEVER;

  /** Why a leg of the plan may not go now, or null. */
  private refusalOf({ approved, plan }: PlanRun, nowUs: number): string | null {
    if (nowUs >= approved.expiresAtUs) return 'the approval expired';
    if (plan.legs.length > 2) return `plans of ${plan.legs.length} legs are not carried out`;
    const unknown = plan.legs.find(({ venue, symbol }) => !this.orders.specificationOf(venue, symbol));
    if (unknown) return `no instrument ${unknown.venue}:${unknown.symbol}`;
    return this.permission.refusalFor(approved.intent.account, nowUs);
  }

  /** Under halt, or when risk is silent, an exit may only shrink what is held where it trades. */
  private exitRefusal(run: PlanRun, exit: PlanExit, size: string, nowUs: number): string | null {
    const { account } = run.approved.intent;
    const refusal = this.permission.refusalFor(account, nowUs);
    if (refusal === null) return null;
    const held = this.ledger.exposure(account, exit.venue, exit.symbol).times(-signOf(exit.side));
    return held.greaterThanOrEqualTo(size) ? null : `${refusal}, and it would not reduce what is held`;
  }
}

function anyFill(run: PlanRun): boolean {
  return run.orders.some((record) => record.fills.size > 0);
}
