import type {
  Approved, CancelOutcome, Counters, Fill, HaltRecord, InstrumentSpecification, InstrumentTable, LeaseEpoch, Order, OrderOutcome, PlaceOutcome,
  PlanResult, Profit, QuoteCore, Row, VenueOrder, VenueOrderRequest, WakingCore,
} from '@parallax/types';
import { AccountGuard, type PastStrangers } from './account-guard.js';
import { ExitRounds } from './exit-rounds.js';
import { Ledger } from './ledger.js';
import { doubtOf, type OrderDoubt } from './order-doubt.js';
import { OrderKeeper } from './order-keeper.js';
import { OrderWatch } from './order-watch.js';
import type { OrderRecord } from './order-record.js';
import { Permission } from './permission.js';
import { PlanBook } from './plan-book.js';
import { PlanSteps } from './plan-steps.js';
import type { ExecutionOptions, ExecutionSink } from './ports.js';
import { Marks } from './profit/marks.js';
import { ProfitBook, type AccountDust } from './profit/profit-book.js';
import { QuoteMemory } from './quote-memory.js';
import { searchingPlanOf, type SearchingPlan } from './result.js';

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
  readonly ledger = new Ledger();
  readonly orders: OrderKeeper;
  /** What finished plans brought; see {@link profits}. */
  readonly profit: ProfitBook;
  private readonly watch: OrderWatch;
  private readonly permission: Permission;
  private readonly quotes: QuoteMemory;
  private readonly plans: PlanBook;
  private readonly steps: PlanSteps;
  private readonly guard: AccountGuard;
  private readonly marks: Marks;
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
    this.guard = new AccountGuard(options, (account, record) => {
      this.onHalt(account, record, record.atUs);
      sink.haltAccount(account, record);
    });
    this.marks = new Marks(instruments, (instrument, nowUs) => this.quotes.fresh(instrument, nowUs));
    this.profit = new ProfitBook((venue, symbol) => this.orders.specificationOf(venue, symbol));
    const { orders, plans, permission } = this;
    const exits = new ExitRounds(options, instruments, this.quotes, this.ledger, permission);
    this.steps = new PlanSteps({ orders, plans, exits, permission, sink }, options, lease, (result) => void this.profit.onResult(result, null));
    for (const { account, venue, currency, amount } of options.balances) this.ledger.deposit(account, venue, currency, amount);
  }

  /** Orders that went a second time, since the first request cannot have arrived. */
  get resent(): number {
    return this.steps.resent;
  }

  /** Plans under way. */
  get running(): number {
    return this.plans.size;
  }

  /** How often what must not be was told, and how many plans wait for a way out. */
  get counters(): Required<Pick<Counters, 'overfills' | 'strangers' | 'waitingForExit'>> {
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

  /** Orders of which their venues' word is in doubt for longer than the longest wait between two questions, or has not come in time. */
  doubts(nowUs: number): OrderDoubt[] {
    const patience = { wordUs: this.options.longestQueryDelayUs, underWayUs: this.options.unansweredUs };
    return this.orders.open().flatMap((record) => doubtOf(record, patience, nowUs) ?? []);
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
    for (const run of this.plans.waiting()) if (run.nextRoundAtUs <= nowUs) this.steps.settle(run, nowUs);
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

  /** Whether risk gave a sign of life since the start. */
  get hasHeardRisk(): boolean {
    return this.permission.hasHeardRisk;
  }

  /** Whether the plan of an intent is under way or came to its end: its approval begins nothing. */
  knows(intentId: string): boolean {
    return this.plans.get(intentId) !== undefined || this.plans.isFinished(intentId);
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
  restoreResult(result: PlanResult, sequence: number): void {
    this.plans.restoreResult(result);
    this.profit.onResult(result, sequence);
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
    for (const run of this.plans.all()) this.steps.decideLegs(run, nowUs);
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
    this.steps.decideLegs(run, nowUs);
  }

  /** See {@link PlanSteps.onStored}. */
  onStored(id: string, duplicate: boolean, nowUs: number): void {
    this.steps.onStored(id, duplicate, nowUs);
  }

  /** The result that was told is in the stream of results, under that number. */
  onResultStored(result: PlanResult, sequence: number): void {
    this.profit.onStored(result, sequence);
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
    else this.steps.close(record, 'reject', `${outcome.code}: ${outcome.detail}`, nowUs);
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
      this.steps.sendAgain(record, nowUs);
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
    if (run) this.steps.settle(run, nowUs);
  }

  /**
   * The venue had the order and says that it does not know it. Sent again it might trade twice: some venues take an id again
   * whose order is over. It is asked for until it must be over there; a fill that comes all the same takes its plan up again.
   */
  private onLost(record: OrderRecord, nowUs: number): void {
    if (record.lostSinceUs === 0) record.lostSinceUs = nowUs;
    const isOver = record.lackingSinceUs === 0 && nowUs - record.lostSinceUs >= this.options.lostOrderUs;
    if (isOver) this.steps.close(record, 'cancel', `${record.order.venue} does not know it any more`, nowUs);
    else this.watch.askSoon(record, nowUs);
  }

  /** Of instruments that were traded, and so are known. */
  private readonly specify = (venue: string, symbol: string): InstrumentSpecification => this.orders.specificationOf(venue, symbol)!;

  private forget(nowUs: number): void {
    const untilUs = this.plans.forget(nowUs);
    this.guard.forget(untilUs);
    this.profit.settle(untilUs, (intentId) => this.plans.get(intentId) !== undefined);
  }
}
