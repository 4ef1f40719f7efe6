import { AddressLimits, BackOff, missingSymbols, VenueStreams, type ConnectionCore } from '@parallax/ingestion';
import { publishInstruments, type ServiceContext } from '@parallax/runtime';
import { atLeastAsFine, ParallaxError, type Decimals, type HttpClient, type InstrumentSpecification, type MarketSource, type MissingSymbol, type SnapshotRequest, type SocketFactory, type VenueFeed } from '@parallax/types';
import type { Endpoints, FeedName, VenueDefinition } from '@parallax/venues';
import { BookSnapshots } from './book-snapshots.js';
import { readListing, wantedOf, type Listed } from './listing.js';
import { SocketDoor } from './socket-door.js';
import { VenueRest } from './venue-rest.js';

/** What to take from a venue. */
export interface VenueSelection {
  readonly definition: VenueDefinition;
  /** Unified symbols; those the venue does not list are told and left out. Null: all that it lists. */
  readonly symbols: readonly string[] | null;
  readonly feeds: readonly FeedName[];
  /** Those of a simulator; left out: the venue's own. */
  readonly endpoints?: Endpoints;
}

export const marketOf = ({ endpoints }: VenueSelection): MarketSource => (endpoints === undefined ? 'live' : 'simulated');

const LISTING_EVERY_MS = 600_000;
/** It costs a venue's limits much: whatever the news, it is read no sooner than this after the last time. */
const LISTING_AGAIN_MS = 2_000;
/** What is wanted of a venue whose listing has not come for so long is missing. */
const UNLISTED_US = 60_000_000;

/** One venue: its listing, its connections, its REST snapshots. */
export class VenueIngestion {
  instruments: InstrumentSpecification[] = [];
  problem = 'the listing has not come yet';
  /** All symbols of the venue; null until a listing was read whole. */
  listed: readonly string[] | null = null;
  private readonly streams: VenueStreams;
  private readonly doors = new WeakMap<ConnectionCore, SocketDoor>();
  private readonly snapshots: BookSnapshots;
  private readonly rest: VenueRest;
  private readonly backOff: BackOff;
  /** What is wanted and not listed. */
  private unlisted: readonly string[] = [];
  private startedAtUs = Infinity;
  private readAtUs = 0;
  /** Decimals that the numbers of a symbol were seen to need. */
  private readonly needed = new Map<string, Decimals>();
  private stopped = false;
  private cancelReading: () => void = () => {};

  constructor(
    private readonly context: ServiceContext,
    sockets: SocketFactory,
    http: HttpClient,
    readonly selection: VenueSelection,
    /** The number of this instance as a writer: see `Column.epoch`. */
    private readonly epoch: number,
  ) {
    const { definition } = selection;
    this.backOff = new BackOff(context.random);
    this.rest = new VenueRest(http, definition, selection.endpoints);
    this.streams = new VenueStreams(selection, new AddressLimits(definition.limits), (core) => this.doorOf(core, sockets), context.random);
    this.snapshots = new BookSnapshots(context, definition, this.rest, {
      instrumentOf: (symbol) => this.instruments.find((one) => one.symbol === symbol),
      carrierOf: (symbol) => this.streams.carrierOf(symbol, 'depth'),
      move: (symbol, core) => this.streams.move(symbol, core, context.clock.nowUs()),
      streamOf: (core) => this.doors.get(core)?.openStream ?? null,
      onRefused: (error) => void this.waitFor(error),
    });
  }

  get venue(): string {
    return this.selection.definition.id;
  }

  get connections(): readonly ConnectionCore[] {
    return this.streams.connections;
  }

  /** Reads the listing, connects, and goes on reading it: steps change, symbols come and go. Waits by itself until the venue answers. */
  async start(): Promise<void> {
    const { definition } = this.selection;
    this.startedAtUs = Math.min(this.startedAtUs, this.context.clock.nowUs());
    let againMs = LISTING_EVERY_MS;
    this.cancelReading();
    this.readAtUs = this.context.clock.nowUs();
    try {
      await this.follow(await readListing(definition, this.rest, this.context.log));
      this.backOff.reset();
    } catch (error) {
      const problem = `the listing cannot be read: ${(error as Error).message}`;
      if (this.instruments.length === 0) {
        this.problem = problem;
        againMs = Math.max(this.backOff.next(), this.waitFor(error));
      } else if (!(await this.tellAgain())) againMs = this.backOff.next();
      this.context.log.warn(problem, { venue: definition.id, retryInMs: againMs });
    }
    if (!this.stopped) this.cancelReading = this.context.timers.after(againMs, () => void this.start());
  }

  /**
   * Numbers of a symbol are finer than its specification: the listing is read at once, or as soon as it may be, and where it does
   * not tell, the scales are widened all the same. False when the symbol is not followed here.
   */
  onFiner(symbol: string, needed: Decimals): boolean {
    if (!this.instruments.some((one) => one.symbol === symbol)) return false;
    const known = this.needed.get(symbol) ?? needed;
    this.needed.set(symbol, { price: Math.max(known.price, needed.price), size: Math.max(known.size, needed.size) });
    const waitMs = LISTING_AGAIN_MS - (this.context.clock.nowUs() - this.readAtUs) / 1_000;
    this.cancelReading();
    this.cancelReading = this.context.timers.after(Math.max(0, waitMs), () => void this.start());
    return true;
  }

  stop(): void {
    this.stopped = true;
    this.cancelReading();
    this.streams.stop();
  }

  wake(nowUs: number): void {
    this.streams.wake(nowUs);
    this.snapshots.wake(nowUs);
  }

  /** Brings a fresh snapshot in the venue's own way. False when the symbol is not carried here. */
  resync(request: SnapshotRequest): boolean {
    return this.snapshots.want(request);
  }

  /** What is wanted of the venue, and what of it is missing. */
  feed(nowUs: number): VenueFeed {
    const { connections, venue, instruments } = this;
    return {
      venue, instance: this.context.instance, atUs: nowUs,
      connections: connections.length, open: connections.filter(({ state }) => state === 'open').length,
      wanted: instruments.length === 0 ? (this.selection.symbols ?? []).length - this.unlisted.length : instruments.length,
      missing: [...missingSymbols(this.streams.every()), ...this.unread(nowUs), ...this.unlisted.map((symbol) => absent(symbol, 'unlisted'))],
    };
  }

  /** Symbols of which nobody knows yet whether the venue has them. */
  private unread(nowUs: number): MissingSymbol[] {
    const { symbols, feeds } = this.selection;
    if (this.instruments.length > 0 || this.unlisted.length > 0) return [];
    const sinceUs = nowUs - this.startedAtUs >= UNLISTED_US ? this.startedAtUs : null;
    return (symbols ?? []).map((symbol) => ({ ...absent(symbol, 'wanted'), feeds, sinceUs }));
  }

  private doorOf(core: ConnectionCore, sockets: SocketFactory): SocketDoor {
    const { context, selection } = this;
    const door = new SocketDoor(context, sockets, selection.definition, core, () => this.streams.onEndAnnounced(core, context.clock.nowUs()), this.epoch);
    this.doors.set(core, door);
    return door;
  }

  private async follow(listed: Listed): Promise<void> {
    const { definition, symbols } = this.selection;
    if (this.stopped) return;
    if (listed.whole) this.listed = listed.instruments.map(({ symbol }) => symbol);
    const wanted = wantedOf(listed, symbols, this.instruments);
    const unlisted = (symbols ?? []).filter((symbol) => !wanted.some((one) => one.symbol === symbol));
    if (unlisted.length > 0 && this.instruments.length === 0) this.context.log.warn('the venue does not list', { venue: definition.id, symbols: unlisted });
    await this.publish(wanted);
    if (this.stopped) return;
    this.unlisted = unlisted;
    this.problem = wanted.length === 0 ? 'it lists none of the wanted symbols' : '';
    this.streams.follow(this.instruments, this.context.clock.nowUs());
  }

  /** Tells the specifications, at the scales that their numbers were seen to need. */
  private async publish(wanted: readonly InstrumentSpecification[]): Promise<void> {
    const instruments = wanted.map((one) => atLeastAsFine(one, this.needed.get(one.symbol) ?? { price: 0, size: 0 }));
    await publishInstruments(this.context.bus, instruments);
    this.instruments = instruments;
  }

  /** What is followed goes on by the listing that there was, at the scales that its numbers need. False where the bus does not take it. */
  private tellAgain(): Promise<boolean> {
    return this.publish(this.instruments).then(() => true, () => false);
  }

  /** How long the venue says to wait, in milliseconds; nothing else is asked for meanwhile. */
  private waitFor(error: unknown): number {
    const waitMs = error instanceof ParallaxError ? (error.retryAfterMs ?? 0) : 0;
    if (waitMs > 0) this.snapshots.pause(this.context.clock.nowUs() + waitMs * 1_000);
    return waitMs;
  }
}

const absent = (symbol: string, state: MissingSymbol['state']): MissingSymbol =>
  ({ symbol, state, feeds: [], sinceUs: null, heardAtUs: null, attempts: 0, reason: '' });
