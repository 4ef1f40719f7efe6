import { isOverdue, missingSentences, missingTroubles } from '@parallax/ingestion';
import { followTraces, healthOf, repeat, type Service, type ServiceContext } from '@parallax/runtime';
import { ParallaxError, type HttpClient, type ListingRequest, type ServiceHealth, type SnapshotRequest, type SocketFactory, type VenueFeed } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import { refuseUnknownSymbols } from './unknown-symbols.js';
import { marketOf, VenueIngestion, type VenueSelection } from './venue-ingestion.js';

const WAKE_MS = 20;
const HEALTH_MS = 1_000;
/** Whether the chosen symbols are listed is looked at once all listings have come, or not at all. */
const LISTINGS_WAIT_MS = 5_000;
/** Simulated venues always answer, however slow the machine is. */
const SIMULATED_LISTINGS_WAIT_MS = 120_000;

/** The shell of ingestion: the venues' sockets and REST calls, raw frames onto the bus. */
export class IngestionService implements Service {
  readonly name = 'ingestion' as const;
  readonly venues: readonly VenueIngestion[];
  private readonly stops: (() => void)[] = [];
  private readonly startedAtUs: number;

  constructor(
    private readonly context: ServiceContext,
    sockets: SocketFactory,
    http: HttpClient,
    selections: readonly VenueSelection[],
    /** Symbols that were asked for by name. */
    private readonly chosen: readonly string[] = [],
  ) {
    this.startedAtUs = context.clock.nowUs();
    this.venues = selections.map((selection) => new VenueIngestion(context, sockets, http, selection, this.startedAtUs));
  }

  /** @throws ParallaxError `CONFIG_REFUSED` for chosen symbols that no venue lists, where all listings come at once. */
  async start(): Promise<void> {
    const { clock, timers } = this.context;
    this.stops.push(
      followTraces(this.context),
      repeat(timers, WAKE_MS, () => {
        for (const venue of this.venues) venue.wake(clock.nowUs());
      }),
      repeat(timers, HEALTH_MS, () => this.tell()),
    );
    // Venues answer in their own time; the service is up without them and says who is missing.
    const first = this.venues.map((venue) => venue.start());
    if (this.chosen.length === 0) return;
    const areSimulated = this.venues.every(({ selection }) => marketOf(selection) === 'simulated');
    const waitMs = areSimulated ? SIMULATED_LISTINGS_WAIT_MS : LISTINGS_WAIT_MS;
    let cancel = (): void => {};
    const waited = new Promise<void>((resolve) => void (cancel = timers.after(waitMs, resolve)));
    await Promise.race([Promise.all(first), waited]);
    cancel();
    refuseUnknownSymbols(this.chosen, this.venues);
  }

  async stop(): Promise<void> {
    for (const venue of this.venues) venue.stop();
    for (const stop of this.stops.splice(0)) stop();
    await this.context.bus.flush();
  }

  /** Ready from its start: venues that do not answer, and symbols that are not heard, are no lack of this instance. */
  health(): ServiceHealth {
    const feeds = this.feeds();
    const degraded: string[] = [];
    const counters = { connections: 0, connectionsOpen: 0, losses: 0, attempts: 0, missing: 0 };
    this.venues.forEach(({ venue, problem, connections }, index) => {
      if (problem !== '') degraded.push(`${venue}: ${problem}`);
      for (const { state, lastReason, losses, attempts, channels } of connections) {
        counters.connections++;
        counters.losses += losses;
        counters.attempts += attempts;
        if (state === 'open') counters.connectionsOpen++;
        else degraded.push(`${venue}: the connection for ${channels.symbols.slice(0, 3).join(', ')} is ${state} (${lastReason})`);
      }
      degraded.push(...missingSentences(feeds[index]));
      counters.missing += feeds[index].missing.filter(isOverdue).length;
    });
    const health = healthOf(this.name, this.context, this.startedAtUs, [], counters, missingTroubles(feeds), degraded);
    const markets = new Set(this.venues.map(({ selection }) => marketOf(selection)));
    const [market] = markets.size === 1 ? markets : [];
    return { ...health, market };
  }

  /**
   * Reads a venue's listing at once, because numbers of a symbol are finer than its specification.
   * @throws ParallaxError `INSTRUMENT_UNKNOWN` where the symbol is not watched here.
   */
  onFiner(venue: string, { symbol, ...needed }: ListingRequest): void {
    if (this.venues.find((one) => one.venue === venue)?.onFiner(symbol, needed)) return;
    throw unwatched(venue, symbol);
  }

  /**
   * Brings a fresh snapshot of a symbol's book in the venue's own way; it comes as a frame.
   * @throws ParallaxError `INSTRUMENT_UNKNOWN` where the symbol is not watched here.
   */
  resync(venue: string, request: SnapshotRequest): void {
    if (this.venues.find((one) => one.venue === venue)?.resync(request)) return;
    throw unwatched(venue, request.symbol);
  }

  private feeds(): VenueFeed[] {
    const nowUs = this.context.clock.nowUs();
    return this.venues.map((venue) => venue.feed(nowUs));
  }

  private tell(): void {
    const { bus } = this.context;
    for (const feed of this.feeds()) bus.publish(subjects.venueFeed(feed.venue), encodeJson(feed));
    bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()));
  }
}

const unwatched = (venue: string, symbol: string): ParallaxError =>
  new ParallaxError('INSTRUMENT_UNKNOWN', `${symbol} of ${venue} is not watched here`, { venue, place: 'symbol' });
