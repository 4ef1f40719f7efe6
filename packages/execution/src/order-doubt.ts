import type { Order } from '@parallax/types';
import type { OrderRecord } from './order-record.js';

/** An order of which its venue says what cannot all be true. */
export interface OrderDoubt {
  readonly order: Order;
  /** A sentence for people. */
  readonly summary: string;
}

/**
 * What of the venue's word on an order that is not at its end has been in doubt for `lastingUs`; null for nothing. Answers and
 * reports cross on their way: what lasts less is no doubt.
 */
export function doubtOf({ order, filled, announced, lackingSinceUs, lostSinceUs }: OrderRecord, lastingUs: number, nowUs: number): OrderDoubt | null {
  const { id, venue, symbol, size } = order;
  if (lackingSinceUs > 0 && nowUs - lackingSinceUs >= lastingUs) {
    const summary = `${venue} says that it filled ${announced?.toFixed()} of the order ${id} of ${size} ${symbol}, and tells fills of ${filled.toFixed()}`;
    return { order, summary };
  }
  if (lostSinceUs > 0 && nowUs - lostSinceUs >= lastingUs) {
    return { order, summary: `${venue} had the order ${id} of ${size} ${symbol}, filled ${filled.toFixed()}, and does not know it any more` };
  }
  return null;
}
