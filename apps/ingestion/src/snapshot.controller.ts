import { Controller, Inject, type Type } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { BusContext, BusRequest } from '@parallax/bus/nest';
import { CheckedBody } from '@parallax/service-host';
import type { ListingRequest, SnapshotRequest } from '@parallax/types';
import { listingRequestSchema, snapshotRequestSchema, subjects, venueOf } from '@parallax/wire';
import { IngestionService } from './ingestion-service.js';

/**
 * Answers for these venues alone: another instance may carry others. What a controller hears is fixed when its class is
 * made, so each set of venues has a class.
 */
export function snapshotControllerOf(venues: readonly string[]): Type {
  @Controller()
  class SnapshotController {
    constructor(@Inject(IngestionService) private readonly ingestion: IngestionService) {}

    /** Normalisation lost the thread of a book, or a person doubts it. An answer says that the snapshot is asked for. */
    @BusRequest(venues.map((venue) => subjects.snapshot(venue)))
    resync(@CheckedBody(snapshotRequestSchema) request: SnapshotRequest, @Ctx() { subject }: BusContext): void {
      this.ingestion.resync(venueOf(subject), request);
    }

    /** A number did not fit a symbol's scales. An answer says that the listing is read. */
    @BusRequest(venues.map((venue) => subjects.listing(venue)))
    finer(@CheckedBody(listingRequestSchema) request: ListingRequest, @Ctx() { subject }: BusContext): void {
      this.ingestion.onFiner(venueOf(subject), request);
    }
  }
  return SnapshotController;
}
