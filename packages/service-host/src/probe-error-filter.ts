import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServiceLog } from '@parallax/runtime';
import type { FastifyReply } from 'fastify';
import type { Problem } from './http/problem.js';
import { problemOf } from './http/problem-of.js';

/** The problem that something thrown at the probes is. */
export const probeProblem = (thrown: unknown, log: ServiceLog): Problem => problemOf(thrown, log, 'GET /healthz, /readyz and /metrics are answered');

/** Gives whatever was thrown the one form of an error. */
@Catch()
export class ProbeErrorFilter implements ExceptionFilter {
  constructor(private readonly log: ServiceLog) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const { status, body } = probeProblem(thrown, this.log);
    void host.switchToHttp().getResponse<FastifyReply>().code(status).send(body);
  }
}
