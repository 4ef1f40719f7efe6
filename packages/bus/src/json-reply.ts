import { ParallaxError } from '@parallax/types';
import type { ErrorCode, ErrorDetails } from '@parallax/types';
import type { Bus, Headers } from './bus.js';

/**
 * How control requests are answered: `{"data": ...}`, or `{"error": {"code", "message", "retryable", ...}}` with the
 * fields of ParallaxError, so that an error crosses the bus as an error with its code and verdict.
 */
interface Reply {
  readonly data?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string } & ErrorDetails;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encodeReply = (data: unknown): Uint8Array => encoder.encode(JSON.stringify({ data } satisfies Reply));

/** What is no ParallaxError is answered as `INTERNAL` without its text, which may hold what is not the asker's. */
export function encodeFault(error: unknown): Uint8Array {
  const known = error instanceof ParallaxError ? error : new ParallaxError('INTERNAL', 'the service failed at this request');
  const { code, message, retryable, retryAfterMs, outcomeUnknown, venue, venueCode, place } = known;
  const fault = { code, message, retryable, retryAfterMs, outcomeUnknown, venue, venueCode, place };
  return encoder.encode(JSON.stringify({ error: fault } satisfies Reply));
}

/** The answer's data. @throws the ParallaxError that was answered; `INPUT_REFUSED` for what is no answer. */
export function decodeReply(bytes: Uint8Array): unknown {
  let reply: Reply | null;
  try {
    reply = JSON.parse(decoder.decode(bytes)) as Reply | null;
  } catch (error) {
    throw new ParallaxError('INPUT_REFUSED', 'the answer is not JSON', { cause: error });
  }
  if (typeof reply !== 'object' || reply === null) throw new ParallaxError('INPUT_REFUSED', 'the answer is no reply');
  if (reply.error !== undefined) {
    const { code, message, ...details } = reply.error;
    throw new ParallaxError(code, message, details);
  }
  return reply.data;
}

/** Asks with JSON and gives the answer's data, not yet checked by a schema. @throws as `request` and `decodeReply` do. */
export async function requestJson(
  bus: Bus,
  subject: string,
  value: unknown,
  options: { timeoutMs: number; headers?: Headers },
): Promise<unknown> {
  const reply = await bus.request(subject, encoder.encode(JSON.stringify(value) ?? ''), options);
  return decodeReply(reply.bytes);
}
