import { AddressLimits, BackOff, SnapshotPlanner } from '@parallax/ingestion';
import { publishInstruments, type ServiceContext } from '@parallax/runtime';
import { ParallaxError, type HttpClient, type InstrumentSpecification, type SocketFactory } from '@parallax/types';
import type { ConnectionPlan, Endpoints, FeedName, VenueDefinition } from '@parallax/venues';
import { Connection } from './connection.js';
import { readListing, wantedOf, type Listed } from './listing.js';
import { VenueRest } from './venue-rest.js';

/** What to take from a venue. */
export interface VenueSelection {
  readonly definition: VenueDefinition;
  /** Unified symbols; those the venue does not list are said and left out. Null: all that it lists. */
  readonly symbols: readonly string[] | null;
  readonly feeds: readonly FeedName[];
  readonly endpoints?: Endpoints;
}

const LISTING_EVERY_MS = 600_000;
const FETCHED_LATELY_US = 3_000_000;
/** A replacement opens this long before the venue would close the connection, and not for one that is younger. */
const REPLACE_BEFORE_US = 60_000_000;

/** One venue: its listing, its connections, its REST snapshots. */
export class VenueIngestion {
  readonly connections: Connection[] = [];
  instruments: InstrumentSpecification[] = [];
  problem = 'the listing has not come yet';
  private readonly snapshots: SnapshotPlanner | null;
  private readonly address: AddressLimits;
  private readonly rest: VenueRest;
  private readonly backOff: BackOff;
  private readonly replacing = new Map<Connection, Connection>();
  /** When a REST snapshot of a symbol came last. */
  private readonly fetchedAtUs = new Map<string, number>();
  private stopped = false;
  private cancelReading: () => void = () => {};

  constructor(
    private readonly context: ServiceContext,
    private readonly sockets: SocketFactory,
    http: HttpClient,
    readonly selection: VenueSelection,
  ) {
    const { definition } = selection;
    this.backOff = new BackOff(context.random);
    this.address = new AddressLimits(definition.limits);
    this.rest = new VenueRest(http, definition, selection.endpoints);
    this.snapshots = definition.snapshots
      ? new SnapshotPlanner(definition.limits.restWeight, definition.snapshots.weight, (symbol) => void this.fetchSnapshot(symbol))
      : null;
  }

  get venue(): string {
    return this.selection.definition.id;
  }

  /** Reads the listing, connects, and goes on reading it: steps change, symbols come and go. Waits by itself until the venue answers. */
  async start(): Promise<void> {
    const { definition } = this.selection;
    let againMs = LISTING_EVERY_MS;
    try {
      await this.follow(await readListing(definition, this.rest, this.context.log));
      this.backOff.reset();
    } catch (error) {
      const problem = `the listing cannot be read: ${(error as Error).message}`;
      // Those that are followed go on by the listing that there was.
      if (this.instruments.length === 0) {
        this.problem = problem;
        againMs = Math.max(this.backOff.next(), this.waitFor(error));
      }
      this.context.log.warn(problem, { venue: definition.id, retryInMs: againMs });
    }
    if (!this.stopped) this.cancelReading = this.context.timers.after(againMs, () => void this.start());
  }

  stop(): void {
    this.stopped = true;
    this.cancelReading();
    for (const connection of [...this.connections, ...this.replacing.values()]) connection.stop();
  }

  wake(nowUs: number): void {
    for (const connection of [...this.connections, ...this.replacing.values()]) {
      if (nowUs >= connection.core.wakeAtUs) connection.core.onWake(nowUs);
    }
    for (const connection of this.connections) {
      if (nowUs >= connection.core.expiresAtUs - REPLACE_BEFORE_US) this.replace(connection);
    }
    for (const [old, fresh] of this.replacing) if (fresh.core.isSteady(nowUs)) this.takeOver(old, fresh);
    if (this.snapshots && nowUs >= this.snapshots.wakeAtUs) this.snapshots.onWake(nowUs);
  }

  /** Brings a fresh snapshot in the venue's own way. False when the symbol is not carried here. */
  resync(symbol: string, reason: string): boolean {
    const connection = this.connections.find((one) => one.carriesBook(symbol));
    const instrument = this.instruments.find((one) => one.symbol === symbol);
    if (!connection || !instrument) return false;
    // Once the socket is open the subscription brings the snapshot, or updates that ask for one.
    if (connection.core.state !== 'open') return true;
    const nowUs = this.context.clock.nowUs();
    if (this.snapshots) {
      // One that has just come and did not help will not help again; the stream may have a better one.
      const isInVain = nowUs - (this.fetchedAtUs.get(symbol) ?? -Infinity) < FETCHED_LATELY_US;
      if (!isInVain || !this.subscribeAnew(connection, instrument)) this.snapshots.want(symbol, nowUs);
    } else if (!this.subscribeAnew(connection, instrument)) {
      connection.core.restart(`${symbol}: ${reason}`, nowUs);
    }
    return true;
  }

  /** False where the venue's stream gives no snapshot that way. */
  private subscribeAnew({ core }: Connection, instrument: InstrumentSpecification): boolean {
    const messages = this.selection.definition.stream.resubscribe(instrument, 'depth');
    core.send(messages, this.context.clock.nowUs());
    return messages.length > 0;
  }

  private connectionFor(plan: ConnectionPlan): Connection {
    return new Connection(this.context, this.sockets, this.selection.definition, this.address, plan, (ending) => {
      // One that has just opened has been told what its predecessor was told.
      if (ending.core.isOlder(this.context.clock.nowUs(), REPLACE_BEFORE_US)) this.replace(ending);
    });
  }

  /** Both carry the same for a while, so that no book is without one. */
  private replace(old: Connection): void {
    if (this.replacing.has(old) || !this.connections.includes(old)) return;
    const fresh = this.connectionFor(old.plan);
    this.replacing.set(old, fresh);
    fresh.start();
  }

  private takeOver(old: Connection, fresh: Connection): void {
    this.replacing.delete(old);
    this.connections[this.connections.indexOf(old)] = fresh;
    old.stop();
  }

  private async follow(listed: Listed): Promise<void> {
    const { definition, symbols, feeds, endpoints } = this.selection;
    if (this.stopped) return;
    const followed = new Set(this.instruments.map(({ symbol }) => symbol));
    const wanted = wantedOf(listed, symbols, this.instruments);
    const unlisted = (symbols ?? []).filter((symbol) => !wanted.some((one) => one.symbol === symbol));
    if (unlisted.length > 0 && followed.size === 0) this.context.log.warn('the venue does not list', { venue: definition.id, symbols: unlisted });
    await publishInstruments(this.context.bus, wanted);
    if (this.stopped) return;
    this.instruments = wanted;
    this.problem = wanted.length === 0 ? 'it lists none of the wanted symbols' : '';
    const added = wanted.filter(({ symbol }) => !followed.has(symbol));
    for (const plan of definition.stream.plan(added, feeds, endpoints)) {
      const connection = this.connectionFor(plan);
      this.connections.push(connection);
      connection.start();
    }
  }

  /** How long the venue says to wait, in milliseconds; nothing else is asked for meanwhile. */
  private waitFor(error: unknown): number {
    const waitMs = error instanceof ParallaxError ? (error.retryAfterMs ?? 0) : 0;
    if (waitMs > 0) this.snapshots?.pause(this.context.clock.nowUs() + waitMs * 1_000);
    return waitMs;
  }

  private async fetchSnapshot(symbol: string): Promise<void> {
    const { definition } = this.selection;
    const instrument = this.instruments.find((one) => one.symbol === symbol);
    const connection = this.connections.find((one) => one.carriesBook(symbol));
    const stream = connection?.openStream;
    try {
      if (!instrument || !definition.snapshots || !stream) return;
      const bytes = await this.rest.get(definition.snapshots.url(instrument, this.rest.endpoint));
      if (!stream.snapshot(symbol, bytes)) throw new Error('its connection ended meanwhile');
      this.fetchedAtUs.set(symbol, this.context.clock.nowUs());
    } catch (error) {
      this.context.log.warn('no snapshot to be had', { venue: definition.id, symbol, error: (error as Error).message });
      this.waitFor(error);
      // The stream may have one where REST has not.
      if (connection && instrument) this.subscribeAnew(connection, instrument);
    } finally {
      this.snapshots?.onDone(symbol);
    }
  }
}
