import { FINAL_ORDER_STATES, type Fill, type Order } from '@parallax/types';
import { Money, ZERO } from './money.js';

/** One order as the core holds it: its last record, how many records there are, and its fills by id. */
export class OrderRecord {
  readonly fills = new Map<string, Fill>();
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

  constructor(
    public order: Order,
    /** Place in the plan's list for an exit, 0 for a leg. */
    public attempt: number,
  ) {}

  get final(): boolean {
    return FINAL_ORDER_STATES.includes(this.order.state);
  }

  get filled(): Money {
    let sum = ZERO;
    for (const fill of this.fills.values()) sum = sum.plus(fill.size);
    return sum;
  }

  /** Size-weighted price of the fills; null before the first. */
  get averagePrice(): Money | null {
    const filled = this.filled;
    if (filled.isZero()) return null;
    let value = ZERO;
    for (const fill of this.fills.values()) value = value.plus(new Money(fill.price).times(fill.size));
    return value.div(filled);
  }
}
