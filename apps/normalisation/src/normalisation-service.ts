import { requestJson, type BusMessage } from '@parallax/bus';
import { BookCures, FinerNumbers, VenueNormaliser } from '@parallax/normalisation';
import { failedOf, followInstruments, followTraces, healthOf, repeat, WriterNames, type Service, type ServiceContext, type ServiceWatch } from '@parallax/runtime';
import { InstrumentTable, ParallaxError, Trust, TRUST_CAUSE_NAMES, type Decimals, type ListingRequest, TrustCause, type ServiceHealth, type SnapshotRequest, type Trouble } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import { bytesOfRow, encodeJson, patterns, subjects, token, untoken } from '@parallax/wire';
import { VenueConnections } from './connections.js';
import { FrameStages } from './frame-stages.js';
import { HeldKeyframes } from './held-keyframes.js';
import { Publisher } from './publisher.js';
import { QuoteMemory, SLICES } from './quote-memory.js';
import { uncuredTroubles } from './uncured-troubles.js';
import { symbolReports, VenueHealthWriter, type SymbolReport } from './report.js';

const WAKE_MS = 100;
/** Where a raw frame's subject names its venue. */
const VENUE_AT = patterns.raw.indexOf('*');
const HEALTH_MS = 1_000;
/** A quote is put into the last values at most this often. */
const REMEMBER_MS = 250;
const SNAPSHOT_TIMEOUT_MS = 10_000;
/** What is logged of a venue's own words. */
const LONGEST_ERROR = 500;

interface Venue {
  readonly normaliser: VenueNormaliser;
  readonly connections: VenueConnections;
  readonly health: VenueHealthWriter;
}

/** The shell of normalisation: raw frames from the bus into one core per venue, and what the cores emit onto the bus. */
export class NormalisationService implements Service {
  readonly name = 'normalisation' as const;
  readonly instruments = new InstrumentTable();
  private readonly venues = new Map<string, Venue>();
  private readonly stages: FrameStages;
  private readonly publisher: Publisher;
  private readonly cures: BookCures;
  private readonly finer: FinerNumbers;
  private readonly memory: QuoteMemory | null;
  private readonly stops: (() => void)[] = [];
  private readonly failed: ServiceWatch['failed'];
  private readonly keyframes = new HeldKeyframes();
  private readonly ingestions = new WriterNames('ingestion');
  private startedAtUs = 0;
  private venueErrors = 0;

  constructor(
    private readonly context: ServiceContext,
    private readonly definitions: ReadonlyMap<string, VenueDefinition>,
  ) {
    const { bus, log, lastValues } = context;
    this.failed = failedOf(context);
    this.memory = lastValues === undefined ? null : new QuoteMemory(lastValues, this.instruments);
    this.finer = new FinerNumbers(this.instruments, (instrument, needed, attempt) => this.askListing(instrument, needed, attempt));
    // Asked once what is happening has happened: a cause may concern other books of the connection too.
    this.cures = new BookCures((instrument, attempt) => queueMicrotask(() => this.askSnapshot(instrument, attempt)));
    this.stages = new FrameStages(context);
    this.publisher = new Publisher(
      bus, this.instruments, context.tracing,
      (instrument, cause) => this.cures.want(instrument, cause, context.clock.nowUs()),
      (error) => log.warn('a dead letter could not be stored', { error: (error as Error).message }),
      this.stages,
    );
  }

  async start(): Promise<void> {
    const { bus, timers, clock } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(await followInstruments(bus, this.instruments, this.context.log));
    const raw = bus.subscribe(patterns.raw, (message) => this.onRaw(message), { whenSlow: 'drop' });
    this.stops.push(
      () => raw.unsubscribe(),
      this.ingestions.follow(bus),
      followTraces(this.context),
      repeat(timers, WAKE_MS, () => this.wake()),
      repeat(timers, HEALTH_MS, () => this.publishHealth()),
    );
    if (this.memory !== null) this.stops.push(repeat(timers, REMEMBER_MS / SLICES, () => this.remember()));
  }

  stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    for (let slice = 0; slice < SLICES; slice++) this.remember();
    return this.context.bus.flush();
  }

  /** Ready from its start: a book that cannot be trusted is the market's state, of which every instance would see the same. */
  health(): ServiceHealth {
    const degraded: string[] = [];
    const counters = {
      frames: 0, framesLost: 0, venueErrors: this.venueErrors, deadLettersDropped: this.publisher.deadLettersDropped, snapshotRequests: this.cures.requested, listingRequests: this.finer.requested,
      books: 0, booksTrusted: 0, ...this.context.lastValues?.counters,
    };
    for (const [id, { normaliser, connections }] of this.venues) {
      counters.frames += normaliser.frames;
      counters.framesLost += connections.framesLost;
      for (const instrument of normaliser.seen()) {
        counters.books++;
        const { trust, cause } = normaliser.market(instrument).keeper;
        const { symbol } = this.instruments.get(instrument);
        if (trust === Trust.synced) counters.booksTrusted++;
        else degraded.push(`the book of ${id} ${symbol} is not trusted: ${TRUST_CAUSE_NAMES[cause]}`);
      }
    }
    if (counters.books === 0) degraded.push('no venue has sent a frame yet');
    return healthOf(this.name, this.context, this.startedAtUs, [], counters, this.troubles(), degraded);
  }

  /** Every symbol that was heard, for summaries. */
  report(): { symbols: SymbolReport[]; frames: number; deadLetters: Record<string, number> } {
    const deadLetters: Record<string, number> = {};
    let frames = 0;
    for (const { normaliser } of this.venues.values()) {
      frames += normaliser.frames;
      for (const [reason, count] of normaliser.deadLetters) deadLetters[reason] = (deadLetters[reason] ?? 0) + count;
    }
    return { symbols: [...this.venues.values()].flatMap(({ normaliser }) => symbolReports(normaliser, this.instruments)), frames, deadLetters };
  }

  /**
   * The whole book of a symbol as it stands, a row's bytes, or the first part of them.
   * @throws ParallaxError `INSTRUMENT_UNKNOWN` where nothing was heard of it.
   */
  keyframe(venue: string, symbol: string): Uint8Array {
    const normaliser = this.venues.get(token(venue))?.normaliser;
    const instrument = normaliser ? this.instruments.find(venue, symbol) : -1;
    if (!normaliser?.knows(instrument)) throw new ParallaxError('INSTRUMENT_UNKNOWN', `there is no book of ${symbol} at ${venue} here`, { venue, place: 'symbol' });
    const origin = { connection: 0, frame: 0, receivedAtUs: this.context.clock.nowUs(), epoch: this.startedAtUs };
    const { row, columns } = normaliser.market(instrument).keyframe(origin);
    return this.keyframes.first(bytesOfRow(row, columns), this.context.clock.nowUs());
  }

  /**
   * A further part of a keyframe that is larger than a message.
   * @throws ParallaxError `INPUT_REFUSED` where it is not held any more.
   */
  keyframePart(next: { readonly of: number; readonly part: number }): Uint8Array {
    return this.keyframes.next(next, this.context.clock.nowUs());
  }

  private onRaw(message: BusMessage): void {
    const { subject } = message;
    const venue = subject.slice(VENUE_AT, subject.indexOf('.', VENUE_AT));
    this.venue(venue)?.connections.onMessage(subject, message.bytes, message.header('symbol'));
  }

  private venue(escaped: string): Venue | undefined {
    const known = this.venues.get(escaped);
    if (known) return known;
    const definition = this.definitions.get(untoken(escaped));
    if (!definition) return undefined;
    const normaliser = new VenueNormaliser(definition, this.instruments, this.publisher, {
      epoch: this.startedAtUs,
      onSinkFault: (error, place) => this.failed(error, `${definition.id}: ${place}`),
      onVenueError: (error, instrument) => this.onVenueError(definition.id, error, instrument),
      onFiner: (finer, instrument) => this.finer.note(finer, instrument, this.context.clock.nowUs()),
    });
    const connections = new VenueConnections(normaliser, this.context, (symbol) => this.instruments.find(definition.id, symbol), this.stages);
    const venue = { normaliser, connections, health: new VenueHealthWriter() };
    this.venues.set(escaped, venue);
    return venue;
  }

  private onVenueError(venue: string, error: string, instrument: number): void {
    this.venueErrors++;
    const symbol = instrument < 0 ? undefined : this.instruments.get(instrument).symbol;
    this.context.log.warn('the venue refuses what it was asked on a connection', { venue, symbol, error: error.slice(0, LONGEST_ERROR) });
  }

  private wake(): void {
    const nowUs = this.context.clock.nowUs();
    for (const { normaliser } of this.venues.values()) {
      if (nowUs >= normaliser.wakeAtUs) normaliser.onWake(nowUs);
      for (const instrument of normaliser.seen()) {
        if (normaliser.market(instrument).keeper.isJoined) this.cures.stands(instrument, nowUs);
      }
    }
    if (nowUs >= this.cures.wakeAtUs) this.cures.onWake(nowUs);
    if (nowUs >= this.finer.wakeAtUs) this.finer.onWake(nowUs);
  }

  private remember(): void {
    this.memory?.round([...this.venues.values()].map(({ normaliser }) => normaliser));
  }

  private askSnapshot(instrument: number, attempt: number): void {
    const { venue, symbol } = this.instruments.get(instrument);
    const normaliser = this.venues.get(token(venue))?.normaliser;
    if (normaliser === undefined) return;
    const { keeper } = normaliser.market(instrument);
    const request: SnapshotRequest = { symbol, reason: TRUST_CAUSE_NAMES[keeper.reason], othersTrusted: normaliser.othersTrusted(instrument) };
    requestJson(this.context.bus, subjects.snapshot(venue), request, { timeoutMs: SNAPSHOT_TIMEOUT_MS }).catch((error: Error) => {
      if (attempt === 1) this.context.log.warn(`no snapshot of ${venue} ${symbol} to be had`, { error: error.message });
    });
  }

  private troubles(): Trouble[] {
    const nowUs = this.context.clock.nowUs();
    const causeOf = (instrument: number): TrustCause => this.venues.get(token(this.instruments.get(instrument).venue))?.normaliser.market(instrument).keeper.cause ?? TrustCause.none;
    const watches = [...this.venues.values()].map(({ normaliser, connections }) => [normaliser.definition.id, connections.writers] as const);
    return [...uncuredTroubles(this.cures.uncured(), this.instruments, causeOf, nowUs), ...this.ingestions.troubles(watches, nowUs)];
  }

  /** The numbers of a symbol are finer than its specification says: news of the instrument, which ingestion reads anew. */
  private askListing(instrument: number, needed: Decimals, attempt: number): void {
    const { venue, symbol } = this.instruments.get(instrument);
    const request: ListingRequest = { symbol, ...needed };
    requestJson(this.context.bus, subjects.listing(venue), request, { timeoutMs: SNAPSHOT_TIMEOUT_MS }).catch((error: Error) => {
      if (attempt === 1) this.context.log.warn(`the listing of ${venue} is not read for ${symbol}`, { error: error.message });
    });
  }

  private publishHealth(): void {
    const { bus, clock } = this.context;
    for (const { normaliser, connections, health } of this.venues.values()) {
      connections.forget(clock.nowUs());
      const report = health.write(normaliser, this.instruments, connections, clock.nowUs());
      bus.publish(subjects.venueHealth(report.venue), encodeJson(report));
    }
    bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()));
  }
}

