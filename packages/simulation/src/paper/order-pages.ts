import type { OrderCursor, VenueOrder } from '@parallax/types';
import type { PaperOrder } from './paper-order.js';

/**
 * What a page holds of JSON, in characters. In UTF-8 a character has three bytes at most, so a page stays far below the one mebibyte
 * that a bus takes; and it is taken in by who asked within some milliseconds.
 */
export const PAGE_CHARACTERS = 65_536;

/** The first page of orders that are sorted by (atUs, clientId): as many as fit, however many fills they have, and always one. */
export function pageOf(sorted: Iterable<PaperOrder>): { orders: VenueOrder[]; next: OrderCursor | null } {
  const orders: VenueOrder[] = [];
  let characters = 0;
  for (const order of sorted) {
    const snapshot = order.snapshot();
    characters += JSON.stringify(snapshot).length;
    if (orders.length > 0 && characters > PAGE_CHARACTERS) {
      const { atUs, clientId } = orders.at(-1)!;
      return { orders, next: { atUs, clientId } };
    }
    orders.push(snapshot);
  }
  return { orders, next: null };
}
