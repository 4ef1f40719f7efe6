import type {
  CancelOutcome, OrderCursor, OrderOutcome, OrdersOutcome, PlaceOutcome, VenueCancelRequest, VenueFill, VenueOrder, VenueOrderRequest,
} from '@parallax/types';
import { z } from 'zod';
import { amountText, atUs, count, decimalText, instrument, name, side } from './primitives.js';

/** The lease epoch of whoever asks for a change. */
const leaseEpoch = { epoch: count, grantedBy: name } as const;

/** What a venue's door is asked over the bus, when the venue is another process: paper and simulated venues. */
export const venueOrderRequestSchema = z.object({
  account: name,
  clientId: z.string().regex(/^[a-z0-9]{1,32}$/, { error: 'must be 1 to 32 lower-case letters and digits' }),
  ...instrument,
  side,
  type: z.literal('limit'),
  timeInForce: z.enum(['IOC', 'GTC']),
  postOnly: z.boolean(),
  price: amountText,
  size: amountText,
  validUntilUs: atUs,
  ...leaseEpoch,
}) satisfies z.ZodType<VenueOrderRequest>;

export const venueCancelRequestSchema = z.object({
  account: name, clientId: name, ...instrument, ...leaseEpoch,
}) satisfies z.ZodType<VenueCancelRequest>;

const orderCursorSchema = z.object({ atUs, clientId: name }) satisfies z.ZodType<OrderCursor>;

export const venueCallSchema = z.discriminatedUnion('call', [
  z.object({ call: z.literal('place'), request: venueOrderRequestSchema }),
  z.object({ call: z.literal('cancel'), request: venueCancelRequestSchema }),
  z.object({ call: z.literal('order'), account: name, clientId: name }),
  z.object({ call: z.literal('openOrders'), account: name, after: orderCursorSchema.nullable() }),
  z.object({ call: z.literal('changedSince'), account: name, sinceUs: atUs, after: orderCursorSchema.nullable() }),
]);
export type VenueCall = z.infer<typeof venueCallSchema>;

const venueFillSchema = z.object({
  tradeId: name, price: amountText, size: amountText, fee: decimalText, feeCurrency: name,
  liquidity: z.enum(['maker', 'taker']), atUs,
}) satisfies z.ZodType<VenueFill>;

export const venueOrderSchema = z.object({
  clientId: name, venueOrderId: name, account: name, symbol: name, side, price: amountText, size: amountText,
  status: z.enum(['open', 'filled', 'cancelled', 'expired', 'rejected']),
  filledSize: amountText, fills: z.array(venueFillSchema), reason: z.string().nullable(), atUs,
}) satisfies z.ZodType<VenueOrder>;

const unknown = z.object({ kind: z.literal('unknown'), detail: z.string() });
const rejected = z.object({ kind: z.literal('rejected'), code: name, detail: z.string() });
const notFound = z.object({ kind: z.literal('notFound') });

export const placeOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted'), order: venueOrderSchema }), rejected, unknown,
]) satisfies z.ZodType<PlaceOutcome>;
export const cancelOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancelled'), order: venueOrderSchema }), notFound, rejected, unknown,
]) satisfies z.ZodType<CancelOutcome>;
export const orderOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found'), order: venueOrderSchema }), notFound, unknown,
]) satisfies z.ZodType<OrderOutcome>;
export const ordersOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found'), orders: z.array(venueOrderSchema), next: orderCursorSchema.nullable() }), unknown,
]) satisfies z.ZodType<OrdersOutcome>;

/** Which journal a venue's orders are in, and how far it goes, in shared state: a paper venue without it is another venue. */
export const journalClaimSchema = z.object({ journal: name, place: name, instance: name, chain: count, lines: count, checksum: z.string() });
export type JournalClaim = Readonly<z.infer<typeof journalClaimSchema>>;
