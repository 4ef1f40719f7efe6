import { createHash } from 'node:crypto';
import type { EventOrigin, ServiceName } from '@parallax/types';

/**
 * Ids of W3C Trace Context that follow from what they name, so that services which never speak with each other write
 * spans of one trace, and a message handled twice writes the same span twice instead of two.
 */

const digest = (length: number, ...parts: readonly (string | number)[]): string => {
  const hash = createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, length);
  // All zeros means "no id" to every reader.
  return /^0+$/.test(hash) ? hash.replace(/.$/, '1') : hash;
};

const frameOf = (origin: EventOrigin): readonly (string | number)[] => [origin.venue, origin.connection, origin.frame, origin.receivedAtUs];

/** 32 hexadecimal digits: the trace of everything that one frame led to. */
export function traceIdOf(origin: EventOrigin): string {
  return digest(32, 'trace', ...frameOf(origin));
}

/** 16 hexadecimal digits: the span of one service's work on one frame. */
export function spanIdOf(origin: EventOrigin, service: ServiceName): string {
  return digest(16, 'span', service, ...frameOf(origin));
}

/** The span of a step after the signal, named by its trace, the service, what it does and on what (`order`, its id). */
export function stepSpanId(traceId: string, service: ServiceName, step: string, key: string): string {
  return digest(16, 'step', traceId, service, step, key);
}

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** The `traceparent` header, version 00, sampled. */
export function traceparentOf({ traceId, spanId }: TraceContext): string {
  return `00-${traceId}-${spanId}-01`;
}

/** Reads a `traceparent` header; null when it is none. Higher versions are read as far as they agree with version 00. */
export function contextOf(traceparent: string | undefined): TraceContext | null {
  const match = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-|$)/.exec(traceparent ?? '');
  return match ? { traceId: match[1], spanId: match[2] } : null;
}
