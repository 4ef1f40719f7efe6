import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { HealthMetrics } from './health-metrics.js';
import { HostParts } from './parts.js';

/** What probes and scrapers ask; all of it reads, none of it changes anything. */
@Controller()
export class ProbeController {
  constructor(
    @Inject(HostParts) private readonly parts: HostParts,
    @Inject(HealthMetrics) private readonly values: HealthMetrics,
  ) {}

  /** The process lives and answers. */
  @Get('healthz')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when the service can do its work; else 503 with what is missing, each a sentence. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { service: string; ready: boolean; missing: readonly string[] } {
    const { service, ready, missing } = this.parts.health();
    void reply.code(ready ? 200 : 503);
    return { service, ready, missing };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.values.text(this.parts.health());
  }
}
