import { contextOf } from '@parallax/telemetry';
import { ParallaxError, type HttpClient, type Order } from '@parallax/types';
import { orderSchema } from '@parallax/wire';
import { pagesFromGateway } from '../gateway/client.js';

/**
 * The order by its id, or by the beginning of it, from the gateway's list; null where it shows none such.
 * @throws ParallaxError `SERVICE_MISSING` without a gateway, `INPUT_REFUSED` when one page of its list shows several.
 */
export async function findOrder(http: HttpClient, gateway: string, id: string): Promise<Order | null> {
  for await (const page of pagesFromGateway(http, gateway, '/api/v1/orders', {}, orderSchema)) {
    const found = page.filter((order) => order.id.startsWith(id));
    if (found.length > 1) throw new ParallaxError('INPUT_REFUSED', `several orders begin with ${id}: give more of the id`, { place: 'order' });
    if (found.length === 1) return found[0];
  }
  return null;
}

/** @throws ParallaxError `INPUT_REFUSED` for an order that was placed without traces. */
export function traceOf(order: Order): string {
  const context = contextOf(order.traceparent);
  if (context === null) throw new ParallaxError('INPUT_REFUSED', `the order ${order.id} carries no trace`, { place: 'order' });
  return context.traceId;
}
