import { Money, moneyText, toldText, ZERO } from '@parallax/money';
import { ParallaxError, type Fill, type InstrumentSpecification, type InstrumentTable, type Order, type VenueFill, type VenueOrder } from '@parallax/types';
import type { Ledger } from './ledger.js';
import { OrderRecord } from './order-record.js';
import { nextState, type OrderEvent } from './order-table.js';
import type { ExecutionSink } from './ports.js';

/** Keeps orders and fills: each change is one numbered record for the stream, each fill one record, told once. */
export class OrderKeeper {
  /** Events that the state table does not allow, and orders and fills whose numbers do not agree. */
  illegal = 0;
  inconsistent = 0;
  /** Fills of orders that were at their end: kept all the same. */
  lateFills = 0;
  /** When an order last changed, in microseconds; 0 before the first. */
  changedAtUs = 0;
  private readonly records = new Map<string, OrderRecord>();
  private readonly active = new Set<OrderRecord>();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly ledger: Ledger,
    private readonly sink: Pick<ExecutionSink, 'storeOrder' | 'storeFill'>,
  ) {}

  get size(): number {
    return this.records.size;
  }

  get(id: string): OrderRecord | undefined {
    return this.records.get(id);
  }

  /** Orders that are not at their end. */
  open(): OrderRecord[] {
    return [...this.active];
  }

  /**
   * Lets go of orders that were at their end by then and whose plan nobody remembers, and of their fills' ids. The orders of a
   * plan go together: a fill that comes late needs all of them.
   */
  forget(untilUs: number, isRemembered: (intentId: string) => boolean): void {
    for (const [id, { final, order, fills }] of this.records) {
      if (!final || order.updatedAtUs > untilUs || isRemembered(order.intentId)) continue;
      this.records.delete(id);
      for (const fill of fills.keys()) this.ledger.forget(fill);
    }
  }

  specificationOf(venue: string, symbol: string): InstrumentSpecification | undefined {
    const number = this.instruments.find(venue, symbol);
    return number < 0 ? undefined : this.instruments.get(number);
  }

  /** Adds a new order without storing it; {@link store} does. */
  add(order: Order, attempt: number): OrderRecord {
    const record = new OrderRecord(order, attempt);
    this.records.set(order.id, record);
    if (!record.final) this.active.add(record);
    return record;
  }

  /** Takes a record back from the stream, oldest first. */
  restoreOrder(order: Order): void {
    const record = this.records.get(order.id) ?? this.add(order, 0);
    record.order = record.stored = order;
    this.changedAtUs = Math.max(this.changedAtUs, order.updatedAtUs);
    record.version++;
    if (record.final) this.active.delete(record);
  }

  /** @throws ParallaxError `INSTRUMENT_UNKNOWN`: a position whose instrument nobody told yet is not known, and not none. */
  restoreFill(fill: Fill): void {
    const { id, orderId, venue, symbol } = fill;
    const specification = this.specificationOf(venue, symbol);
    if (!specification) throw new ParallaxError('INSTRUMENT_UNKNOWN', `the fill ${id} is of ${venue}:${symbol}, which is not known`);
    this.records.get(orderId)?.take(fill, specification);
    this.ledger.apply(fill, specification);
  }

  /** After a restart: fills that were stored before the order's record that counts them. Stores what they change. */
  countRestoredFills(nowUs: number): void {
    for (const record of this.records.values()) {
      if (record.filled.lessThanOrEqualTo(record.order.filledSize)) continue;
      this.countFills(record, nowUs);
      this.store(record);
    }
  }

  /** Orders whose venue filled more than was ordered. */
  overfilled(): OrderRecord[] {
    return [...this.records.values()].filter((record) => record.overfilled);
  }

  /** Appends the order as it stands; returns the record's id. */
  store(record: OrderRecord): string {
    const id = `${record.order.id}:${++record.version}`;
    record.stored = record.order;
    this.changedAtUs = Math.max(this.changedAtUs, record.order.updatedAtUs);
    this.sink.storeOrder(id, record.order);
    return id;
  }

  /** Moves the order by one event; false, and counted, when the table does not allow it. */
  move(record: OrderRecord, event: OrderEvent, nowUs: number, reason: string | null = record.order.reason): boolean {
    const state = nextState(record.order.state, event);
    if (!state) {
      this.illegal++;
      return false;
    }
    record.order = { ...record.order, state, reason, updatedAtUs: nowUs };
    if (record.final) {
      this.active.delete(record);
      record.queryAtUs = Number.POSITIVE_INFINITY;
    }
    return true;
  }

  /**
   * Takes the venue's word on an order; told again it changes nothing. Returns whether anything changed. An end that is told
   * before all of its fills is not taken yet: what stands open would be traded against once more.
   */
  applyVenueOrder(record: OrderRecord, venueOrder: VenueOrder, nowUs: number): boolean {
    const before = record.order;
    record.lostSinceUs = 0;
    let fresh = 0;
    for (const fill of venueOrder.fills) if (this.applyFill(record, fill, nowUs)) fresh++;
    const filled = record.filled;
    if (!filled.equals(venueOrder.filledSize) || filled.greaterThan(before.size)) this.inconsistent++;
    if (record.final) {
      this.lateFills += fresh;
      if (fresh === 0) return false;
    } else {
      const lacks = record.noteFilled(filledBy(venueOrder, before.size), nowUs);
      const event = eventOf(before.state, lacks ? { ...venueOrder, status: 'open' } : venueOrder, fresh);
      if (event) this.move(record, event, nowUs, venueOrder.reason);
      else if (before.venueOrderId === venueOrder.venueOrderId) return false;
    }
    this.countFills(record, nowUs);
    record.order = { ...record.order, venueOrderId: venueOrder.venueOrderId };
    this.store(record);
    return true;
  }

  private countFills(record: OrderRecord, nowUs: number): void {
    const { averagePrice } = record;
    record.order = {
      ...record.order,
      filledSize: moneyText(record.filled),
      averagePrice: averagePrice && toldText(averagePrice),
      updatedAtUs: nowUs,
    };
  }

  private applyFill(record: OrderRecord, fill: VenueFill, nowUs: number): boolean {
    const { createdAtUs, id, intentId, leg, purpose, account, strategy, venue, symbol, side, traceparent } = record.order;
    const fillId = `${id}-${fill.tradeId}`;
    const specification = this.specificationOf(venue, symbol);
    if (record.fills.has(fillId) || !specification) return false;
    const { price, size, fee, feeCurrency, liquidity } = fill;
    // A venue's clock may be far off, and a loss of another day would count for no limit of this one.
    const atUs = Math.min(Math.max(fill.atUs, createdAtUs), nowUs);
    const whole: Fill = {
      id: fillId, orderId: id, intentId, leg, purpose, account, strategy, venue, symbol, side, price, size, fee, feeCurrency,
      liquidity, atUs, ...(traceparent === undefined ? {} : { traceparent }),
    };
    record.take(whole, specification);
    this.ledger.apply(whole, specification);
    this.sink.storeFill(fillId, whole);
    return true;
  }
}

/** How much was filled by the venue's word: of an order that it calls filled, all. */
const filledBy = ({ status, filledSize }: VenueOrder, size: string): Money =>
  status === 'filled' ? Money.max(filledSize, size) : new Money(filledSize);

/** What the venue's word means for an order in `state`; null when it says nothing new. */
function eventOf(state: Order['state'], venueOrder: VenueOrder, freshFills: number): OrderEvent | null {
  switch (venueOrder.status) {
    case 'filled':
      return 'fill';
    case 'cancelled':
      return 'cancel';
    case 'expired':
      return 'expire';
    case 'rejected':
      // Refused after it rested: it ended there, with what it had filled.
      return state === 'open' || state === 'partiallyFilled' ? 'cancel' : 'reject';
    case 'open':
      if (freshFills > 0) return 'partialFill';
      return state === 'sending' ? (new Money(venueOrder.filledSize).greaterThan(ZERO) ? 'partialFill' : 'accept') : null;
  }
}
