import type { Book } from '@parallax/book';
import {
  scaledFromText, textOnStep, type CancelOutcome, type InstrumentSpecification, type InstrumentTable, type OrderOutcome,
  type OrdersOutcome, type PlaceOutcome, type Row, type VenueCancelRequest, type VenueOrder, type VenueOrderRequest,
  type VenueOrderStatus, type WakingCore,
} from '@parallax/types';
import type { FeeModel } from '../fees.js';
import { OrderedArrivals, type LatencyModel } from '../latency.js';
import { MatchingEngine, type MatchingOptions } from '../matching-engine.js';
import { Lifetime, MATCH_REFUSAL_NAMES, type MatchRefusal, type MatchSink, type TakenLevel } from '../matching-terms.js';
import { EpochGuard } from './epoch-guard.js';
import type { Journal, JournalRecord } from './journal.js';
import { checkOrder } from './order-check.js';
import { PaperOrder } from './paper-order.js';
import { PaperOrders } from './paper-orders.js';
import { levelKeyOf, takenLevelOf, takenRecordOf, type TakenRecord } from './taken-record.js';

const SPECIFIED_ANEW = 'the instrument was specified anew';

export interface PaperVenueOptions {
  readonly venue: string;
  /** Identity of the bus by which requests come: epochs that another bus granted mean nothing here. */
  readonly identity: string;
  readonly instruments: InstrumentTable;
  readonly matching: MatchingOptions;
  readonly fees: FeeModel;
  readonly latency: LatencyModel;
  readonly journal: Journal;
  createBook(specification: InstrumentSpecification): Book;
  /** An order changed; told once it is safe in the journal and the answer's way back has passed. */
  onReport(order: VenueOrder): void;
}

/**
 * A venue on paper: real market data, its own matching, no money. Repeated client ids are answered with the order that
 * already stands; what it says is safe in its journal before it says it. Commands travel to it, and answers back, by the
 * latency model, in order. It knows no balances: what an account may trade is decided before an order gets here.
 */
export class PaperVenue implements WakingCore, MatchSink {
  private readonly engines: (MatchingEngine | undefined)[] = [];
  private readonly orders: PaperOrders;
  private readonly epochs: EpochGuard;
  /** By symbol and level: what was taken before the restart, until the instrument is heard of again. */
  private readonly takenBefore = new Map<string, TakenRecord>();
  private readonly commands = new OrderedArrivals<(nowUs: number) => () => void>();
  private readonly answers = new OrderedArrivals<() => void>();
  private readonly touched = new Set<PaperOrder>();
  private unwritten: JournalRecord[] = [];
  private refusal: MatchRefusal | null = null;
  private nowUs = 0;

  /** `records` is what the journal held at start. */
  constructor(
    private readonly options: PaperVenueOptions,
    records: readonly JournalRecord[] = [],
  ) {
    this.orders = new PaperOrders(options.venue);
    this.epochs = new EpochGuard(options.identity);
    this.recover(records);
  }

  get wakeAtUs(): number {
    return Math.min(this.commands.nextUs, this.answers.nextUs);
  }

  /** Instruments whose book is missing or broken: their keyframes should be asked for. */
  get missingBooks(): number[] {
    const missing: number[] = [];
    this.engines.forEach((engine, instrument) => engine && !engine.hasBook && missing.push(instrument));
    return missing;
  }

  onWake(nowUs: number): void {
    this.arrive(nowUs);
    for (let answer = this.answers.take(nowUs); answer; answer = this.answers.take(nowUs)) this.options.journal.whenSafe(answer);
  }

  onBook(instrument: number, change: Row, nowUs: number): void {
    this.market(instrument, nowUs)?.onBook(change, nowUs);
    this.commit();
  }

  onQuote(instrument: number, quote: Row, nowUs: number): void {
    this.market(instrument, nowUs)?.onQuote(quote, nowUs);
    this.commit();
  }

  onTrades(instrument: number, trades: Row, nowUs: number): void {
    this.market(instrument, nowUs)?.onTrades(trades, nowUs);
    this.commit();
  }

  place(request: VenueOrderRequest, reply: (outcome: PlaceOutcome) => void, nowUs: number): void {
    this.send(nowUs, reply, (arrivedAtUs) => this.accept(request, arrivedAtUs));
  }

  cancel(request: VenueCancelRequest, reply: (outcome: CancelOutcome) => void, nowUs: number): void {
    this.send(nowUs, reply, (arrivedAtUs) => this.withdraw(request, arrivedAtUs));
  }

  order(account: string, clientId: string, reply: (outcome: OrderOutcome) => void, nowUs: number): void {
    this.send<OrderOutcome>(nowUs, reply, () => {
      const order = this.orders.find(account, clientId);
      return order ? { kind: 'found', order: order.snapshot() } : { kind: 'notFound' };
    });
  }

  openOrders(account: string, reply: (outcome: OrdersOutcome) => void, nowUs: number): void {
    this.send<OrdersOutcome>(nowUs, reply, () => ({ kind: 'found', orders: this.orders.select(account, (order) => order.status === 'open') }));
  }

  changedSince(account: string, sinceUs: number, reply: (outcome: OrdersOutcome) => void, nowUs: number): void {
    const changed = (order: PaperOrder): boolean => order.atUs >= sinceUs && (order.status !== 'open' || order.fills.length > 0);
    this.send<OrdersOutcome>(nowUs, reply, () => ({ kind: 'found', orders: this.orders.select(account, changed) }));
  }

  onRefused(_order: number, refusal: MatchRefusal): void {
    this.refusal = refusal;
  }

  onResting(): void {}

  onTaken(number: number, level: TakenLevel): void {
    this.unwritten.push(takenRecordOf(this.orders.get(number).specification!, level, this.nowUs));
  }

  onFill(number: number, price: number, size: number, maker: boolean, nowUs: number): void {
    const order = this.orders.get(number);
    const specification = order.specification!;
    const { priceScale, priceStep, sizeScale, sizeStep } = specification;
    const { fee, currency } = this.options.fees.feeOf(specification, maker, price, size);
    const fill = {
      tradeId: `${this.options.venue}-paper-trade-${++this.orders.lastTrade}`,
      price: textOnStep(price, priceScale, priceStep),
      size: textOnStep(size, sizeScale, sizeStep),
      fee,
      feeCurrency: currency,
      liquidity: maker ? ('maker' as const) : ('taker' as const),
      atUs: nowUs,
    };
    order.take(fill);
    this.touched.add(order);
    this.unwritten.push({ kind: 'fill', order: order.venueOrderId, fill });
  }

  onFilled(order: number, nowUs: number): void {
    this.close(this.orders.get(order), 'filled', null, nowUs);
  }

  onExpired(order: number, _remaining: number, nowUs: number): void {
    this.close(this.orders.get(order), 'expired', 'immediate or cancel', nowUs);
  }

  onCancelled(order: number, _remaining: number, nowUs: number): void {
    this.close(this.orders.get(order), 'cancelled', null, nowUs);
  }

  private accept(request: VenueOrderRequest, nowUs: number): PlaceOutcome {
    const known = this.orders.find(request.account, request.clientId);
    if (known) return { kind: 'accepted', order: known.snapshot() };
    const stale = this.epochs.refusalOf(request, this.note);
    if (stale) return stale;
    if (nowUs > request.validUntilUs) {
      return { kind: 'rejected', code: 'REQUEST_TOO_OLD', detail: 'the request arrived after its validity' };
    }
    const instrument = this.options.instruments.find(this.options.venue, request.symbol);
    if (instrument < 0) return { kind: 'rejected', code: 'UNKNOWN_SYMBOL', detail: `no instrument ${request.symbol}` };
    const engine = this.engineOf(instrument);
    const checked = checkOrder(engine.specification, request);
    if ('kind' in checked) return checked;
    const order = new PaperOrder(this.orders.nextNumber, this.options.venue, request, nowUs);
    order.specification = engine.specification;
    this.orders.propose(order);
    this.unwritten.push({ kind: 'accepted', request, venueOrderId: order.venueOrderId, atUs: nowUs });
    this.refusal = null;
    engine.submit(order.number, order.side, checked.price, checked.size, lifetimeOf(request), nowUs);
    if (this.refusal !== null) {
      this.orders.withdraw(order);
      this.unwritten.pop();
      return { kind: 'rejected', code: MATCH_REFUSAL_NAMES[this.refusal], detail: 'refused by the matching' };
    }
    this.orders.accept(order);
    return { kind: 'accepted', order: order.snapshot() };
  }

  private withdraw(request: VenueCancelRequest, nowUs: number): CancelOutcome {
    const stale = this.epochs.refusalOf(request, this.note);
    if (stale) return stale;
    const order = this.orders.find(request.account, request.clientId);
    if (!order) return { kind: 'notFound' };
    if (order.status === 'open') {
      this.engineOf(this.options.instruments.find(this.options.venue, order.request.symbol)).cancel(order.number, nowUs);
    }
    return { kind: 'cancelled', order: order.snapshot() };
  }

  private readonly note = (record: JournalRecord): void => void this.unwritten.push(record);

  private close(order: PaperOrder, status: Exclude<VenueOrderStatus, 'open'>, reason: string | null, atUs: number): void {
    this.orders.close(order, { status, reason, atUs });
    this.touched.add(order);
    this.unwritten.push({ kind: 'closed', order: order.venueOrderId, status, reason, atUs });
  }

  /** A command leaves for the venue; what it finds there travels back. */
  private send<Outcome>(sentAtUs: number, reply: (outcome: Outcome) => void, act: (nowUs: number) => Outcome): void {
    this.commands.push((arrivedAtUs) => {
      const outcome = act(arrivedAtUs);
      return () => reply(outcome);
    }, sentAtUs + this.options.latency.entryUs(sentAtUs));
    this.onWake(sentAtUs);
  }

  /** What arrived by `nowUs` takes effect at its own moment of arrival, before any later market event. */
  private arrive(nowUs: number): void {
    this.orders.forget(nowUs);
    for (let dueUs = this.commands.nextUs; dueUs <= nowUs; dueUs = this.commands.nextUs) {
      this.nowUs = Math.max(this.nowUs, dueUs);
      const answer = this.commands.take(dueUs)!(dueUs);
      this.commit();
      this.answers.push(answer, dueUs + this.options.latency.responseUs(dueUs));
    }
    this.nowUs = Math.max(this.nowUs, nowUs);
  }

  /** Writes what happened, and has it told on its way back. */
  private commit(): void {
    if (this.unwritten.length === 0) return;
    const records = this.unwritten;
    this.unwritten = [];
    this.options.journal.append(records);
    const dueUs = this.nowUs + this.options.latency.responseUs(this.nowUs);
    for (const order of this.touched) {
      const snapshot = order.snapshot();
      this.answers.push(() => this.options.onReport(snapshot), dueUs);
    }
    this.touched.clear();
  }

  private market(instrument: number, nowUs: number): MatchingEngine | undefined {
    this.onWake(nowUs);
    if (this.options.instruments.get(instrument).venue !== this.options.venue) return undefined;
    return this.engineOf(instrument);
  }

  /**
   * The instrument's engine; a new version of the specification ends the old one and what rests in it. What is taken of the
   * market's levels stays taken.
   */
  private engineOf(instrument: number): MatchingEngine {
    const specification = this.options.instruments.get(instrument);
    const known = this.engines[instrument];
    if (known && known.specification.version === specification.version) return known;
    for (const order of this.orders.open()) {
      if (known && order.specification === known.specification) this.close(order, 'cancelled', SPECIFIED_ANEW, this.nowUs);
    }
    const engine = new MatchingEngine(specification, this.options.createBook(specification), this.options.matching, this);
    const taken = known ? known.taken().map((level) => takenRecordOf(known.specification, level, this.nowUs)) : this.takenOf(specification.symbol);
    for (const record of taken) {
      const level = takenLevelOf(specification, record);
      if (level) engine.restoreTaken(level);
    }
    this.engines[instrument] = engine;
    return engine;
  }

  private takenOf(symbol: string): TakenRecord[] {
    const found = [...this.takenBefore].filter(([, record]) => record.symbol === symbol);
    for (const [key] of found) this.takenBefore.delete(key);
    return found.map(([, record]) => record);
  }

  private recover(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'epoch') this.epochs.restore(record);
      else if (record.kind === 'taken') this.takenBefore.set(levelKeyOf(record), record);
      else this.orders.restore(record);
    }
    for (const order of this.orders.open()) this.restore(order);
  }

  /** Lets an order of the journal rest again; it ends where its numbers mean nothing to the instrument as it is now. */
  private restore(order: PaperOrder): void {
    const { request } = order;
    const instrument = this.options.instruments.find(this.options.venue, request.symbol);
    const specification = instrument < 0 ? null : this.options.instruments.get(instrument);
    const checked = specification && checkOrder(specification, request);
    if (!checked || 'kind' in checked) return this.close(order, 'cancelled', SPECIFIED_ANEW, order.atUs);
    order.specification = specification;
    const filled = scaledFromText(order.filledSize.toFixed(), specification.sizeScale);
    this.engineOf(instrument).restore(order.number, order.side, checked.price, checked.size - filled);
  }
}

function lifetimeOf(request: VenueOrderRequest): Lifetime {
  if (request.timeInForce === 'IOC') return Lifetime.immediateOrCancel;
  return request.postOnly ? Lifetime.postOnly : Lifetime.goodTillCancelled;
}
