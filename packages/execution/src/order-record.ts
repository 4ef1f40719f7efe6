import { contractOf, Money, movedSize, Pool, quotient, ZERO } from '@parallax/money';
import { FINAL_ORDER_STATES, type Fill, type InstrumentSpecification, type Order } from '@parallax/types';

/** One order as the core holds it: its last record, how many records there are, and its fills by id. */
export class OrderRecord {
  /** What its fills moved of the position, in the venue's unit, without a sign: see {@link movedSize}. */
  moved = ZERO;
  /** Number of the last record in the orders' stream; the first is 1. */
  version = 0;
  /** That record; what the order has become since need not have one. */
  stored: Order | null = null;
  /** Until then a request that we sent may still come alive at the venue. */
  validUntilUs = 0;
  /** When to ask the venue next; `Infinity` = nothing to ask. */
  queryAtUs = Number.POSITIVE_INFINITY;
  /** When the question under way left; 0 = none is under way. */
  queriedAtUs = 0;
  queries = 0;
  /** A send waits for its record to be stored. */
  storing = false;
  /** Since when its venue, which had it, says that it does not know it; 0 = it does. */
  lostSinceUs = 0;
  /** So much was filled by its venue's word, which tells fills of less. */
  announced: Money | null = null;
  /** Since when fills lack; 0 = none do. */
  lackingSinceUs = 0;
  /** What its fills traded, in base units and in quote currency, fees apart. */
  readonly traded = new Pool();
  private readonly taken = new Map<string, Fill>();

  constructor(
    public order: Order,
    /** 0 for a leg; for an exit see {@link PlanRun.exits}. */
    public attempt: number,
  ) {}

  get fills(): ReadonlyMap<string, Fill> {
    return this.taken;
  }

  /** Takes a fill once. */
  take(fill: Fill, specification: InstrumentSpecification): void {
    if (this.taken.has(fill.id)) return;
    this.taken.set(fill.id, fill);
    const contract = contractOf(specification);
    this.moved = this.moved.plus(movedSize(contract, fill));
    const [price, size] = [new Money(fill.price), new Money(fill.size)];
    this.traded.add({ base: contract.base(price, size), value: contract.value(price, size) });
  }

  get final(): boolean {
    return FINAL_ORDER_STATES.includes(this.order.state);
  }

  /** Its venue had it once. */
  get wasKnown(): boolean {
    return this.order.venueOrderId !== null || this.taken.size > 0;
  }

  /** Notes how much its venue says was filled; true where fills of it are still to come. */
  noteFilled(said: Money, nowUs: number): boolean {
    const lacks = said.greaterThan(this.filled);
    this.announced = lacks ? said : null;
    this.lackingSinceUs = lacks ? this.lackingSinceUs || nowUs : 0;
    return lacks;
  }

  /** It was decided against before it was sent. */
  get abandoned(): boolean {
    return this.order.state === 'expired' && this.order.venueOrderId === null;
  }

  get filled(): Money {
    let sum = ZERO;
    for (const fill of this.fills.values()) sum = sum.plus(fill.size);
    return sum;
  }

  /** Its venue filled more than was ordered. */
  get overfilled(): boolean {
    return this.filled.greaterThan(this.order.size);
  }

  /** The one price at which the fills would have traded as much for as much; null before the first. */
  get averagePrice(): Money | null {
    const { base, value } = this.traded;
    return base.isZero() ? null : quotient(value, base);
  }
}
