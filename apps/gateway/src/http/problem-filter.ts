import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ParallaxError, type ErrorCode } from '@parallax/types';
import type { FastifyReply } from 'fastify';
import type { Log } from '../dependencies.js';
import { Problem } from './problem.js';

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
export function problemOf(thrown: unknown, log: Log): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof ParallaxError && STATUS[thrown.code]) {
    return new Problem(STATUS[thrown.code]!, thrown.code, thrown.message, thrown.place);
  }
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown })?.statusCode;
  if (status === 404) return new Problem(404, 'NOT_FOUND', 'there is nothing at this address; /api/openapi.json lists what is');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(status, 'INPUT_REFUSED', (thrown as Error).message);
  }
  log.error('a request failed unexpectedly', { reason: String(thrown), stack: (thrown as Error)?.stack });
  return new Problem(500, 'INTERNAL', 'something went wrong here; the log of the gateway has it');
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const problem = problemOf(thrown, this.log);
    void host.switchToHttp().getResponse<FastifyReply>().code(problem.status).send(problem.body);
  }
}
