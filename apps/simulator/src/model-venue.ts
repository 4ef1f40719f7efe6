import type { BookDelta, Fault, InstrumentMarket, ModelTrade } from '@parallax/market-model';
import type { Clock } from '@parallax/types';
import type { Client, Connection, VenueEndpoint } from './endpoint.js';
import { StandingFaults } from './faults/standing-faults.js';
import { SessionDriver } from './session-driver.js';
import type { BookSnapshot, ProtocolFactory, RestReply, VenueMarkets, VenueProtocol } from './venues/protocol.js';

const HISTORY_SECONDS = 60;

/** One venue of the market model: its clients, and its books as REST answers see them. */
export class ModelVenue implements VenueEndpoint, VenueMarkets {
  private readonly protocol: VenueProtocol;
  private readonly drivers = new Set<SessionDriver>();
  private readonly bySymbol: Map<string, InstrumentMarket>;
  private readonly history = new Map<InstrumentMarket, BookSnapshot[]>();
  private readonly standing = new StandingFaults();
  private readonly stale: { fault: Fault; left: number }[] = [];

  constructor(
    readonly venue: string,
    readonly markets: readonly InstrumentMarket[],
    factory: ProtocolFactory,
    private readonly clock: Clock,
  ) {
    this.bySymbol = new Map(markets.map((market) => [market.specification.venueSymbol, market]));
    this.protocol = factory(this);
  }

  get pingIntervalMs(): number {
    return this.protocol.pingIntervalMs;
  }

  get connections(): number {
    return this.drivers.size;
  }

  find(venueSymbol: string): InstrumentMarket | undefined {
    return this.bySymbol.get(venueSymbol);
  }

  snapshot(market: InstrumentMarket, depth: number, nowUs: number): BookSnapshot {
    const stale = this.stale.find((each) =>
      each.left > 0 && (each.fault.symbol === undefined || each.fault.symbol === market.specification.symbol));
    const past = this.history.get(market) ?? [];
    if (!stale || past.length === 0) return copyBook(market, depth, nowUs);
    stale.left--;
    const wanted = nowUs - stale.fault.seconds * 1e6;
    const old = past.findLast((each) => each.atUs <= wanted) ?? past[0];
    return { ...old, bids: old.bids.slice(0, depth), asks: old.asks.slice(0, depth) };
  }

  open(path: string, query: URLSearchParams, client: Client): Connection | null {
    const driver = new SessionDriver(
      client, this.clock, this.markets, this.standing,
      (outbox) => this.protocol.open(path, query, outbox, this.clock.nowUs()),
      (ended) => this.drivers.delete(ended),
    );
    if (!driver.opened) return null;
    this.drivers.add(driver);
    return driver;
  }

  rest(path: string, query: URLSearchParams): Promise<RestReply | null> {
    return Promise.resolve(this.protocol.rest(path, query, this.clock.nowUs()));
  }

  addFault(fault: Fault, nowUs: number): void {
    this.standing.add(fault, this.markets.find((market) => market.specification.symbol === fault.symbol)?.specification.venueSymbol);
    if (fault.kind === 'mute-new') return;
    if (fault.kind === 'stale-snapshot') this.stale.push({ fault, left: fault.count });
    for (const driver of this.drivers) driver.addFault(fault, nowUs);
  }

  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[], atUs: number): void {
    for (const driver of this.drivers) driver.onTrades(market, trades, atUs);
  }

  onQuote(market: InstrumentMarket, atUs: number): void {
    for (const driver of this.drivers) driver.onQuote(market, atUs);
  }

  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void {
    for (const driver of this.drivers) driver.onBook(market, delta, atUs);
  }

  onMark(market: InstrumentMarket, atUs: number): void {
    for (const driver of this.drivers) driver.onMark(market, atUs);
  }

  onSecond(nowUs: number): void {
    for (const market of this.markets) {
      const past = this.history.get(market) ?? [];
      past.push(copyBook(market, Infinity, nowUs));
      if (past.length > HISTORY_SECONDS) past.shift();
      this.history.set(market, past);
    }
    for (const driver of this.drivers) driver.onSecond(nowUs);
  }
}

/** Copies a book's best levels as they are. */
export function copyBook(market: InstrumentMarket, depth: number, atUs: number): BookSnapshot {
  const { bids, asks, updateId } = market.book;
  const pairs = (side: typeof bids): [number, number][] => side.prices.slice(0, depth).map((price, i) => [price, side.sizes[i]]);
  return { updateId, atUs, bids: pairs(bids), asks: pairs(asks) };
}
