import { followTraces, healthOf, repeat, type Service, type ServiceContext } from '@parallax/runtime';
import { ParallaxError, type HttpClient, type ServiceHealth, type SocketFactory } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import { VenueIngestion, type VenueSelection } from './venue-ingestion.js';

const WAKE_MS = 20;
const HEALTH_MS = 1_000;

/** The shell of ingestion: the venues' sockets and REST calls, raw frames onto the bus. */
export class IngestionService implements Service {
  readonly name = 'ingestion' as const;
  readonly venues: readonly VenueIngestion[];
  private readonly stops: (() => void)[] = [];
  private startedAtUs = 0;

  constructor(
    private readonly context: ServiceContext,
    sockets: SocketFactory,
    http: HttpClient,
    selections: readonly VenueSelection[],
  ) {
    this.venues = selections.map((selection) => new VenueIngestion(context, sockets, http, selection));
  }

  start(): Promise<void> {
    const { bus, clock, timers } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(
      followTraces(this.context),
      repeat(timers, WAKE_MS, () => {
        for (const venue of this.venues) venue.wake(clock.nowUs());
      }),
      repeat(timers, HEALTH_MS, () => bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()))),
    );
    // Venues answer in their own time; the service is up without them and says who is missing.
    for (const venue of this.venues) void venue.start();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    for (const venue of this.venues) venue.stop();
    for (const stop of this.stops.splice(0)) stop();
    await this.context.bus.flush();
  }

  /** Ready when every connection of every venue is open. */
  health(): ServiceHealth {
    const missing: string[] = [];
    const counters: Record<string, number> = { connections: 0, losses: 0, attempts: 0 };
    for (const { venue, problem, connections } of this.venues) {
      if (problem !== '') missing.push(`${venue}: ${problem}`);
      for (const { core, plan } of connections) {
        counters.connections++;
        counters.losses += core.losses;
        counters.attempts += core.attempts;
        if (core.state !== 'open') missing.push(`${venue}: the connection for ${plan.symbols.slice(0, 3).join(', ')} is ${core.state} (${core.lastReason})`);
      }
    }
    return healthOf(this.name, this.context, this.startedAtUs, missing, counters);
  }

  /**
   * Brings a fresh snapshot of a symbol's book in the venue's own way; it comes as a frame.
   * @throws ParallaxError `INSTRUMENT_UNKNOWN` where the symbol is not watched here.
   */
  resync(venue: string, symbol: string, reason: string): void {
    if (this.venues.find((one) => one.venue === venue)?.resync(symbol, reason)) return;
    throw new ParallaxError('INSTRUMENT_UNKNOWN', `${symbol} of ${venue} is not watched here`, { venue, place: 'symbol' });
  }
}
