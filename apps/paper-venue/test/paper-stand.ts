import { readIdentity, type Bus } from '@parallax/bus';
import { SystemClock, SystemRandom, SystemTimers, type ServiceContext } from '@parallax/runtime';
import { ConstantLatency, RateFees, riskAverseQueue } from '@parallax/simulation';
import {
  BOOK_COLUMNS, BookChange, Column, layoutOf, RowKind, type InstrumentSpecification, type OrderOutcome, type PlaceOutcome, type Row,
  type VenueOrderRequest,
} from '@parallax/types';
import { BUS_IDENTITY, bytesOfRow, encodeJson, subjects, type VenueCall } from '@parallax/wire';
import { memoryJournals, PaperVenueService, type JournalOpener, type SeatOptions } from '../src/index.js';

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
export const VENUE = 'okx';

/** Prices at one decimal, sizes at two. */
export const specificationOf = (symbol = 'BTC/USDT', venue = VENUE): InstrumentSpecification => ({
  venue, symbol, venueSymbol: symbol.replace('/', '-'), base: symbol.split('/')[0], quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 1, sizeScale: 2, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
});

/** A trusted change of the asks, price and size in pairs: the whole book where it follows nothing. */
export function bookRow(id: number, previousId: number | null, ...asks: readonly (readonly [price: number, size: number])[]): Row {
  const row = new Float64Array(BOOK_COLUMNS + asks.length * 2);
  row[Column.layout] = layoutOf(RowKind.book);
  row[Column.specificationVersion] = 1;
  row[BookChange.lastId] = id;
  row[BookChange.previousId] = previousId ?? 0;
  row[BookChange.keyframe] = previousId === null ? 1 : 0;
  row[BookChange.trust] = 1;
  row[BookChange.askCount] = asks.length;
  row.set(asks.flat(), BOOK_COLUMNS);
  return row;
}

export const rowBytes = (row: Row): Uint8Array => bytesOfRow(row, row.length);

export const contextOf = (bus: Bus, more: Partial<ServiceContext> = {}): ServiceContext => ({
  bus, clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log: SILENT, instance: 'a', ...more,
});

/** A service of paper venues whose orders take `latencyUs` each way and whose journals are in memory unless given. */
export function paperVenues(
  context: ServiceContext, { latencyUs = 3_000, venues = [VENUE], openJournal, ...options }: Partial<SeatOptions> & {
    latencyUs?: number; venues?: readonly string[]; openJournal?: (venue: string) => JournalOpener;
  } = {},
): PaperVenueService {
  const configurations = venues.map((venue) => ({
    venue, matching: { queue: riskAverseQueue, depth: 'books' as const }, fees: new RateFees('0', '0.001'),
    latency: new ConstantLatency(latencyUs), openJournal: openJournal?.(venue) ?? memoryJournals(context.random),
  }));
  return new PaperVenueService(context, configurations, { mode: 'shared', lostJournals: [], ...options });
}

/** Calls a venue as execution does. */
export class VenueClient {
  private constructor(private readonly bus: Bus, private readonly grantedBy: string) {}

  static async open(bus: Bus): Promise<VenueClient> {
    return new VenueClient(bus, await readIdentity(bus, BUS_IDENTITY));
  }

  place(fields: Partial<VenueOrderRequest> = {}, timeoutMs?: number): Promise<PlaceOutcome> {
    const request: VenueOrderRequest = {
      account: 'main', clientId: 'abc', venue: VENUE, symbol: 'BTC/USDT', side: 'buy', type: 'limit', timeInForce: 'IOC', postOnly: false,
      price: '100.0', size: '2', validUntilUs: Date.now() * 1000 + 60_000_000, epoch: 1, grantedBy: this.grantedBy, ...fields,
    };
    return this.call({ call: 'place', request }, timeoutMs);
  }

  order(clientId: string, timeoutMs?: number): Promise<OrderOutcome> {
    return this.call({ call: 'order', account: 'main', clientId }, timeoutMs);
  }

  /** @throws ParallaxError where nobody answers in time. */
  async call<Outcome>(call: VenueCall, timeoutMs = 60_000, venue = call.call === 'place' ? call.request.venue : VENUE): Promise<Outcome> {
    const { bytes } = await this.bus.request(subjects.venueOrder(venue), encodeJson(call), { timeoutMs });
    return JSON.parse(Buffer.from(bytes).toString()) as Outcome;
  }
}
