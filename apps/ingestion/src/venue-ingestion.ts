import { BackOff, SnapshotPlanner } from '@parallax/ingestion';
import { publishInstruments, type ServiceContext } from '@parallax/runtime';
import type { HttpClient, InstrumentSpecification, SocketFactory } from '@parallax/types';
import type { Endpoints, FeedName, VenueDefinition } from '@parallax/venues';
import { Connection } from './connection.js';

/** What to take from a venue. */
export interface VenueSelection {
  readonly definition: VenueDefinition;
  /** Unified symbols; those the venue does not list are said and left out. Null: all that it lists. */
  readonly symbols: readonly string[] | null;
  readonly feeds: readonly FeedName[];
  readonly endpoints?: Endpoints;
}

const HTTP_TIMEOUT_MS = 15_000;
/** A replacement opens this long before the venue would close the connection. */
const REPLACE_BEFORE_US = 60_000_000;
const DEFAULT_RETRY_AFTER_S = 60;

/** One venue: its listing, its connections, its REST snapshots. */
export class VenueIngestion {
  readonly connections: Connection[] = [];
  instruments: InstrumentSpecification[] = [];
  problem = 'the listing has not come yet';
  private readonly snapshots: SnapshotPlanner | null;
  private readonly backOff: BackOff;
  private readonly replacing = new Map<Connection, Connection>();
  private stopped = false;
  private cancelRetry: () => void = () => {};

  constructor(
    private readonly context: ServiceContext,
    private readonly sockets: SocketFactory,
    private readonly http: HttpClient,
    readonly selection: VenueSelection,
  ) {
    const { definition } = selection;
    this.backOff = new BackOff(context.random);
    this.snapshots = definition.snapshots
      ? new SnapshotPlanner(definition.limits.restWeightPerMinute, definition.snapshots.weight, (symbol) => void this.fetchSnapshot(symbol))
      : null;
  }

  get venue(): string {
    return this.selection.definition.id;
  }

  /** Reads the listing, then connects; tries again by itself until the venue answers. */
  async start(): Promise<void> {
    const { definition, symbols, feeds, endpoints } = this.selection;
    try {
      const listed = await this.readListing();
      if (this.stopped) return;
      this.instruments = symbols === null ? listed : listed.filter(({ symbol }) => symbols.includes(symbol));
      const unlisted = (symbols ?? []).filter((symbol) => !listed.some((one) => one.symbol === symbol));
      if (unlisted.length > 0) this.context.log.warn('the venue does not list', { venue: definition.id, symbols: unlisted });
      await publishInstruments(this.context.bus, this.instruments);
      this.problem = this.instruments.length === 0 ? 'it lists none of the wanted symbols' : '';
      for (const plan of definition.stream.plan(this.instruments, feeds, endpoints)) {
        const connection = new Connection(this.context, this.sockets, definition, plan);
        this.connections.push(connection);
        connection.start();
      }
    } catch (error) {
      this.problem = `the listing cannot be read: ${(error as Error).message}`;
      const delayMs = this.backOff.next();
      this.context.log.warn(this.problem, { venue: definition.id, retryInMs: delayMs });
      if (!this.stopped) this.cancelRetry = this.context.timers.after(delayMs, () => void this.start());
    }
  }

  stop(): void {
    this.stopped = true;
    this.cancelRetry();
    for (const connection of [...this.connections, ...this.replacing.values()]) connection.stop();
  }

  wake(nowUs: number): void {
    for (const connection of [...this.connections, ...this.replacing.values()]) {
      if (nowUs >= connection.core.wakeAtUs) connection.core.onWake(nowUs);
    }
    for (const connection of this.connections) {
      if (nowUs >= connection.core.expiresAtUs - REPLACE_BEFORE_US && !this.replacing.has(connection)) this.replace(connection);
    }
    if (this.snapshots && nowUs >= this.snapshots.wakeAtUs) this.snapshots.onWake(nowUs);
  }

  /** Brings a fresh snapshot in the venue's own way. False when the symbol is not carried here. */
  resync(symbol: string, reason: string): boolean {
    const connection = this.connections.find((one) => one.carries(symbol));
    const instrument = this.instruments.find((one) => one.symbol === symbol);
    if (!connection || !instrument) return false;
    const { definition } = this.selection;
    if (this.snapshots) {
      this.snapshots.want(symbol, this.context.clock.nowUs());
      return true;
    }
    // On a socket that is just opening the subscription brings the snapshot by itself.
    if (connection.core.state !== 'open') return true;
    const messages = definition.stream.resubscribe(instrument, 'depth');
    if (messages.length === 0) connection.core.restart(`${symbol}: ${reason}`);
    for (const message of messages) connection.core.send(message, this.context.clock.nowUs());
    return true;
  }

  private replace(old: Connection): void {
    const replacement = new Connection(this.context, this.sockets, old.definition, old.plan, (fresh) => {
      this.replacing.delete(old);
      this.connections[this.connections.indexOf(old)] = fresh;
      old.stop();
    });
    this.replacing.set(old, replacement);
    replacement.start();
  }

  private async readListing(): Promise<InstrumentSpecification[]> {
    const { definition, endpoints } = this.selection;
    const found: InstrumentSpecification[] = [];
    for (const url of definition.listing.urls(endpoints)) {
      const reply = await this.http.get(url, { timeoutMs: HTTP_TIMEOUT_MS });
      if (reply.status !== 200) throw new Error(`${url} answered ${reply.status}`);
      found.push(...definition.listing.read(new TextDecoder().decode(reply.body), (reason, place) => {
        this.context.log.warn('an entry of the listing cannot be read', { venue: definition.id, place, reason });
      }));
    }
    return found;
  }

  private async fetchSnapshot(symbol: string): Promise<void> {
    const { definition, endpoints } = this.selection;
    const instrument = this.instruments.find((one) => one.symbol === symbol);
    try {
      if (!instrument || !definition.snapshots) return;
      const reply = await this.http.get(definition.snapshots.url(instrument, endpoints), { timeoutMs: HTTP_TIMEOUT_MS });
      if (reply.status === 429 || reply.status === 418) {
        const seconds = Number(reply.headers['retry-after'] ?? DEFAULT_RETRY_AFTER_S) || DEFAULT_RETRY_AFTER_S;
        this.snapshots?.pause(this.context.clock.nowUs() + seconds * 1_000_000);
      }
      if (reply.status !== 200) throw new Error(`answered ${reply.status}`);
      this.connections.find((one) => one.carries(symbol))?.publishSnapshot(symbol, reply.body);
    } catch (error) {
      this.context.log.warn('no snapshot to be had', { venue: definition.id, symbol, error: (error as Error).message });
    } finally {
      this.snapshots?.onDone(symbol);
    }
  }
}
