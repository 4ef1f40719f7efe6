import { join } from 'node:path';
import { settingsOf, type Environment } from '@parallax/config';
import type { Service, ServiceContext } from '@parallax/runtime';
import { ConstantLatency, RateFees, riskAverseQueue } from '@parallax/simulation';
import { VENUES } from '@parallax/venues';
import { FileJournal } from './file-journal.js';
import { PaperVenueService, type PaperVenueConfiguration } from './paper-venue-service.js';

/** What a paper order takes to reach the venue, and its answer to come back; a near colocated client's. */
const PAPER_LATENCY_US = 5_000;

/**
 * A paper venue for each venue that is watched, with its journal in the folder of state.
 * @throws ParallaxError `CONFIG_REFUSED`, or `STORE_FAILED` where a journal cannot be read or written.
 */
export function createPaperVenueService(context: ServiceContext, environment: Environment): Service {
  const { venues, makerFees, takerFees, stateDirectory } = settingsOf(environment, VENUES);
  const known = venues.filter((venue) => VENUES.has(venue));
  const journals = known.map((venue) => new FileJournal(join(stateDirectory ?? '.', `paper-${venue}.journal`)));
  const configurations = known.map((venue, i): PaperVenueConfiguration => ({
    venue,
    matching: { queue: riskAverseQueue, depth: 'books' },
    fees: new RateFees(makerFees[venue], takerFees[venue]),
    latency: new ConstantLatency(PAPER_LATENCY_US),
    journal: journals[i],
    found: journals[i].found,
  }));
  const service = new PaperVenueService(context, configurations);
  return {
    name: service.name,
    start: () => service.start(),
    async stop() {
      await service.stop();
      for (const journal of journals) journal.close();
    },
    health: () => service.health(),
  };
}
