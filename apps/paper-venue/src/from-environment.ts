import { join } from 'node:path';
import { type Settings, settingsOf, venueChecks } from '@parallax/config';
import { SeededRandom } from '@parallax/market-model';
import type { ServiceContext, WriterMode } from '@parallax/runtime';
import type { ServiceDefinition } from '@parallax/service-host';
import { ConstantLatency, KEEP_CLOSED_US, RateFees, riskAverseQueue, shortenJournal, VenueFaults } from '@parallax/simulation';
import { VENUES } from '@parallax/venues';
import { fileJournals, memoryJournals, type JournalOpener } from './kept-journal.js';
import { PaperVenueService } from './paper-venue-service.js';
import type { PaperVenueConfiguration } from './venue-seat.js';

/** What a paper order takes to reach the venue, and its answer to come back; a near colocated client's. */
const PAPER_LATENCY_US = 5_000;

/**
 * A paper venue for each venue that is watched and known, with its journal in the folder of state, or in memory where
 * nothing is kept.
 */
export function paperVenuesOf(context: ServiceContext, settings: Settings, mode: WriterMode = 'shared'): PaperVenueService {
  const { venues, makerFees, takerFees, lostJournals, paperFaults } = settings;
  if (paperFaults) context.log.warn('paper venues pretend faults (PAPER_FAULTS)', { ...paperFaults });
  const configurations = venues.filter((venue) => VENUES.has(venue)).map((venue): PaperVenueConfiguration => ({
    venue,
    matching: { queue: riskAverseQueue, depth: 'books' },
    fees: new RateFees(makerFees[venue], takerFees[venue]),
    latency: new ConstantLatency(PAPER_LATENCY_US),
    // Each venue draws by itself, so that what is sent to one does not change what becomes of another's orders.
    faults: paperFaults ? new VenueFaults(paperFaults, new SeededRandom(`${paperFaults.seed} ${venue}`)) : undefined,
    openJournal: journalsOf(context, venue, settings.stateDirectory),
  }));
  return new PaperVenueService(context, configurations, { mode, lostJournals });
}

function journalsOf(context: ServiceContext, venue: string, directory: string | null): JournalOpener {
  const { clock, random } = context;
  if (directory === null) return memoryJournals(random);
  const path = join(directory, `paper-${venue}.journal`);
  return fileJournals({ path, venue, shorten: (records) => shortenJournal(records, clock.nowUs() - KEEP_CLOSED_US) }, context);
}

export const paperVenueDefinition: ServiceDefinition<PaperVenueService> = {
  name: 'paper',
  checks: (environment) => venueChecks(environment, VENUES),
  create: (context, environment) => paperVenuesOf(context, settingsOf(environment, VENUES)),
};
