import {
  scaledFromText, textOnStep, type CancelOutcome, type InstrumentSpecification, type OrderCursor, type OrderOutcome,
  type OrdersOutcome, type ParallaxError, type PlaceOutcome, type Row, type UnknownOutcome, type VenueCancelRequest,
  type VenueOrder, type VenueOrderRequest, type VenueOrderStatus, type WakingCore,
} from '@parallax/types';
import type { FeeModel } from '../fees.js';
import type { LatencyModel } from '../latency.js';
import type { MatchingEngine } from '../matching-engine.js';
import { Lifetime, MATCH_REFUSAL_NAMES, type MatchRefusal, type MatchSink, type TakenLevel } from '../matching-terms.js';
import { EpochGuard } from './epoch-guard.js';
import type { Journal, JournalRecord } from './journal.js';
import { checkOrder } from './order-check.js';
import { pageOf } from './order-pages.js';
import { PaperMarkets, type PaperMarketsOptions } from './paper-markets.js';
import { PaperOrder } from './paper-order.js';
import { PaperOrders } from './paper-orders.js';
import { takenRecordOf } from './taken-record.js';
import type { OrderFate, VenueFaults } from './venue-faults.js';
import { VenueWays } from './venue-ways.js';

const SPECIFIED_ANEW = 'the instrument was specified anew';
const FAULTLESS: OrderFate = { refusal: null, share: 1 };

export interface PaperVenueOptions extends PaperMarketsOptions {
  readonly venue: string;
  /** Identity of the bus by which requests come: epochs that another bus granted mean nothing here. */
  readonly identity: string;
  readonly fees: FeeModel;
  readonly latency: LatencyModel;
  readonly journal: Journal;
  /** Whether this is the one venue of its name at this moment: asked as each command arrives. Left out: it always is. */
  mayAct?(): boolean;
  /** Left out: nothing goes wrong. */
  readonly faults?: VenueFaults | undefined;
  /** An order changed; told once it is safe in the journal and the answer's way back has passed. */
  onReport(order: VenueOrder): void;
}

/**
 * A venue on paper: real market data, its own matching, no money. Repeated client ids are answered with the order that
 * already stands; what it says is safe in its journal before it says it. Commands travel to it, and answers back, by the
 * latency model, in order. It knows no balances: what an account may trade is decided before an order gets here.
 */
export class PaperVenue implements WakingCore, MatchSink {
  private readonly markets: PaperMarkets;
  private readonly orders: PaperOrders;
  private readonly epochs: EpochGuard;
  private readonly ways: VenueWays;
  private readonly touched = new Set<PaperOrder>();
  private unwritten: JournalRecord[] = [];
  private refusal: MatchRefusal | null = null;
  private nowUs = 0;

  /** `records` is what the journal held at start. */
  constructor(
    private readonly options: PaperVenueOptions,
    records: readonly JournalRecord[] = [],
  ) {
    this.ways = new VenueWays(options);
    this.markets = new PaperMarkets(options, this, (specification) => this.end(specification));
    this.orders = new PaperOrders(options.venue);
    this.epochs = new EpochGuard(options.identity);
    this.recover(records);
  }

  get wakeAtUs(): number {
    return this.ways.wakeAtUs;
  }

  /** Instruments whose book is missing or broken: their keyframes should be asked for. */
  get missingBooks(): number[] {
    return this.markets.missingBooks;
  }

  onWake(nowUs: number): void {
    this.orders.forget(nowUs);
    this.ways.arrive(nowUs, this.moveTo, this.commit);
    this.moveTo(nowUs);
    this.ways.deliver(nowUs);
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
    const withoutJournal = ({ message }: ParallaxError): PlaceOutcome =>
      this.orders.find(request.account, request.clientId)
        ? { kind: 'unknown', detail: message }
        : { kind: 'rejected', code: 'JOURNAL_FAILED', detail: message };
    this.send<PlaceOutcome>(nowUs, reply, (arrivedAtUs) => this.accept(request, arrivedAtUs), withoutJournal);
  }

  cancel(request: VenueCancelRequest, reply: (outcome: CancelOutcome) => void, nowUs: number): void {
    this.send<CancelOutcome>(nowUs, reply, (arrivedAtUs) => this.withdraw(request, arrivedAtUs));
  }

  order(account: string, clientId: string, reply: (outcome: OrderOutcome) => void, nowUs: number): void {
    this.send<OrderOutcome>(nowUs, reply, () => {
      const order = this.orders.find(account, clientId);
      return order ? { kind: 'found', order: order.snapshot() } : { kind: 'notFound' };
    });
  }

  openOrders(account: string, after: OrderCursor | null, reply: (outcome: OrdersOutcome) => void, nowUs: number): void {
    this.send<OrdersOutcome>(nowUs, reply, () => ({ kind: 'found', ...pageOf(this.orders.resting(account, after)) }));
  }

  changedSince(
    account: string, sinceUs: number, after: OrderCursor | null, reply: (outcome: OrdersOutcome) => void, nowUs: number,
  ): void {
    this.send<OrdersOutcome>(nowUs, reply, () => ({ kind: 'found', ...pageOf(this.orders.changed(account, sinceUs, after)) }));
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
    const engine = this.markets.of(instrument, this.nowUs);
    const checked = checkOrder(engine.specification, request);
    if ('kind' in checked) return checked;
    const { refusal, share } = this.options.faults?.fateOf(request) ?? FAULTLESS;
    if (refusal) return refusal;
    const order = new PaperOrder(this.orders.nextNumber, this.options.venue, request, nowUs);
    order.specification = engine.specification;
    this.orders.propose(order);
    this.unwritten.push({ kind: 'accepted', request, venueOrderId: order.venueOrderId, atUs: nowUs });
    this.refusal = null;
    engine.submit(order.number, order.side, checked.price, checked.size, lifetimeOf(request), nowUs, reachOf(engine.specification, checked.size, share));
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
      const instrument = this.options.instruments.find(this.options.venue, order.request.symbol);
      this.markets.of(instrument, nowUs).cancel(order.number, nowUs);
    }
    return { kind: 'cancelled', order: order.snapshot() };
  }

  private readonly note = (record: JournalRecord): void => void this.unwritten.push(record);

  private close(order: PaperOrder, status: Exclude<VenueOrderStatus, 'open'>, reason: string | null, atUs: number): void {
    this.orders.close(order, { status, reason, atUs });
    this.touched.add(order);
    this.unwritten.push({ kind: 'closed', order: order.venueOrderId, status, reason, atUs });
  }

  private end(specification: InstrumentSpecification): void {
    for (const order of this.orders.open()) {
      if (order.specification === specification) this.close(order, 'cancelled', SPECIFIED_ANEW, this.nowUs);
    }
  }

  /** What happens at the venue happens at the moment of its arrival. */
  private send<Outcome>(
    sentAtUs: number, reply: (outcome: Outcome | UnknownOutcome) => void, act: (nowUs: number) => Outcome,
    withoutJournal?: (failure: ParallaxError) => Outcome | UnknownOutcome,
  ): void {
    this.ways.send(sentAtUs, reply, act, withoutJournal);
    this.onWake(sentAtUs);
  }

  private readonly moveTo = (nowUs: number): void => {
    this.nowUs = Math.max(this.nowUs, nowUs);
  };

  /** Writes what happened, and has it told on its way back. */
  private readonly commit = (): void => {
    if (this.unwritten.length === 0) return;
    const records = this.unwritten;
    this.unwritten = [];
    this.options.journal.append(records);
    for (const order of this.touched) {
      const snapshot = order.snapshot();
      this.ways.report(() => this.options.onReport(snapshot), this.nowUs);
    }
    this.touched.clear();
  };

  private market(instrument: number, nowUs: number): MatchingEngine | undefined {
    this.onWake(nowUs);
    // A fill that cannot be written has not happened.
    if (this.options.journal.failure || this.options.instruments.get(instrument).venue !== this.options.venue) return undefined;
    return this.markets.of(instrument, this.nowUs);
  }

  private recover(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'epoch') this.epochs.restore(record);
      else if (record.kind === 'taken') this.markets.restoreTaken(record);
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
    this.markets.of(instrument, this.nowUs).restore(order.number, order.side, checked.price, checked.size - filled);
  }
}

function lifetimeOf(request: VenueOrderRequest): Lifetime {
  if (request.timeInForce === 'IOC') return Lifetime.immediateOrCancel;
  return request.postOnly ? Lifetime.postOnly : Lifetime.goodTillCancelled;
}

/** What of an order meets the market, in whole steps. */
function reachOf({ sizeStep }: InstrumentSpecification, size: number, share: number): number {
  return share === 1 ? size : Math.floor((size * share) / sizeStep) * sizeStep;
}
