import type { BusMessage } from '@parallax/bus';
import { followTraces, healthOf, repeat, type Service, type ServiceContext } from '@parallax/runtime';
import type { HttpClient, ServiceHealth, SocketFactory } from '@parallax/types';
import { decodeJson, encodeJson, patterns, snapshotRequestSchema, subjects, untoken } from '@parallax/wire';
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
    const requests = bus.subscribe(patterns.snapshots, (message) => this.onSnapshotRequest(message));
    this.stops.push(
      () => requests.unsubscribe(),
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

  private onSnapshotRequest(message: BusMessage): void {
    const venue = this.venues.find((one) => one.venue === untoken(message.subject.split('.')[2]));
    if (!venue) return;
    const { symbol, reason } = decodeJson(snapshotRequestSchema, message.bytes);
    message.respond(encodeJson({ accepted: venue.resync(symbol, reason) }));
  }
}
