import { HttpException } from '@nestjs/common';
import type { ServiceLog } from '@parallax/runtime';
import { Problem, type PublicCode } from './problem.js';

/** Codes of what Fastify and Nest refuse before a handler is called. */
const OF_STATUS: Readonly<Record<number, PublicCode>> = { 413: 'BODY_TOO_LARGE', 415: 'MEDIA_TYPE_REFUSED' };

/**
 * Gives whatever was thrown while a request was answered the one form of an error; what was not expected is logged, and not shown.
 * `nothing`: what an address is told at which there is nothing.
 */
export function problemOf(thrown: unknown, log: Pick<ServiceLog, 'error'>, nothing: string): Problem {
  if (thrown instanceof Problem) return thrown;
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown })?.statusCode;
  if (status === 404) return new Problem(404, 'NOT_FOUND', `there is nothing at this address; ${nothing}`);
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const { name, message, code } = thrown as Error & { code?: string };
    const ofBody = name === 'SyntaxError' || code?.startsWith('FST_ERR_CTP') === true;
    return new Problem(status, OF_STATUS[status] ?? 'INPUT_REFUSED', ofBody && status === 400 ? `not JSON: ${message}` : message, ofBody ? '$' : null);
  }
  log.error('a request failed unexpectedly', { reason: String(thrown), stack: (thrown as Error | undefined)?.stack });
  return new Problem(500, 'INTERNAL', 'something went wrong here; the log of this service has it');
}
