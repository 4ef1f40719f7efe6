import { Money } from '@parallax/money';
import {
  Column, layoutOf, Quote, QUOTE_COLUMNS, RowKind, type Approved, type CancelOutcome, type Fill, type HaltRecord, type Order,
  type OrderOutcome, type PlaceOutcome, type PlanResult, type Position, type VenueCancelRequest, type VenueFill, type VenueOrder,
  type VenueOrderRequest,
} from '@parallax/types';
import { ExecutionCore, type ExecutionOptions, type ExecutionSink } from '../src/index.js';
import { instruments, options as defaults } from './scene.js';

/** A fill as a test's venue tells it; left out: at the order's own price, for a fee of 0.1 USDT. */
export interface TestFill {
  readonly size: string;
  readonly price?: string;
  readonly fee?: string;
  readonly feeCurrency?: string;
}
/** How a test's venue answers one order: what fills, and how the request fares. */
export interface Behaviour {
  /** So much of the order fills at once, at most all of it. */
  readonly fill?: string;
  readonly price?: string;
  /** Instead of `fill`: several of them. More than the order only where a test means that. */
  readonly fills?: readonly TestFill[];
  /** So much fills only `laterUs` (1 s) after the order came to its end. */
  readonly later?: string;
  readonly laterUs?: number;
  /** The share of each fill that the venue takes out of it as its fee. */
  readonly baseFee?: string;
  /** The order rests instead of expiring. */
  readonly rests?: boolean;
  readonly reject?: boolean;
  /** lost: it never arrives. unanswered: it arrives, the answer does not. late: as unanswered, 0.9 s later. */
  readonly way?: 'lost' | 'unanswered' | 'late';
}

interface LateFill {
  readonly clientId: string;
  readonly fill: VenueFill;
  readonly atUs: number;
}

/** Venues, streams and a shell whose every step a test takes by hand; `crash()` kills the shell alone. */
export class World implements ExecutionSink {
  nowUs = 1_000_000;
  /** What the shell was told to do and has not done. */
  tasks: { name: string; run: () => void }[] = [];
  readonly log: string[] = [];
  readonly orders: { id: string; order: Order }[] = [];
  readonly fills: Fill[] = [];
  readonly results: PlanResult[] = [];
  readonly positions: Position[] = [];
  readonly atVenue = new Map<string, VenueOrder>();
  readonly requests: VenueOrderRequest[] = [];
  readonly approvals: Approved[] = [];
  readonly acknowledged = new Set<string>();
  /** How often the venues were asked for an order; with `mute` they do not answer. */
  questions = 0;
  mute = false;
  /** Requests in the network: a crash of the shell does not stop them. */
  underWay: { request: VenueOrderRequest; behaviour: Behaviour; atUs: number }[] = [];
  /** Fills that the venues will yet tell of, whatever becomes of the shell. */
  late: LateFill[] = [];
  /** Halts of accounts in shared state. */
  readonly halts = new Map<string, HaltRecord>();
  /** Best bid and ask by venue; told anew whenever time passes. */
  readonly market = new Map<string, [bid: string, ask: string]>();
  core: ExecutionCore;
  private readonly orderIds = new Set<string>();

  constructor(
    readonly behave: (request: VenueOrderRequest) => Behaviour = () => ({ fill: '1' }),
    readonly options: ExecutionOptions = defaults,
    private readonly table = instruments(),
  ) {
    this.core = new ExecutionCore(options, table, this, { epoch: 1, grantedBy: 'bus' });
    this.core.onRiskAlive(this.nowUs);
    this.core.start(this.nowUs);
  }

  approve(approved: Approved): void {
    this.approvals.push(approved);
    this.core.onApproved(approved, this.nowUs);
  }

  /** Carries out what waits, and what that brings, time standing still. */
  settle(limit = 10_000): void {
    while (this.tasks.length > 0 && limit-- > 0) this.step(0);
  }

  step(at: number): void {
    const [task] = this.tasks.splice(at, 1);
    this.nowUs++;
    this.deliver();
    task.run();
  }

  /** Time passes in steps of the core's own wishes; risk is heard all the while. */
  pass(us: number, riskAlive = true): void {
    const endUs = this.nowUs + us;
    this.settle();
    while (this.nowUs < endUs) {
      const due = [...this.underWay, ...this.late].map(({ atUs }) => atUs);
      this.wakeAt(Math.min(endUs, this.core.wakeAtUs, this.nowUs + 1_000_000, ...due), riskAlive);
      this.settle();
    }
  }

  /** Until nothing more is to come, neither from the venues nor from the core. */
  passUntilOver(): void {
    for (let rounds = 0; rounds < 60; rounds++) {
      this.pass(10_000_000);
      if (this.core.running === 0 && this.late.length === 0 && this.results.length > 0) return;
    }
  }

  quote(venue: string, bid: string, ask: string): void {
    this.market.set(venue, [bid, ask]);
    this.tellQuotes();
  }

  /** The venue's own word on an order, unasked. */
  report(order: VenueOrder): void {
    const venue = this.requests.find(({ clientId }) => clientId === order.clientId)?.venue;
    this.core.onReport(venue ?? 'okx', order, this.nowUs);
  }

  halt(account: string, record: HaltRecord): void {
    this.halts.set(account, record);
    this.core.onHalt(account, record, this.nowUs);
  }

  /** Time jumps; what the core then wants done waits. */
  wakeAt(atUs: number, riskAlive = true): void {
    this.nowUs = Math.max(this.nowUs + 1, atUs);
    this.deliver();
    this.tellQuotes();
    if (riskAlive) this.core.onRiskAlive(this.nowUs);
    if (this.core.wakeAtUs <= this.nowUs) this.core.onWake(this.nowUs);
  }

  /** `asked`: the venues are asked what changed while nobody listened. */
  crash(asked = true): void {
    this.tasks = [];
    this.deliver();
    this.core = new ExecutionCore(this.options, this.table, this, { epoch: this.core.lease.epoch + 1, grantedBy: 'bus' });
    for (const { order } of this.orders) this.core.restoreOrder(order);
    for (const fill of this.fills) this.core.restoreFill(fill);
    this.results.forEach((result, at) => this.core.restoreResult(result, at + 1));
    for (const approved of this.approvals) this.core.restoreApproval(approved);
    this.core.onRiskAlive(this.nowUs);
    for (const [account, record] of this.halts) this.core.onHalt(account, record, this.nowUs);
    this.core.start(this.nowUs);
    for (const order of asked ? this.atVenue.values() : []) this.task('report', () => this.report(this.atVenue.get(order.clientId)!));
    for (const approved of this.approvals) if (!this.acknowledged.has(approved.id)) this.core.onApproved(approved, this.nowUs);
  }

  /** Latest record of each order, by purpose and leg. */
  states(): string[] {
    const last = new Map(this.orders.map(({ order }) => [order.id, order]));
    return [...last.values()].map(({ purpose, leg, state, filledSize }) => `${purpose} ${leg} ${state} ${filledSize}`);
  }

  storeOrder(id: string, order: Order): void {
    this.task(`store ${order.purpose} ${order.leg} ${order.state}`, () => {
      const duplicate = this.orderIds.has(id);
      if (!duplicate) this.orders.push({ id, order });
      this.orderIds.add(id);
      this.core.onStored(id, duplicate, this.nowUs);
    });
  }

  storeFill(id: string, fill: Fill): void {
    this.task(`store fill ${fill.leg}`, () => {
      if (!this.fills.some((stored) => stored.id === id)) this.fills.push(fill);
      this.core.onFillStored(fill);
    });
  }

  place(request: VenueOrderRequest): void {
    this.task(`place ${request.venue}`, () => {
      this.requests.push(request);
      const behaviour = this.behave(request);
      if (behaviour.way === 'late') this.underWay.push({ request, behaviour, atUs: this.nowUs + 900_000 });
      if (behaviour.way === 'lost' || behaviour.way === 'late') return this.answerPlace(request, { kind: 'unknown', detail: 'no answer' });
      const outcome = this.arrive(request, behaviour);
      this.answerPlace(request, behaviour.way ? { kind: 'unknown', detail: 'no answer' } : outcome);
    });
  }

  cancel(request: VenueCancelRequest): void {
    this.task(`cancel ${request.venue}`, () => {
      const order = this.atVenue.get(request.clientId);
      if (order?.status === 'open') this.atVenue.set(order.clientId, { ...order, status: 'cancelled' });
      const outcome: CancelOutcome = order ? { kind: 'cancelled', order: this.atVenue.get(order.clientId)! } : { kind: 'notFound' };
      this.task('cancel answer', () => this.core.onCancelled(request.clientId, outcome, this.nowUs));
    });
  }

  query(_venue: string, _account: string, orderId: string): void {
    this.task('query', () => {
      this.questions++;
      if (this.mute) return;
      const order = this.atVenue.get(orderId);
      const outcome: OrderOutcome = order ? { kind: 'found', order } : { kind: 'notFound' };
      this.task('query answer', () => this.core.onQueried(orderId, outcome, this.nowUs));
    });
  }

  acknowledge(approvalId: string): void {
    this.task('acknowledge', () => this.acknowledged.add(approvalId));
  }

  position(position: Position): void {
    this.positions.push(position);
  }

  finished(result: PlanResult): void {
    this.task('store result', () => {
      const known = this.results.some(({ intentId, revision }) => intentId === result.intentId && revision === result.revision);
      if (!known) this.results.push(result);
      const place = this.results.findIndex(({ intentId, revision }) => intentId === result.intentId && revision === result.revision);
      this.core.onResultStored(result, place + 1);
    });
  }

  haltAccount(account: string, record: HaltRecord): void {
    this.task('store halt', () => this.halt(account, record));
  }

  /** The newest result of each plan. */
  newest(): Map<string, PlanResult> {
    return new Map(this.results.toSorted((a, b) => a.revision - b.revision).map((result) => [result.intentId, result]));
  }

  private task(name: string, run: () => void): void {
    this.tasks.push({ name, run: () => { this.log.push(name); run(); } });
  }

  private answerPlace(request: VenueOrderRequest, outcome: PlaceOutcome): void {
    this.task('place answer', () => this.core.onPlaced(request, outcome, this.nowUs));
  }

  private deliver(): void {
    const due = this.underWay.filter(({ atUs }) => atUs <= this.nowUs);
    this.underWay = this.underWay.filter(({ atUs }) => atUs > this.nowUs);
    for (const { request, behaviour, atUs } of due) if (atUs <= request.validUntilUs) this.arrive(request, behaviour);
    const late = this.late.filter(({ atUs }) => atUs <= this.nowUs);
    this.late = this.late.filter(({ atUs }) => atUs > this.nowUs);
    for (const { clientId, fill } of late) {
      const order = this.atVenue.get(clientId)!;
      const filledSize = new Money(order.filledSize).plus(fill.size).toFixed();
      this.atVenue.set(clientId, { ...order, filledSize, fills: [...order.fills, fill], atUs: this.nowUs });
      this.task('report', () => this.report(this.atVenue.get(clientId)!));
    }
  }

  private arrive(request: VenueOrderRequest, behaviour: Behaviour): PlaceOutcome {
    const known = this.atVenue.get(request.clientId);
    if (known) throw new Error(`the order ${request.clientId} was sent twice`);
    if (behaviour.reject) return { kind: 'rejected', code: 'NO', detail: 'not today' };
    const { clientId, account, symbol, side, price, size } = request;
    const fill = Money.min(behaviour.fill ?? '0', size);
    const told = behaviour.fills ?? (fill.isZero() ? [] : [{ size: fill.toFixed() }]);
    const filled = told.reduce((sum, one) => sum.plus(one.size), new Money(0));
    const later = Money.min(behaviour.later ?? 0, Money.sub(size, filled));
    const order: VenueOrder = {
      clientId, venueOrderId: `v-${clientId}`, account, symbol, side, price, size, reason: null, atUs: this.nowUs,
      status: filled.greaterThanOrEqualTo(size) ? 'filled' : behaviour.rests ? 'open' : 'expired',
      filledSize: filled.toFixed(),
      fills: told.map((one, number) => this.fillOf(request, behaviour, number === 0 ? `t-${clientId}` : `t-${clientId}-${number}`, one)),
    };
    this.atVenue.set(clientId, order);
    if (later.greaterThan(0)) {
      const late = this.fillOf(request, behaviour, `u-${clientId}`, { size: later.toFixed() });
      this.late.push({ clientId, fill: late, atUs: this.nowUs + (behaviour.laterUs ?? 1_000_000) });
    }
    return { kind: 'accepted', order };
  }

  private fillOf(request: VenueOrderRequest, { price, baseFee }: Behaviour, tradeId: string, fill: TestFill): VenueFill {
    const inBase = baseFee === undefined ? {} : { fee: new Money(fill.size).times(baseFee).toFixed(), feeCurrency: 'BTC' };
    return { tradeId, price: price ?? request.price, fee: '0.1', feeCurrency: 'USDT', ...inBase, ...fill, liquidity: 'taker', atUs: this.nowUs };
  }

  /** Every book as it stands, proven now. */
  private tellQuotes(): void {
    for (const [venue, [bid, ask]] of this.market) {
      const quote = new Float64Array(QUOTE_COLUMNS);
      quote[Column.layout] = layoutOf(RowKind.quote);
      quote[Column.specificationVersion] = 1;
      quote[Quote.trust] = 1;
      quote[Quote.provenAtUs] = this.nowUs;
      [quote[Quote.bidPrice], quote[Quote.askPrice]] = [Math.round(Number(bid) * 100), Math.round(Number(ask) * 100)];
      this.core.onQuote(['binance', 'okx', 'kraken'].indexOf(venue), quote);
    }
  }
}
