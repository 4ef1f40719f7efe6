import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ParallaxError, type ErrorCode } from '@parallax/types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../dependencies.js';
import { Problem, type PublicCode } from './problem.js';

export const STATUS: Partial<Record<ErrorCode, number>> = {
  INPUT_REFUSED: 400,
  NUMBER_REFUSED: 400,
  INSTRUMENT_UNKNOWN: 404,
  VENUE_UNKNOWN: 404,
  ACCOUNT_UNKNOWN: 404,
  STATE_CONFLICT: 409,
  BUS_NO_RESPONDER: 503,
  BUS_CLOSED: 503,
  SERVICE_MISSING: 503,
  STORE_FAILED: 503,
  BUS_TIMEOUT: 504,
};

/** Codes of what Fastify and Nest refuse before a handler is called. */
const OF_STATUS: Readonly<Record<number, PublicCode>> = { 413: 'BODY_TOO_LARGE', 415: 'MEDIA_TYPE_REFUSED' };

/** Turns whatever was thrown into the one form of error that callers get; unexpected ones are logged, not shown. */
export function problemOf(thrown: unknown, log: Log): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof ParallaxError && STATUS[thrown.code]) {
    return new Problem(STATUS[thrown.code]!, thrown.code, thrown.message, thrown.place);
  }
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown })?.statusCode;
  if (status === 404) return new Problem(404, 'NOT_FOUND', 'there is nothing at this address; /api/openapi.json lists what is');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const { name, message, code } = thrown as Error & { code?: string };
    const ofBody = name === 'SyntaxError' || code?.startsWith('FST_ERR_CTP') === true;
    return new Problem(status, OF_STATUS[status] ?? 'INPUT_REFUSED', ofBody && status === 400 ? `not JSON: ${message}` : message, ofBody ? '$' : null);
  }
  log.error('a request failed unexpectedly', { reason: String(thrown), stack: (thrown as Error)?.stack });
  return new Problem(500, 'INTERNAL', 'something went wrong here; the log of the gateway has it');
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    let problem = problemOf(thrown, this.log);
    if (problem.code === 'NOT_FOUND') problem = methodRefused(http.getRequest<FastifyRequest>()) ?? problem;
    void http.getResponse<FastifyReply>().code(problem.status).headers(problem.headers).send(problem.body);
  }
}

/** An address that there is, asked in a way that it does not answer; null: there is no such address. */
function methodRefused({ server, url, method }: FastifyRequest): Problem | null {
  const path = url.split('?', 1)[0];
  const allowed = ['GET', 'HEAD', 'POST'].filter((one) => server.hasRoute({ method: one, url: path }));
  if (allowed.length === 0) return null;
  return new Problem(405, 'METHOD_REFUSED', `${method} is not answered here, but ${allowed.join(', ')}`, null, { allow: allowed.join(', ') });
}
