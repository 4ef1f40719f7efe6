import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { MonitoringParts } from './monitoring-parts.js';

/** What probes and scrapers ask. */
@Controller()
export class MonitoringController {
  constructor(private readonly parts: MonitoringParts) {}

  @Get('healthz')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Monitoring is ready when it hears the bus; alerts say how the others are. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { ready: boolean; missing: readonly string[]; alerts: readonly object[] } {
    const { ready, missing } = this.parts.health();
    void reply.code(ready ? 200 : 503);
    return { ready, missing, alerts: this.parts.core.openAlerts };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.parts.metrics.text();
  }
}
