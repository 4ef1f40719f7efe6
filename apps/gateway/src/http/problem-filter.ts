import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Problem, problemOf } from '@parallax/service-host';
import { ParallaxError, type ErrorCode } from '@parallax/types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../dependencies.js';

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

/** Turns whatever was thrown into the one form of error that callers get; unexpected ones are logged, not shown. */
export function problemOfGateway(thrown: unknown, log: Log): Problem {
  const status = thrown instanceof ParallaxError ? STATUS[thrown.code] : undefined;
  if (thrown instanceof ParallaxError && status !== undefined) return new Problem(status, thrown.code, thrown.message, thrown.place);
  return problemOf(thrown, log, '/api/openapi.json lists what is');
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    let problem = problemOfGateway(thrown, this.log);
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
