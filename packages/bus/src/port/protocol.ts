import { ParallaxError } from '@parallax/types';
import type { ErrorCode, ErrorDetails } from '@parallax/types';
import type { BusStatus, Headers } from '../bus.js';

/**
 * What crosses a message port between a bus and the side that uses it. The using side numbers what it opens (calls,
 * subscriptions, watches, consumers, reads), the serving side numbers what is answered later (questions, deliveries).
 */

/** Messages that may be on their way to one gate before the using side says that it has handled some. */
export const WINDOW = 256;
/** After so many handled messages the using side says so: a quarter of what may be under way. */
export const creditStep = (window: number): number => Math.ceil(window / 4);

/** What waits to be taken in by the serving side: beyond it the using side drops publishes and refuses calls. */
export const LIMIT_OPERATIONS = 65_536;
export const LIMIT_BYTES = 16 * 2 ** 20;
/** Calls that wait for their answers. */
export const LIMIT_CALLS = 16_384;

/** From the using side; `op` says what is asked and which other fields there are. */
export type Operation =
  | { readonly op: 'publish'; readonly subject: string; readonly bytes: Uint8Array; readonly headers: Headers | undefined }
  | { readonly op: 'respond'; readonly question: number; readonly bytes: Uint8Array }
  | { readonly op: 'subscribe'; readonly id: number; readonly gate: number; readonly shared: boolean; readonly pattern: string; readonly queue: string | undefined;
      readonly pendingLimit: number; readonly whenSlow: 'newest' | 'drop' }
  | { readonly op: 'unsubscribe' | 'unwatch' | 'leave'; readonly id: number }
  | { readonly op: 'handled'; readonly delivery: number }
  | { readonly op: 'settle'; readonly delivery: number; readonly how: 'acknowledge' | 'retry' | 'reject'; readonly delayMs?: number; readonly reason?: string }
  | { readonly op: 'credit'; readonly gate: number; readonly count: number }
  | (CallOperation & { readonly call: number });

/** Operations that are answered. */
export type CallOperation =
  | { readonly op: 'request'; readonly subject: string; readonly bytes: Uint8Array; readonly headers: Headers | undefined; readonly timeoutMs: number }
  | { readonly op: 'append'; readonly subject: string; readonly bytes: Uint8Array; readonly headers: Headers | undefined; readonly id: string; readonly expectedLastSequence: number | undefined }
  | { readonly op: 'read'; readonly id: number; readonly stream: string; readonly subject: string | undefined; readonly fromSequence: number | undefined;
      readonly limit: number | undefined; readonly newest: number | undefined }
  | { readonly op: 'next' | 'stop' | 'finish'; readonly id: number }
  | { readonly op: 'consume'; readonly id: number; readonly stream: string; readonly consumer: string }
  | { readonly op: 'acknowledge'; readonly delivery: number }
  | { readonly op: 'get'; readonly bucket: string; readonly key: string }
  | { readonly op: 'put'; readonly bucket: string; readonly key: string; readonly bytes: Uint8Array; readonly expectedRevision: number | undefined }
  | { readonly op: 'delete'; readonly bucket: string; readonly key: string; readonly expectedRevision: number | undefined }
  | { readonly op: 'keys' | 'deleted'; readonly bucket: string; readonly pattern: string | undefined }
  | { readonly op: 'watch'; readonly id: number; readonly gate: number; readonly bucket: string; readonly pattern: string }
  | { readonly op: 'flush' };

/** A message as it is read from a stream. */
export interface PlainStored {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly sequence: number;
  readonly atUs: number;
  readonly headers: Headers;
}

/** Messages of subscriptions, many in one, with their bytes one after the other: each field holds one value a message. */
export interface Pack {
  readonly op: 'messages';
  readonly ids: number[];
  readonly gates: number[];
  readonly subjects: string[];
  readonly lengths: number[];
  /** 0: no answer is asked for. */
  readonly questions: number[];
  /** What was lost before this message. */
  readonly losses: number[];
  readonly headers: (Headers | undefined)[];
  readonly buffer: ArrayBuffer;
}

/** From the serving side. */
export type Answer =
  | Pack
  | { readonly op: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly op: 'fault'; readonly call: number; readonly fault: PlainFault }
  | { readonly op: 'taken'; readonly operations: number; readonly bytes: number }
  | { readonly op: 'entry'; readonly id: number; readonly gate: number; readonly key: string; readonly bytes: Uint8Array | null; readonly revision: number }
  | { readonly op: 'deliver'; readonly id: number; readonly delivery: number; readonly message: PlainStored; readonly deliveries: number; readonly pending: number }
  | { readonly op: 'status'; readonly status: BusStatus }
  | { readonly op: 'failed'; readonly place: string; readonly error: string };

/** In a pack each message's bytes begin at a multiple of so many, so that rows can be read in place. */
export const ALIGNMENT = 8;
export const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** A copy that alone has its memory: a port copies all the memory behind a view, and small buffers share theirs. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** What an operation weighs against the limit of bytes. */
export const bytesOf = (operation: object): number => {
  const { bytes } = operation as { readonly bytes?: unknown };
  return bytes instanceof Uint8Array ? bytes.byteLength : 0;
};

export interface PlainFault extends ErrorDetails {
  readonly code: ErrorCode;
  readonly message: string;
}

/** More is open at once than one port may have. */
export const oneTooMany = (what: string, limit: number): ParallaxError =>
  new ParallaxError('BUS_REFUSED', `a port has no more than ${limit} ${what}, each with a number of its own`);

/** An error as it crosses the port; of what is no ParallaxError the text stays behind. */
export function plainFault(error: unknown): PlainFault {
  const known = error instanceof ParallaxError ? error : new ParallaxError('INTERNAL', 'the bus failed at this request', { cause: error });
  const { code, message, retryable, retryAfterMs, outcomeUnknown, venue, venueCode, place } = known;
  return { code, message, retryable, retryAfterMs, outcomeUnknown, venue, venueCode, place };
}

export function errorOf({ code, message, ...details }: PlainFault): ParallaxError {
  return new ParallaxError(code, message, details);
}
