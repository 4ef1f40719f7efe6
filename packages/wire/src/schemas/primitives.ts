import type { EventOrigin } from '@parallax/types';
import { z } from 'zod';

/** Exact decimal text, `-12.50`; no exponent, no leading plus, no bare point. */
export const decimalText = z
  .string({ error: 'must be decimal text such as "65000.12", so that no digit is lost' })
  .regex(/^-?\d+(\.\d+)?$/, { error: 'must be decimal text such as "65000.12"' });
/** As {@link decimalText}, never below zero. */
export const amountText = decimalText.regex(/^\d/, { error: 'must not be negative' });
/** Integer microseconds since the epoch. */
export const atUs = z.int({ error: 'must be integer microseconds since the epoch' }).nonnegative();
export const durationUs = z.int({ error: 'must be integer microseconds' }).nonnegative();
export const count = z.int().nonnegative();
export const name = z.string().min(1, { error: 'must not be empty' });
/** The `traceparent` header of W3C Trace Context, version 00. */
export const traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, {
  error: 'must be a W3C traceparent: 00-<32 hex digits>-<16 hex digits>-<2 hex digits>',
});
export const side = z.enum(['buy', 'sell']);
export const share = z.number().min(0).max(1);

/** Fields that name an instrument. */
export const instrument = { venue: name, symbol: name } as const;
/** Fields that say whose an order, a fill or a result is. */
export const owner = { account: name, strategy: name } as const;
/** The field by which a message carries its trace, where it has one. */
export const traced = { traceparent: traceparent.optional() } as const;

export const eventOriginSchema = z.object({
  venue: name,
  connection: count,
  frame: count,
  receivedAtUs: atUs,
}) satisfies z.ZodType<EventOrigin>;
