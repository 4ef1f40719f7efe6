import type { HttpClient, Profit } from '@parallax/types';
import { fillSchema, instrumentSpecificationSchema, orderSchema, profitSchema } from '@parallax/wire';
import { listFromGateway } from '../gateway/client.js';
import { recount, type AccountRecount } from './recount.js';

/** What a running gateway tells of profit. @throws ParallaxError `SERVICE_MISSING`. */
export function profitFromGateway(http: HttpClient, gateway: string): Promise<Profit[]> {
  return listFromGateway(http, gateway, '/api/v1/profit', {}, profitSchema, Infinity);
}

/** The same from all fills that the gateway has. @throws ParallaxError `SERVICE_MISSING`, or as {@link recount} does. */
export async function recountFromGateway(http: HttpClient, gateway: string): Promise<AccountRecount[]> {
  const fills = await listFromGateway(http, gateway, '/api/v1/fills', {}, fillSchema, Infinity);
  const instruments = await listFromGateway(http, gateway, '/api/v1/instruments', {}, instrumentSpecificationSchema, Infinity);
  const inverse = new Set(instruments.filter((one) => one.inverse).map(({ venue, symbol }) => `${venue}:${symbol}`));
  const needsOrders = fills.some(({ purpose, venue, symbol }) => purpose === undefined || inverse.has(`${venue}:${symbol}`));
  const orders = needsOrders ? await listFromGateway(http, gateway, '/api/v1/orders', {}, orderSchema, Infinity) : [];
  return recount(fills, instruments, orders);
}
