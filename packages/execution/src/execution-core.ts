import type {
  Approved, CancelOutcome, Fill, HaltRecord, InstrumentSpecification, InstrumentTable, LeaseEpoch, Order, OrderOutcome, OrderPurpose, PlaceOutcome, PlanOutcome,
  PlanResult, Profit, QuoteCore, Row, VenueOrder, VenueOrderRequest, WakingCore,
} from '@parallax/types';
import { AccountGuard, type PastStrangers } from './account-guard.js';
import { ExitRounds } from './exit-rounds.js';
import { Ledger } from './ledger.js';
import { orderOf } from './order-id.js';
import { doubtOf, type OrderDoubt } from './order-doubt.js';
import { OrderKeeper } from './order-keeper.js';
import { OrderWatch } from './order-watch.js';
import type { OrderRecord } from './order-record.js';
import { Permission } from './permission.js';
import { PlanBook } from './plan-book.js';
import type { PlanRun } from './plan-run.js';
import type { ExecutionOptions, ExecutionSink } from './ports.js';
import { Marks } from './profit/marks.js';
import { ProfitBook, type AccountDust } from './profit/profit-book.js';
import { QuoteMemory } from './quote-memory.js';
import { resultOf, searchingPlanOf, type SearchingPlan } from './result.js';

/**
 * Carries out approved plans. It takes nothing but approvals; everything it decides follows from them, from the venue's
 * word and from the streams, so that after a crash the same decisions come out with the same ids.
 *
 * Order of things: decide, store, send, acknowledge. An order whose outcome is unknown is asked for by our id before
 * anything else; it is sent again only once the venue says it does not know it and the first request can no longer come
 * alive. When all orders of a plan are at their end, what is uneven is put right by the plan's exits: see {@link ExitRounds}.
 * A fill that comes after the plan's end takes it up again.
 */
export class ExecutionCore implements WakingCore, QuoteCore {
  duplicates = 0;
  resent = 0;
  readonly ledger = new Ledger();
  readonly orders: OrderKeeper;
  /** What finished plans brought; see {@link profits}. */
  readonly profit: ProfitBook;
  private readonly watch: OrderWatch;
  private readonly permission: Permission;
  private readonly quotes: QuoteMemory;
  private readonly plans: PlanBook;
  private readonly exits: ExitRounds;
  private readonly guard: AccountGuard;
  private readonly marks: Marks;
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
    this.plans = new PlanBook(this.orders, options.retentionUs);
    this.exits = new ExitRounds(options, instruments, this.quotes, this.ledger, this.permission);
    this.guard = new AccountGuard(options, (account, record) => {
      this.onHalt(account, record, record.atUs);
      sink.haltAccount(account, record);
    });
    this.marks = new Marks(instruments, (instrument, nowUs) => this.quotes.fresh(instrument, nowUs));
    this.profit = new ProfitBook((venue, symbol) => this.orders.specificationOf(venue, symbol));
    for (const { account, venue, currency, amount } of options.balances) this.ledger.deposit(account, venue, currency, amount);
  }

  /** Plans under way. */
  get running(): number {
    return this.plans.size;
  }

  /** How often what must not be was told, and how many plans wait for a way out. */
  get counters(): Readonly<Record<string, number>> {
    return { ...this.guard.counters, waitingForExit: this.plans.waiting().length };
  }

  /** Plans with a leg that stands alone and no way out so far. */
  searching(): SearchingPlan[] {
    return this.plans.all().filter(({ searching }) => searching).map((run) => searchingPlanOf(run, this.specify));
  }

  pastStrangers(): PastStrangers[] {
    return [...this.guard.past.values()];
  }

  /** What plans left that no order can be small enough for. */
  dust(): AccountDust[] {
    return this.profit.dust();
  }

  /** Orders of which their venues' word is in doubt for longer than the longest wait between two questions. */
  doubts(nowUs: number): OrderDoubt[] {
    return this.orders.open().flatMap((record) => doubtOf(record, this.options.longestQueryDelayUs, nowUs) ?? []);
  }

  get wakeAtUs(): number {
    let atUs = Math.min(this.permission.silentAtUs(this.wokenAtUs), this.plans.wakeAtUs);
    for (const record of this.orders.open()) if (record.queryAtUs < atUs) atUs = record.queryAtUs;
    return atUs;
  }

  onWake(nowUs: number): void {
    this.wokenAtUs = nowUs;
    for (const record of this.orders.open()) {
      if (record.queryAtUs <= nowUs) this.watch.ask(record, nowUs);
    }
    this.watch.cancelWhatMayNotRest(nowUs, this.plans.expiryOf);
    for (const run of this.plans.waiting()) if (run.nextRoundAtUs <= nowUs) this.settle(run, nowUs);
    if (nowUs >= this.plans.forgetAtUs) this.forget(nowUs);
  }

  onQuote(instrument: number, quote: Row): void {
    this.quotes.keep(instrument, quote);
  }

  onHalt(account: string | null, record: HaltRecord, nowUs: number): void {
    this.permission.onHalt(account, record);
    this.watch.cancelWhatMayNotRest(nowUs, this.plans.expiryOf);
  }

  onRiskAlive(nowUs: number): void {
    this.permission.onRiskAlive(nowUs);
    this.wokenAtUs = nowUs;
  }

  /** Whether the clock behind `nowUs` is in doubt now: then nothing new goes, and what rests is cancelled. */
  onClock(inDoubt: boolean, nowUs: number): void {
    this.permission.onClock(inDoubt);
    if (inDoubt) this.watch.cancelWhatMayNotRest(nowUs, this.plans.expiryOf);
  }

  /** Why nothing new may go for the account, or null. */
  refusalFor(account: string, nowUs: number): string | null {
    return this.permission.refusalFor(account, nowUs);
  }

  /** What each account's finished plans brought, with what stands alone at today's prices. */
  profits(nowUs: number): Profit[] {
    return this.profit.profits(this.marks, nowUs);
  }

  // What the streams held, before start(): orders oldest first, then fills, results, and approvals last.

  restoreOrder(order: Order): void {
    this.orders.restoreOrder(order);
  }

  restoreFill(fill: Fill): void {
    this.orders.restoreFill(fill);
  }

  /** The plan came to its end: nothing more is done for it, unless it has fills that its newest result does not count. */
  restoreResult(result: PlanResult): void {
    this.plans.restoreResult(result);
    this.profit.onResult(result);
  }

  restoreApproval(approved: Approved): void {
    this.plans.restoreApproval(approved);
  }

  /** Begins after a restart: every order that is not at its end is asked for at its venue before anything else. */
  start(nowUs: number): void {
    this.wokenAtUs = nowUs;
    this.guard.startedAtUs = nowUs;
    this.forget(nowUs);
    this.orders.countRestoredFills(nowUs);
    for (const record of this.orders.overfilled()) this.guard.judgeRestored(record, this.permission.haltOf(record.order.account), nowUs);
    for (const record of this.orders.open()) {
      // When a request left is not stored: it may have been at the very end.
      record.validUntilUs = nowUs + this.options.sendValidityUs;
      if (record.order.state === 'created') this.orders.move(record, 'send', nowUs);
      this.watch.ask(record, nowUs);
    }
    for (const run of this.plans.all()) this.decideLegs(run, nowUs);
  }

  onApproved(approved: Approved, nowUs: number): void {
    const { id } = approved.intent;
    const known = this.plans.get(id);
    // Of two approvals of one intent the first counts.
    const isAnother = known !== undefined && known.approved.id !== approved.id;
    if (isAnother || this.plans.isFinished(id) || (!known && this.plans.isForgotten(approved, nowUs))) {
      this.duplicates++;
      this.sink.acknowledge(approved.id);
      return;
    }
    if (known) this.duplicates++;
    const run = known ?? this.plans.begin(approved);
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

  /** What became of a request. A refusal of one says nothing of another that was sent since. */
  onPlaced({ clientId, validUntilUs }: Pick<VenueOrderRequest, 'clientId' | 'validUntilUs'>, outcome: PlaceOutcome, nowUs: number): void {
    const record = this.orders.get(clientId);
    if (!record) return;
    if (outcome.kind === 'accepted') this.take(record, outcome.order, nowUs);
    else if (record.final) return;
    else if (outcome.kind === 'unknown' || validUntilUs !== record.validUntilUs) this.watch.askSoon(record, nowUs);
    else this.reject(record, `${outcome.code}: ${outcome.detail}`, nowUs);
  }

  onCancelled(orderId: string, outcome: CancelOutcome, nowUs: number): void {
    const record = this.orders.get(orderId);
    if (!record) return;
    if (outcome.kind === 'cancelled') this.take(record, outcome.order, nowUs);
    else if (!record.final) this.watch.askSoon(record, nowUs);
  }

  onQueried(orderId: string, outcome: OrderOutcome, nowUs: number): void {
    const record = this.orders.get(orderId);
    if (!record) return;
    const askedAtUs = record.queriedAtUs;
    record.queriedAtUs = 0;
    if (outcome.kind === 'found') {
      this.take(record, outcome.order, nowUs);
      if (record.order.state === 'cancelling' && outcome.order.status === 'open') this.watch.sendCancel(record);
    } else if (record.final) return;
    else if (outcome.kind === 'notFound' && record.wasKnown) this.onLost(record, nowUs);
    else if (outcome.kind === 'notFound' && askedAtUs > record.validUntilUs + this.options.clockMarginUs) {
      this.onNeverArrived(record, nowUs);
    } else this.watch.askSoon(record, nowUs);
  }

  /** The venue's word on an order of an account, whether somebody asked or not. */
  onReport(venue: string, venueOrder: VenueOrder, nowUs: number): void {
    const record = this.orders.get(venueOrder.clientId);
    if (record && record.order.venue === venue) return this.take(record, venueOrder, nowUs);
    this.guard.judgeStranger(venue, venueOrder, nowUs);
  }

  private take(record: OrderRecord, venueOrder: VenueOrder, nowUs: number): void {
    if (record.order.state === 'created') return;
    this.orders.applyVenueOrder(record, venueOrder, nowUs);
    if (record.lackingSinceUs === 0) record.queries = 0;
    if (record.lackingSinceUs > 0) this.watch.askSoon(record, nowUs);
    else if (!record.final) record.queryAtUs = nowUs + this.options.reconcileUs;
    this.guard.judge(record, nowUs);
    this.watch.cancelWhatMayNotRest(nowUs, this.plans.expiryOf);
    const run = this.plans.ofFill(record.order.intentId);
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

  /** Hands a stored order to the door, unless it may no longer go, or an earlier request was answered while it was being stored. */
  private send(record: OrderRecord, run: PlanRun, nowUs: number): void {
    record.storing = false;
    if (record.order.state !== 'created' && record.order.state !== 'sending') return;
    const refusal = record.order.purpose === 'leg'
      ? this.refusalOf(run, nowUs)
      : this.exits.refusalOf(run, run.exitAt(record.attempt), record.order.size, nowUs);
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
    const { account, id: clientId, venue, symbol, side, type, timeInForce, price, size } = record.order;
    const { validUntilUs } = record;
    this.sink.place({ account, clientId, venue, symbol, side, type, timeInForce, price, size, postOnly: false, validUntilUs, ...this.lease });
  }

  /** The venue does not know the order and it can no longer come alive there: it may be sent, for the first time. */
  private onNeverArrived(record: OrderRecord, nowUs: number): void {
    const run = this.plans.get(record.order.intentId);
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

  /**
   * The venue had the order and says that it does not know it. Sent again it might trade twice: some venues take an id again
   * whose order is over. It is asked for until it must be over there; a fill that comes all the same takes its plan up again.
   */
  private onLost(record: OrderRecord, nowUs: number): void {
    if (record.lostSinceUs === 0) record.lostSinceUs = nowUs;
    const isOver = record.lackingSinceUs === 0 && nowUs - record.lostSinceUs >= this.options.lostOrderUs;
    if (isOver) this.close(record, 'cancel', `${record.order.venue} does not know it any more`, nowUs);
    else this.watch.askSoon(record, nowUs);
  }

  private reject(record: OrderRecord, reason: string, nowUs: number): void {
    this.close(record, 'reject', reason, nowUs);
  }

  private close(record: OrderRecord, event: 'reject' | 'cancel', reason: string, nowUs: number): void {
    if (this.orders.move(record, event, nowUs, reason)) this.orders.store(record);
    const run = this.plans.get(record.order.intentId);
    if (run) this.settle(run, nowUs);
  }

  /** When every order of a plan is at its end: level, or the next way out. */
  private settle(run: PlanRun, nowUs: number): void {
    const over = this.plans.isFinished(run.approved.intent.id);
    if (over || !run.settled || run.unstored > 0) return;
    const step = this.exits.next(run, nowUs);
    if (step.kind === 'wait') return;
    if (step.kind === 'end') return this.finish(run, step.outcome, nowUs);
    const { exit, attempt, price, size } = step;
    const record = this.orders.add(orderOf(run, exit, exit.kind as OrderPurpose, attempt, price, size, nowUs), attempt);
    run.exits.set(attempt, record);
    record.storing = true;
    this.waiting.set(this.orders.store(record), (storedAtUs) => {
      this.send(record, run, storedAtUs);
      this.settle(run, storedAtUs);
    });
  }

  private finish(run: PlanRun, outcome: PlanOutcome, nowUs: number): void {
    const result = resultOf(run, outcome, this.specify, nowUs);
    this.plans.end(run, result);
    this.profit.onResult(result);
    this.sink.finished(result);
  }

  /** Of instruments that were traded, and so are known. */
  private readonly specify = (venue: string, symbol: string): InstrumentSpecification => this.orders.specificationOf(venue, symbol)!;

  private forget(nowUs: number): void {
    const untilUs = this.plans.forget(nowUs);
    this.guard.forget(untilUs);
    this.profit.settle(untilUs, (intentId) => this.plans.get(intentId) !== undefined);
  }

  /** Why a leg of the plan may not go now, or null. */
  private refusalOf({ approved, plan }: PlanRun, nowUs: number): string | null {
    if (nowUs >= approved.expiresAtUs) return 'the approval expired';
    if (plan.legs.length > 2) return `plans of ${plan.legs.length} legs are not carried out`;
    const unknown = plan.legs.find(({ venue, symbol }) => !this.orders.specificationOf(venue, symbol));
    if (unknown) return `no instrument ${unknown.venue}:${unknown.symbol}`;
    return this.permission.refusalFor(approved.intent.account, nowUs);
  }
}
