import { LadderBook } from '@parallax/book';
import { InstrumentTable, type InstrumentSpecification, type PlaceOutcome, type VenueOrder, type VenueOrderRequest } from '@parallax/types';
import {
  ConstantLatency, MemoryJournal, PaperVenue, RateFees, riskAverseQueue, type JournalRecord, type VenueFaults,
} from '../src/index.js';
import { bookRow, specification } from './rows.js';

/** A paper venue with what stands around it; Kraken's one instrument is known unless told otherwise. */
export function venueWith(
  options: { latencyUs?: number; records?: readonly JournalRecord[]; journal?: MemoryJournal; identity?: string; faults?: VenueFaults } = {}, known: InstrumentSpecification | null = specification,
) {
  const instruments = new InstrumentTable();
  if (known) instruments.add(known);
  const journal = options.journal ?? new MemoryJournal();
  const reports: VenueOrder[] = [];
  const venue = new PaperVenue(
    {
      venue: 'kraken', identity: options.identity ?? 'bus', instruments, journal, faults: options.faults, matching: { queue: riskAverseQueue, depth: 'books' },
      fees: new RateFees('0.0025', '0.004'), latency: new ConstantLatency(options.latencyUs ?? 0),
      createBook: () => new LadderBook(1), onReport: (order) => reports.push(order),
    },
    options.records,
  );
  return { venue, journal, reports, instruments };
}
export const book = bookRow([[1000, 50]], [[1002, 30], [1003, 40]], { id: 1, keyframe: true });
export const request = (fields: Partial<VenueOrderRequest> = {}): VenueOrderRequest => ({
  account: 'main', clientId: 'a1', venue: 'kraken', symbol: 'BTC/USD', side: 'buy', type: 'limit', timeInForce: 'IOC',
  postOnly: false, price: '100.3', size: '0.050', validUntilUs: 1_000_000, epoch: 1, grantedBy: 'bus', ...fields,
});
/** The answers so far: none where the latency has not passed. */
export function place(venue: PaperVenue, order: VenueOrderRequest, nowUs: number): PlaceOutcome[] {
  const outcomes: PlaceOutcome[] = [];
  venue.place(order, (outcome) => outcomes.push(outcome), nowUs);
  return outcomes;
}
