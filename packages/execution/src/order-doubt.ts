import type { Order } from '@parallax/types';
import type { OrderRecord } from './order-record.js';

/** An order of which its venue says what cannot all be true. */
export interface OrderDoubt {
  readonly order: Order;
  /** A sentence for people. */
  readonly summary: string;
}

/** How long, in microseconds, each kind of doubt is borne before it is told. */
export interface Patience {
  /** Of what the venue says: answers and reports cross on their way. */
  readonly wordUs: number;
  /** Of an order of which the venue has not said that it has it. */
  readonly underWayUs: number;
}

/** What of an order that is not at its end is in doubt for longer than that; null for nothing. */
export function doubtOf(record: OrderRecord, { wordUs, underWayUs }: Patience, nowUs: number): OrderDoubt | null {
  const { order, filled, announced, lackingSinceUs, lostSinceUs } = record;
  const { id, venue, symbol, size } = order;
  if (lackingSinceUs > 0 && nowUs - lackingSinceUs >= wordUs) {
    const summary = `${venue} says that it filled ${announced?.toFixed()} of the order ${id} of ${size} ${symbol}, and tells fills of ${filled.toFixed()}`;
    return { order, summary };
  }
  if (lostSinceUs > 0 && nowUs - lostSinceUs >= wordUs) {
    return { order, summary: `${venue} had the order ${id} of ${size} ${symbol}, filled ${filled.toFixed()}, and does not know it any more` };
  }
  const agedUs = nowUs - order.createdAtUs;
  return agedUs >= underWayUs ? onItsWay(order, Math.floor(agedUs / 1_000_000)) : null;
}

function onItsWay(order: Order, seconds: number): OrderDoubt | null {
  const { id, venue, symbol, side, size, state } = order;
  const what = `the order ${id} to ${side} ${size} ${symbol} at ${venue}`;
  if (state === 'created') return { order, summary: `${what} cannot be stored for ${seconds} s, so it is not sent` };
  if (state === 'sending') return { order, summary: `${what} stands in sending for ${seconds} s: ${venue} has not said what became of it` };
  return null;
}
