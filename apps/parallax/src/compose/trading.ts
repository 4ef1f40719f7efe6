import { ExecutionService, BusVenueDoor } from '@parallax/app-execution';
import { FileJournal, PaperVenueService, type PaperVenueConfiguration } from '@parallax/app-paper-venue';
import { RiskService } from '@parallax/app-risk';
import type { ServiceContext } from '@parallax/runtime';
import { ConstantLatency, MemoryJournal, RateFees, riskAverseQueue, type Journal, type JournalRecord } from '@parallax/simulation';
import { join } from 'node:path';
import { executionOptions, paperBalances, type Settings } from './settings.js';

/** What a paper order takes to reach the venue, and its answer to come back; a near colocated client's. */
const PAPER_LATENCY_US = 5_000;
const DOOR_TIMEOUT_MS = 2_000;
const ALIVE_MS = 250;

/** Paper venues for all venues that are watched, each with its journal in `directory`, or in memory without one. */
export function paperVenues(context: ServiceContext, settings: Settings, directory: string | null): { service: PaperVenueService; close(): void } {
  const journals: FileJournal[] = [];
  const journalOf = (venue: string): { journal: Journal; found: readonly JournalRecord[] } => {
    if (directory === null) return { journal: new MemoryJournal(), found: [] };
    const journal = new FileJournal(join(directory, `paper-${venue}.journal`));
    journals.push(journal);
    return { journal, found: journal.found };
  };
  const configurations = settings.venues.map((venue): PaperVenueConfiguration => ({
    venue,
    matching: { queue: riskAverseQueue, depth: 'books' },
    fees: new RateFees(settings.makerFees[venue], settings.takerFees[venue]),
    latency: new ConstantLatency(PAPER_LATENCY_US),
    ...journalOf(venue),
  }));
  return {
    service: new PaperVenueService(context, configurations),
    close: () => journals.forEach((journal) => journal.close()),
  };
}

/** Risk over the one account; `alone` where no other instance can be (a replay). */
export function risk(context: ServiceContext, settings: Settings, writer: 'shared' | 'alone'): RiskService {
  const { account, venues, limits } = settings;
  return new RiskService({
    ...context,
    configuration: { accounts: [{ account, limits, balances: paperBalances(account, venues) }], aliveEveryMs: ALIVE_MS, writer },
  });
}

/** Execution through the doors of the paper venues. */
export function execution(context: ServiceContext, settings: Settings): ExecutionService {
  const doors = settings.venues.map((venue) => new BusVenueDoor(context.bus, venue, DOOR_TIMEOUT_MS));
  return new ExecutionService(context, executionOptions(settings), doors);
}
