import { Controller, Get, Query, Res } from '@nestjs/common';
import { instrumentKey, type DeadLetter, type ServiceHealth, type VenueHealth } from '@parallax/types';
import type { FastifyReply } from 'fastify';
import type { Page } from '../core/collection.js';
import { isOfSymbol } from '../core/dead-letters.js';
import type { AlertView, SystemView } from '../core/views.js';
import { Checked } from './checked.pipe.js';
import { GatewayParts } from './gateway-parts.js';
import { matches } from './lists.js';
import { openApi } from './openapi.js';
import { queries, type Query as QueryOf } from './queries.js';

export interface HealthView {
  readonly ready: boolean;
  readonly missing: string[];
  readonly data: ServiceHealth[];
  readonly venues: VenueHealth[];
  readonly alerts: AlertView[];
  readonly cursor: null;
}

/** How the whole is, for people and for machines. */
@Controller()
export class OperationsController {
  constructor(private readonly parts: GatewayParts) {}

  @Get('api/v1/health')
  health(@Query(new Checked(queries.none)) _query: unknown): HealthView {
    const { service, venue, alert } = this.parts.core.collections;
    const missing = this.parts.readiness.missing();
    return {
      ready: missing.length === 0,
      missing,
      data: service.values(),
      venues: venue.values(),
      alerts: alert.values(100),
      cursor: null,
    };
  }

  @Get('api/v1/system')
  system(@Query(new Checked(queries.none)) _query: unknown): { data: SystemView } {
    return { data: this.parts.core.system(this.parts.nowUs()) };
  }

  @Get('api/v1/dead-letters')
  deadLetters(@Query(new Checked(queries.deadLetters)) query: QueryOf<'deadLetters'>): Page<DeadLetter> {
    const { instrument } = this.parts.core.collections;
    const { venue, symbol } = query;
    return this.parts.lists.page('dead-letters', this.parts.deadLetters.kept, query, (letter) =>
      matches(venue, letter.venue) &&
      (symbol === undefined || isOfSymbol(letter, symbol, (of) => instrument.get(instrumentKey(of, symbol)))));
  }

  @Get('healthz')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Whether a load balancer may send anybody here: as long as it serves. What is missing of the whole is told by /api/v1/health. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { ready: boolean } {
    const { started: ready } = this.parts.readiness;
    void reply.code(ready ? 200 : 503);
    return { ready };
  }

  @Get('api/openapi.json')
  openApi(): object {
    return openApi();
  }
}
