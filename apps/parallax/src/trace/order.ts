import { contextOf } from '@parallax/telemetry';
import { ParallaxError, type Order } from '@parallax/types';
import { orderSchema } from '@parallax/wire';
import { z } from 'zod';

const pageSchema = z.object({ data: z.array(orderSchema), cursor: z.string().nullable().optional() });
const PAGE = 1000;
const TIMEOUT_MS = 5_000;

/**
 * The order by its id, or by the beginning of it, from the gateway's list; null where it shows none such.
 * @throws ParallaxError `SERVICE_MISSING` without a gateway, `INPUT_REFUSED` when it shows several.
 */
export async function findOrder(gateway: string, id: string): Promise<Order | null> {
  let cursor: string | null | undefined = null;
  do {
    const page: z.infer<typeof pageSchema> = await readPage(gateway, cursor);
    const found = page.data.filter((order) => order.id.startsWith(id));
    if (found.length > 1) throw new ParallaxError('INPUT_REFUSED', `several orders begin with ${id}: give more of the id`, { place: 'order' });
    if (found.length === 1) return found[0];
    ({ cursor } = page);
  } while (cursor);
  return null;
}

async function readPage(gateway: string, cursor: string | null): Promise<z.infer<typeof pageSchema>> {
  const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === null ? {} : { cursor }) });
  const url = `${gateway.replace(/\/+$/, '')}/api/v1/orders?${query.toString()}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
    return pageSchema.parse(await answer.json());
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new ParallaxError('SERVICE_MISSING', `orders cannot be read from the gateway at ${gateway}: ${reason}; \`npm start\` runs one`, { cause });
  }
}

/** @throws ParallaxError `INPUT_REFUSED` for an order that was placed without traces. */
export function traceOf(order: Order): string {
  const context = contextOf(order.traceparent);
  if (context === null) throw new ParallaxError('INPUT_REFUSED', `the order ${order.id} carries no trace`, { place: 'order' });
  return context.traceId;
}
