import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { AuditEntry, EvenedRequest, HaltRecord, HaltReply, HaltRequest, LimitDifference, ResumeRequest } from '@parallax/types';
import type { LimitsReply, LimitsRequest } from '@parallax/wire';
import type { HaltView, LimitsView } from '../core/views.js';
import { Checked } from './checked.pipe.js';
import { GatewayParts } from './gateway-parts.js';
import { bodies, queries } from './queries.js';

export interface RiskView {
  readonly halted: boolean;
  readonly halts: HaltView[];
  /** When risk last proved that it lives; null: not since the gateway started. */
  readonly riskAliveAtUs: number | null;
  readonly limits: LimitsView[];
  /** Where they differ from the configuration, as risk last said. */
  readonly limitDifferences: LimitDifference[];
  readonly audit: AuditEntry[];
}

/** The limits, the kill switch, and who used it. */
@Controller('api/v1/risk')
export class RiskController {
  constructor(private readonly parts: GatewayParts) {}

  @Get()
  risk(@Query(new Checked(queries.none)) _query: unknown): { data: RiskView } {
    const { halt, limits, limitDifference, audit } = this.parts.core.collections;
    const halts = halt.values();
    return {
      data: {
        halted: halts.some(({ account, halted }) => account === null && halted),
        halts,
        riskAliveAtUs: this.parts.core.riskAliveAtUs,
        limits: limits.values(),
        limitDifferences: limitDifference.values(),
        audit: audit.values(100),
      },
    };
  }

  @Post('halt')
  @HttpCode(200)
  async halt(@Body(new Checked(bodies.halt)) request: HaltRequest): Promise<{ data: { record: HaltRecord; audited: boolean } }> {
    return { data: await this.parts.halts.halt(request) };
  }

  @Post('resume')
  @HttpCode(200)
  async resume(@Body(new Checked(bodies.resume)) request: ResumeRequest): Promise<{ data: HaltReply }> {
    return { data: await this.parts.halts.resume(request) };
  }

  @Post('limits')
  @HttpCode(200)
  async limits(@Body(new Checked(bodies.limits)) request: LimitsRequest): Promise<{ data: LimitsReply }> {
    return { data: await this.parts.halts.limits(request) };
  }

  @Post('evened')
  @HttpCode(200)
  async evened(@Body(new Checked(bodies.evened)) request: EvenedRequest): Promise<{ data: AuditEntry }> {
    return { data: await this.parts.halts.evened(request) };
  }
}
