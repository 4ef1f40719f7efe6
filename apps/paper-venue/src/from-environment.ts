import { join } from 'node:path';
import { settingsOf, type Settings } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import type { ServiceDefinition } from '@parallax/service-host';
import { ConstantLatency, KEEP_CLOSED_US, MemoryJournal, RateFees, riskAverseQueue, shortenJournal } from '@parallax/simulation';
import { VENUES } from '@parallax/venues';
import { FileJournal } from './file-journal.js';
import { PaperVenueService, type KeptJournal, type PaperVenueConfiguration } from './paper-venue-service.js';

/** What a paper order takes to reach the venue, and its answer to come back; a near colocated client's. */
const PAPER_LATENCY_US = 5_000;

/**
 * A paper venue for each venue that is watched and known, with its journal in the folder of state, or in memory where
 * nothing is kept.
 * @throws ParallaxError `STORE_FAILED` where a journal cannot be read or written.
 */
export function paperVenuesOf(context: ServiceContext, settings: Settings): PaperVenueService {
  const { venues, makerFees, takerFees, stateDirectory } = settings;
  const configurations = venues.filter((venue) => VENUES.has(venue)).map((venue): PaperVenueConfiguration => ({
    venue,
    matching: { queue: riskAverseQueue, depth: 'books' },
    fees: new RateFees(makerFees[venue], takerFees[venue]),
    latency: new ConstantLatency(PAPER_LATENCY_US),
    ...journalOf(venue, stateDirectory, context.clock.nowUs()),
  }));
  return new PaperVenueService(context, configurations);
}

function journalOf(venue: string, directory: string | null, nowUs: number): KeptJournal {
  if (directory === null) return { journal: new MemoryJournal(), found: [] };
  const keptFromUs = nowUs - KEEP_CLOSED_US;
  const journal = new FileJournal(join(directory, `paper-${venue}.journal`), (records) => shortenJournal(records, keptFromUs));
  return { journal, found: journal.found, close: () => journal.close() };
}

export const paperVenueDefinition: ServiceDefinition<PaperVenueService> = {
  name: 'paper',
  create: (context, environment) => paperVenuesOf(context, settingsOf(environment, VENUES)),
};
