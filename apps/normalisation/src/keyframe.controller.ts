import { Controller, Inject } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { BusContext, BusRequest } from '@parallax/bus/nest';
import { CheckedBody } from '@parallax/service-host';
import type { KeyframeRequest } from '@parallax/types';
import { keyframeRequestSchema, patterns, venueOf } from '@parallax/wire';
import { NormalisationService } from './normalisation-service.js';

/** Whole books for those who lost the chain of a book's changes, or never had it. */
@Controller()
export class KeyframeController {
  constructor(@Inject(NormalisationService) private readonly normalisation: NormalisationService) {}

  @BusRequest(patterns.keyframes)
  keyframe(@CheckedBody(keyframeRequestSchema) { symbol, next }: KeyframeRequest, @Ctx() { subject }: BusContext): Uint8Array {
    return next ? this.normalisation.keyframePart(next) : this.normalisation.keyframe(venueOf(subject), symbol);
  }
}
