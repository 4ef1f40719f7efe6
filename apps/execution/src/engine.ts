import type { DurableMessage } from '@parallax/bus';
import { ExecutionCore, type ExecutionOptions, type ExecutionSink } from '@parallax/execution';
import { failedOf, readUnbroken, type ServiceContext, type ServiceWatch } from '@parallax/runtime';
import type {
  Approved, Fill, HaltRecord, InstrumentTable, LeaseEpoch, Order, PlanResult, Position, Profit, Trouble, UnknownOutcome,
  VenueCancelRequest, VenueDoor, VenueOrder, VenueOrderRequest,
} from '@parallax/types';
import { decodeApproved, decodeJson, encodeJson, fillSchema, orderSchema, planResultSchema, STREAMS, subjects } from '@parallax/wire';
import { ExecutionCheckpoint } from './checkpoint.js';
import { DoorWatch } from './door-watch.js';
import { RecordWriter } from './record-writer.js';
import { Reconciler } from './reconciler.js';
import { RefusalRuns } from './refusal-runs.js';
import { ExecutionStages } from './stages.js';
import type { StepListener } from './steps.js';
import { ExecutionTrace } from './trace.js';

/** An approval that may not begin its plan yet comes again after so long. */
const RETRY_MS = 250;

/** The lease under which an engine acts. */
export interface Grant extends LeaseEpoch {
  /** Whether it holds at this moment; asked before each act. */
  acting(): boolean;
}

/** What an engine is told of and tells, besides its streams and doors. */
export interface EngineListener {
  readonly reached: StepListener;
  /** The core halts an account: it is to be written into shared state. */
  haltAccount(account: string, record: HaltRecord): void;
}

const IN_DOUBT: UnknownOutcome = { kind: 'unknown', detail: 'the lease is in doubt' };

/** One core under one lease epoch, with its streams and doors. It ends with the epoch and is never used again. */
export class ExecutionEngine implements ExecutionSink {
  readonly core: ExecutionCore;
  readonly writer: RecordWriter;
  readonly counters = { approvals: 0, unreadable: 0, orders: 0, fills: 0, requests: 0, withheld: 0, postponed: 0 };
  private readonly refusals = new RefusalRuns();
  /** Deliveries that wait for their acknowledgement: an approval may be delivered again while it is still being stored. */
  private readonly approvals = new Map<string, { message: DurableMessage; done(): void }[]>();
  private readonly doors: ReadonlyMap<string, VenueDoor>;
  private readonly stops: (() => void)[] = [];
  private readonly trace: ExecutionTrace;
  private readonly stages: ExecutionStages;
  private readonly checkpoint: ExecutionCheckpoint | null;
  private readonly failed: ServiceWatch['failed'];
  /** Null in a replay, where nobody waits for an answer. */
  private readonly doorWatch: DoorWatch | null;
  private ended = false;

  constructor(
    private readonly context: ServiceContext,
    private readonly instruments: InstrumentTable,
    private readonly options: ExecutionOptions,
    doors: readonly VenueDoor[],
    private readonly grant: Grant,
    private readonly listener: EngineListener,
    keepsCheckpoint = false,
  ) {
    this.doors = new Map(doors.map((door) => [door.venue, door]));
    this.failed = failedOf(context);
    this.writer = new RecordWriter(context.bus, context.timers, context.log, this.failed);
    this.trace = new ExecutionTrace(context);
    this.stages = new ExecutionStages(context);
    this.core = new ExecutionCore(options, this.instruments, this, { epoch: grant.epoch, grantedBy: grant.grantedBy });
    this.doorWatch = keepsCheckpoint ? new DoorWatch(doors, options.accounts[0], context.timers, this.failed) : null;
    this.checkpoint = keepsCheckpoint ? new ExecutionCheckpoint(context, instruments, this.core, options.retentionUs) : null;
  }

  /** What it needs to do its work and lacks, in sentences. */
  missing(): string[] {
    return this.doorWatch?.missing() ?? [];
  }

  /** What is amiss outside, while it does its work all the same, in sentences. */
  degraded(): string[] {
    return this.doorWatch?.degraded() ?? [];
  }

  /** What stands wrong in what it does now. */
  troubles(): Trouble[] {
    const doubts = this.core.doubts(this.nowUs).map(({ order, summary }): Trouble => ({
      key: `order.${order.id}`, severity: 'critical', summary: `${summary}. Its plan waits; compare with the venue`,
    }));
    return [...doubts, ...this.withoutDoor(), ...this.refusals.troubles(), ...(this.checkpoint?.troubles() ?? []), ...(this.doorWatch?.troubles() ?? [])];
  }

  /** Venues at which orders are open and nobody can ask for them: they were sent when the venue was among those that are watched. */
  private withoutDoor(): Trouble[] {
    const sent = this.core.orders.open().filter(({ order }) => order.state !== 'created' && !this.doors.has(order.venue));
    return [...new Set(sent.map(({ order }) => order.venue))].map((venue) => ({
      key: `no-door.${venue}`, severity: 'critical',
      summary: `orders are open at ${venue}, which has no door here: nobody can ask what became of them. Add it to VENUES`,
    }));
  }

  /** Saves what of positions and balances is past. */
  saveCheckpoint(): void {
    if (!this.ended && this.grant.acting()) void this.checkpoint?.advance();
  }

  /** Takes the streams' word for what was. */
  async rebuild(): Promise<void> {
    const { streams } = this.context.bus;
    for await (const { bytes } of streams.read(STREAMS.orders, {})) this.core.restoreOrder(decodeJson(orderSchema, bytes));
    const after = (await this.checkpoint?.load()) ?? 0;
    for await (const { bytes } of readUnbroken(streams, STREAMS.fills, after)) this.core.restoreFill(decodeJson(fillSchema, bytes));
    const finished = new Set<string>();
    for await (const { bytes, sequence } of streams.read(STREAMS.results, {})) {
      const result = decodeJson(planResultSchema, bytes);
      finished.add(result.intentId);
      this.core.restoreResult(result, sequence);
    }
    for await (const { bytes } of streams.read(STREAMS.approved, {})) {
      const approved = this.readApproval(bytes);
      if (approved === null) continue;
      this.core.restoreApproval(approved);
      // When it was taken up is not known any more: the plan's span begins with the verdict.
      if (!finished.has(approved.intent.id)) this.trace.onApproved(approved, approved.atUs);
    }
  }

  /** Hears the venues, asks them for what is under way, and goes on with it. */
  start(): void {
    const { clock, timers } = this.context;
    const doors = [...this.doors.values()];
    const lastKnownUs = this.core.orders.changedAtUs || this.nowUs;
    const reconciler = new Reconciler(doors, this.options.accounts, clock, timers, (venue, order) => this.hear(venue, order), this.failed);
    for (const door of doors) this.stops.push(door.onReport((order) => {
      reconciler.heard(door.venue, order);
      this.hear(door.venue, order);
    }));
    this.core.start(this.nowUs);
    // In a replay no report is lost, and a venue's answer takes time, which stands still while a question is under way.
    if (this.checkpoint === null) return;
    reconciler.start(lastKnownUs);
    this.doorWatch?.start();
    this.stops.push(() => reconciler.stop(), () => this.doorWatch?.stop());
  }

  /** While the lease is in doubt another may place orders that are ours: nobody here can say then that one is not. */
  private hear(venue: string, order: VenueOrder): void {
    if (this.core.orders.get(order.clientId) || this.grant.acting()) this.core.onReport(venue, order, this.nowUs);
  }

  /** Resolves once the approval's orders are stored and it has been acknowledged. */
  async onApproval(message: DurableMessage): Promise<void> {
    if (!this.grant.acting()) return message.retry(RETRY_MS);
    const approved = this.readApproval(message.bytes);
    if (approved === null) return message.reject('the approval cannot be read');
    if (!this.mayBegin(approved)) {
      this.counters.postponed++;
      return message.retry(RETRY_MS);
    }
    this.counters.approvals++;
    this.trace.onApproved(approved, this.nowUs);
    this.stages.onApproved(approved);
    return new Promise((done) => {
      this.approvals.set(approved.id, [...(this.approvals.get(approved.id) ?? []), { message, done }]);
      this.listener.reached('decided');
      this.core.onApproved(approved, this.nowUs);
    });
  }

  /**
   * What goes to a door that does not answer hangs in doubt, and in the first moments risk may not have been heard yet. A plan that is
   * known goes on, and one whose approval expired is ended.
   */
  private mayBegin({ plan, intent, expiresAtUs }: Approved): boolean {
    if (!this.doorWatch || (this.core.hasHeardRisk && this.doorWatch.answersFor(plan.legs))) return true;
    return this.core.knows(intent.id) || this.nowUs >= expiresAtUs;
  }

  /** From here on nothing is sent and nothing is heard. */
  end(): void {
    this.ended = true;
    this.writer.stop();
    for (const stop of this.stops.splice(0)) stop();
    for (const { done } of [...this.approvals.values()].flat()) done();
  }

  storeOrder(id: string, order: Order): void {
    const subject = subjects.order(order.account, order.venue);
    this.writer.append(order.id, subject, id, encodeJson(this.trace.ofOrder(order)), (duplicate) => {
      this.counters.orders++;
      this.trace.onOrderStored(order);
      if (!duplicate) this.stages.onOrderStored(order);
      if (order.state === 'created' && order.purpose === 'leg') this.listener.reached(order.leg === 0 ? 'first leg stored' : 'legs stored');
      if (order.state === 'filled' || order.state === 'expired') this.listener.reached('order published');
      this.core.onStored(id, duplicate, this.nowUs);
    });
  }

  storeFill(id: string, fill: Fill): void {
    const seenAtUs = this.nowUs;
    this.writer.append(fill.orderId, subjects.fill(fill.account, fill.venue), id, encodeJson(this.trace.ofFill(fill)), () => {
      this.counters.fills++;
      this.trace.onFillStored(fill, seenAtUs);
      this.stages.onFillStored(seenAtUs);
      this.listener.reached('fill stored');
      this.core.onFillStored(fill);
    });
  }

  place(request: VenueOrderRequest): void {
    if (this.ended) return;
    const door = this.doors.get(request.venue);
    this.counters.requests++;
    if (!door) {
      const outcome = { kind: 'rejected' as const, code: 'NO_DOOR', detail: `no orders can be sent to ${request.venue}` };
      this.refusals.onRefused(request.venue, outcome);
      return this.core.onPlaced(request, outcome, this.nowUs);
    }
    if (!this.grant.acting()) {
      // Nobody knows whether somebody else sends it now; the venue is asked before it goes again.
      this.counters.withheld++;
      return this.core.onPlaced(request, IN_DOUBT, this.nowUs);
    }
    const sentAtUs = this.nowUs;
    this.answered(request.venue, 'an order', () => door.place(request), (outcome) => {
      this.listener.reached('answered');
      this.stages.onAnswer(outcome, sentAtUs);
      // A refusal may be of our epoch alone: then another sends the order.
      const decides = outcome.kind !== 'rejected' || this.grant.acting();
      if (outcome.kind === 'accepted') this.refusals.onAccepted(request.venue);
      else if (outcome.kind === 'rejected' && decides) this.refusals.onRefused(request.venue, outcome);
      this.core.onPlaced(request, decides ? outcome : IN_DOUBT, this.nowUs);
    });
    this.listener.reached(this.counters.requests % 2 === 1 ? 'first leg sent' : 'legs sent');
  }

  cancel(request: VenueCancelRequest): void {
    this.answered(request.venue, 'a cancellation', () => this.doors.get(request.venue)?.cancel(request), (outcome) => {
      if (outcome.kind === 'rejected' && this.grant.acting()) this.refusals.onRefused(request.venue, outcome);
      this.core.onCancelled(request.clientId, outcome, this.nowUs);
    });
  }

  query(venue: string, account: string, orderId: string): void {
    this.answered(venue, 'a question', () => this.doors.get(venue)?.order(account, orderId), (outcome) => {
      // Of an order that the venue told of before, it is no news that it was accepted.
      if (outcome.kind === 'found' && this.core.orders.get(orderId)?.order.state === 'sending') this.refusals.onAccepted(venue);
      const decides = outcome.kind !== 'notFound' || this.grant.acting();
      this.core.onQueried(orderId, decides ? outcome : IN_DOUBT, this.nowUs);
    });
  }

  /**
   * Asks a venue. Neither a question that cannot be asked nor what follows from its answer may end the core's work half way: it is told,
   * and the order's state stays as it was until the venue is asked again.
   */
  private answered<Outcome>(venue: string, to: string, ask: () => Promise<Outcome> | undefined, hear: (outcome: Outcome) => void): void {
    const failed = (error: unknown): void => this.failed(error, `${venue}’s answer to ${to}`);
    try {
      ask()?.then((outcome) => {
        if (!this.ended) hear(outcome);
      }).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  acknowledge(approvalId: string): void {
    const waiting = this.approvals.get(approvalId) ?? [];
    this.approvals.delete(approvalId);
    this.stages.onAcknowledged(approvalId);
    for (const { message, done } of waiting) {
      message.acknowledge().then(() => this.listener.reached('acknowledged')).catch((error: Error) => {
        this.context.log.warn('an approval could not be acknowledged and will come again', { approval: approvalId, error: error.message });
      }).finally(done);
    }
  }

  position(position: Position): void {
    this.publish(position);
    this.listener.reached('position published');
  }

  /** All of them again: what is told and not stored may have been lost, or those whom it is for begin only now. */
  tellStanding(): void {
    for (const position of this.core.ledger.positions()) this.publish(position);
    for (const profit of this.core.profits(this.nowUs)) this.tell(profit);
  }

  finished(result: PlanResult): void {
    const { intentId, account, currency, revision } = result;
    // The ends of one plan are stored in their order.
    const chain = `${intentId}:result`;
    const id = revision === 1 ? chain : `${chain}:${revision}`;
    this.trace.onFinished(result);
    this.writer.append(chain, subjects.result(account), id, encodeJson(result), (_duplicate, sequence) => {
      this.listener.reached('result stored');
      this.core.onResultStored(result, sequence);
      for (const profit of this.core.profits(this.nowUs)) if (profit.account === account && profit.currency === currency) this.tell(profit);
    });
  }

  haltAccount(account: string, record: HaltRecord): void {
    this.listener.haltAccount(account, record);
  }

  private publish(position: Position): void {
    this.send(subjects.position(position.account), position);
  }

  private tell(profit: Profit): void {
    this.send(subjects.profit(profit.account), profit);
  }

  /** What is told and not stored comes again: that it could not be told must not end the core's work half way. */
  private send(subject: string, told: Position | Profit): void {
    try {
      this.context.bus.publish(subject, encodeJson(told));
    } catch (error) {
      this.failed(error, subject);
    }
  }

  /** Null, told and counted, where it cannot be read: it was not acted on, and must not stop what can be. */
  private readApproval(bytes: Uint8Array): Approved | null {
    try {
      return decodeApproved(bytes);
    } catch (error) {
      this.counters.unreadable++;
      this.context.log.error('an approval cannot be read', { error: (error as Error).message });
      return null;
    }
  }

  private get nowUs(): number {
    return this.context.clock.nowUs();
  }
}
