import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProbedProcess, type ReadinessAnswer } from './probed-process.js';

/** What probes and scrapers ask; all of it reads, none of it changes anything. */
@Controller()
export class ProbeController {
  constructor(@Inject(ProbedProcess) private readonly probed: ProbedProcess) {}

  /** The process lives and answers. */
  @Get('healthz')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * 200 when every service of the process does its work, or stands by and lacks nothing but the lease; else 503 with what is missing,
   * each a sentence. What is amiss elsewhere (`degraded`) is told, and decides nothing: another instance would see the same.
   */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessAnswer> {
    const answer = await this.probed.readiness();
    void reply.code(answer.ready ? 200 : 503);
    return answer;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.probed.metrics();
  }
}
