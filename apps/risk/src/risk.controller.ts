import { Controller, Inject } from '@nestjs/common';
import { BusRequest } from '@parallax/bus/nest';
import { CheckedBody } from '@parallax/service-host';
import type { HaltReply, HaltRequest, ResumeRequest } from '@parallax/types';
import {
  haltRequestSchema, limitsRequestSchema, resumeRequestSchema, subjects, type LimitsReply, type LimitsRequest,
} from '@parallax/wire';
import { RiskService } from './risk-service.js';

/** Of several instances, the one that judges answers. */
const BY_THE_JUDGE = { whileActing: true };

/** Halt, resume and limits as people ask for them; each is answered with what stands now, or why not. */
@Controller()
export class RiskController {
  constructor(@Inject(RiskService) private readonly risk: RiskService) {}

  @BusRequest(subjects.halt(), BY_THE_JUDGE)
  halt(@CheckedBody(haltRequestSchema) request: HaltRequest): Promise<HaltReply> {
    return this.risk.halt(request);
  }

  @BusRequest(subjects.resume(), BY_THE_JUDGE)
  resume(@CheckedBody(resumeRequestSchema) request: ResumeRequest): Promise<HaltReply> {
    return this.risk.resume(request);
  }

  @BusRequest(subjects.limits(), BY_THE_JUDGE)
  limits(@CheckedBody(limitsRequestSchema) request: LimitsRequest): Promise<LimitsReply> {
    return this.risk.changeLimits(request);
  }
}
