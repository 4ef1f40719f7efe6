import { Controller, Inject } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { BusContext, BusRequest } from '@parallax/bus/nest';
import { CheckedBody } from '@parallax/service-host';
import type { SnapshotRequest } from '@parallax/types';
import { patterns, snapshotRequestSchema, venueOf } from '@parallax/wire';
import { NormalisationService } from './normalisation-service.js';

/** Whole books for those who lost the chain of a book's changes, or never had it. */
@Controller()
export class KeyframeController {
  constructor(@Inject(NormalisationService) private readonly normalisation: NormalisationService) {}

  @BusRequest(patterns.keyframes)
  keyframe(@CheckedBody(snapshotRequestSchema) { symbol }: SnapshotRequest, @Ctx() { subject }: BusContext): Uint8Array {
    return this.normalisation.keyframe(venueOf(subject), symbol);
  }
}
