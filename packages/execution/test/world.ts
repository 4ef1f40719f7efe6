import type {
  Approved, CancelOutcome, Fill, Order, OrderOutcome, PlaceOutcome, PlanResult, Position, VenueCancelRequest, VenueOrder, VenueOrderRequest,
} from '@parallax/types';
import { Decimal } from 'decimal.js';
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
  /** Instead of `fill`: several of them; the caller sees to it that they are not more than the order. */
  readonly fills?: readonly TestFill[];
  /** The order rests instead of expiring. */
  readonly rests?: boolean;
  readonly reject?: boolean;
  /** lost: it never arrives. unanswered: it arrives, the answer does not. late: as unanswered, 0.9 s later. */
  readonly way?: 'lost' | 'unanswered' | 'late';
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
  /** Requests in the network: a crash of the shell does not stop them. */
  underWay: { request: VenueOrderRequest; behaviour: Behaviour; atUs: number }[] = [];
  core: ExecutionCore;

  constructor(
    readonly behave: (request: VenueOrderRequest) => Behaviour = () => ({ fill: '1' }),
    readonly options: ExecutionOptions = defaults,
  ) {
    this.core = new ExecutionCore(options, instruments(), this, { epoch: 1, grantedBy: 'bus' });
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
      this.wakeAt(Math.min(endUs, this.core.wakeAtUs, this.nowUs + 1_000_000, ...this.underWay.map(({ atUs }) => atUs)), riskAlive);
      this.settle();
    }
  }

  /** Time jumps; what the core then wants done waits. */
  wakeAt(atUs: number, riskAlive = true): void {
    this.nowUs = Math.max(this.nowUs + 1, atUs);
    this.deliver();
    if (riskAlive) this.core.onRiskAlive(this.nowUs);
    if (this.core.wakeAtUs <= this.nowUs) this.core.onWake(this.nowUs);
  }

  crash(): void {
    this.tasks = [];
    this.deliver();
    this.core = new ExecutionCore(this.options, instruments(), this, { epoch: this.core.lease.epoch + 1, grantedBy: 'bus' });
    for (const { order } of this.orders) this.core.restoreOrder(order);
    for (const fill of this.fills) this.core.restoreFill(fill);
    for (const result of this.results) this.core.restoreResult(result);
    for (const approved of this.approvals) this.core.restoreApproval(approved);
    this.core.onRiskAlive(this.nowUs);
    this.core.start(this.nowUs);
    for (const approved of this.approvals) if (!this.acknowledged.has(approved.id)) this.core.onApproved(approved, this.nowUs);
  }

  /** Latest record of each order, by purpose and leg. */
  states(): string[] {
    const last = new Map(this.orders.map(({ order }) => [order.id, order]));
    return [...last.values()].map(({ purpose, leg, state, filledSize }) => `${purpose} ${leg} ${state} ${filledSize}`);
  }

  storeOrder(id: string, order: Order): void {
    this.task(`store ${order.purpose} ${order.leg} ${order.state}`, () => {
      const duplicate = this.orders.some((stored) => stored.id === id);
      if (!duplicate) this.orders.push({ id, order });
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
    this.task('store result', () => this.results.push(result));
  }

  private task(name: string, run: () => void): void {
    this.tasks.push({ name, run: () => { this.log.push(name); run(); } });
  }

  private answerPlace(request: VenueOrderRequest, outcome: PlaceOutcome): void {
    this.task('place answer', () => this.core.onPlaced(request.clientId, outcome, this.nowUs));
  }

  private deliver(): void {
    const due = this.underWay.filter(({ atUs }) => atUs <= this.nowUs);
    this.underWay = this.underWay.filter(({ atUs }) => atUs > this.nowUs);
    for (const { request, behaviour, atUs } of due) if (atUs <= request.validUntilUs) this.arrive(request, behaviour);
  }

  private arrive(request: VenueOrderRequest, behaviour: Behaviour): PlaceOutcome {
    const known = this.atVenue.get(request.clientId);
    if (known) throw new Error(`the order ${request.clientId} was sent twice`);
    if (behaviour.reject) return { kind: 'rejected', code: 'NO', detail: 'not today' };
    const { clientId, account, symbol, side, price, size } = request;
    const fill = Decimal.min(behaviour.fill ?? '0', size);
    const told = behaviour.fills ?? (fill.isZero() ? [] : [{ size: fill.toFixed(), price: behaviour.price }]);
    const filled = told.reduce((sum, one) => sum.plus(one.size), new Decimal(0));
    const order: VenueOrder = {
      clientId, venueOrderId: `v-${clientId}`, account, symbol, side, price, size, reason: null, atUs: this.nowUs,
      status: filled.equals(size) ? 'filled' : behaviour.rests ? 'open' : 'expired',
      filledSize: filled.toFixed(),
      fills: told.map((one, number) => ({
        tradeId: number === 0 ? `t-${clientId}` : `t-${clientId}-${number}`, price: one.price ?? price, size: one.size,
        fee: one.fee ?? '0.1', feeCurrency: one.feeCurrency ?? 'USDT', liquidity: 'taker', atUs: this.nowUs,
      })),
    };
    this.atVenue.set(clientId, order);
    return { kind: 'accepted', order };
  }
}
