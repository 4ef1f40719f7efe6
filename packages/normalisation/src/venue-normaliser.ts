import type { DepthUpdate } from '@parallax/book';
import { Trust, TrustCause, type InstrumentTable } from '@parallax/types';
import type { FinerNumber, FrameReader, FrameSink, NoticeKind, TickerUpdate, TradesUpdate, VenueDefinition } from '@parallax/venues';
import { ClockOffset, IMPLAUSIBLE_US } from './clock-offset.js';
import { ConnectionState } from './connection-state.js';
import { GuardedSink, type SinkFault } from './guarded-sink.js';
import { dropImpossibleTrades } from './possible-trades.js';
import type { FrameOrigin, NormalisedSink } from './sink.js';
import { SymbolMarket } from './symbol-market.js';

/** A dead letter keeps this much of its frame. */
const DEAD_LETTER_BYTES = 65_536;
/** A snapshot of 5,000 levels a side fits. */
const SNAPSHOT_LETTER_BYTES = 524_288;
/** A connection that was heard so lately lives, even where several carry the same; after it its end may just not have been heard. */
const LIVES_US = 1_000_000;
/** How often silence is looked for. */
const SILENCE_CHECK_US = 250_000;

export interface NormaliserOptions {
  /** False leaves checksums unchecked: only to measure what they cost. */
  readonly verifyChecksums?: boolean;
  /** The number of the writer in every row: see `Column.epoch`. */
  readonly epoch?: number;
  /** Hears what the venue says that it will not do, such as a subscription; `instrument` is -1 where it names none. */
  readonly onVenueError?: (error: string, instrument: number) => void;
  /** Hears what the sink throws, or who hears of errors and finer numbers; without it the first fault is thrown once the core is whole again. */
  readonly onSinkFault?: SinkFault;
  /** Hears of numbers that are finer than their instrument's scale. */
  readonly onFiner?: (finer: FinerNumber, instrument: number) => void;
}

/**
 * The normalisation core of one venue: raw frames in; quotes, book changes, trades, dead letters and snapshot requests
 * out. Pure: its time is the frames' receive time and what {@link onWake} is told.
 */
export class VenueNormaliser implements FrameSink {
  wakeAtUs = Infinity;
  readonly clock = new ClockOffset();
  readonly deadLetters = new Map<string, number>();
  frames = 0;
  /** The venue's time of what happened in the last frame; 0 where it tells none, or only how things stand, which may be old. */
  eventAtUs = 0;
  private readonly reader: FrameReader;
  private readonly markets: (SymbolMarket | undefined)[] = [];
  private readonly active: number[] = [];
  private readonly connections = new Map<number, ConnectionState>();
  private readonly origin: FrameOrigin;
  private readonly verify: boolean;
  private readonly sink: GuardedSink;
  private connection = new ConnectionState();
  private bytes: Uint8Array = new Uint8Array(0);
  /** The instrument whose REST snapshot is being read; -1 for a frame of a stream. */
  private asked = -1;

  constructor(
    readonly definition: VenueDefinition,
    private readonly instruments: InstrumentTable,
    sink: NormalisedSink,
    private readonly options: NormaliserOptions = {},
  ) {
    this.sink = new GuardedSink(sink, options.onSinkFault);
    this.verify = options.verifyChecksums ?? true;
    this.origin = { connection: 0, frame: 0, receivedAtUs: 0, epoch: options.epoch ?? 0 };
    this.reader = definition.createReader(instruments, this);
  }

  /** The market of an instrument; made at its first frame or at the first call. */
  market(instrument: number): SymbolMarket {
    let market = this.markets[instrument];
    if (market === undefined) {
      market = new SymbolMarket(instrument, this.definition.join, this.instruments.get(instrument), this.sink);
      this.markets[instrument] = market;
      this.active.push(instrument);
    }
    return market;
  }

  /** Whether anything was heard of an instrument. */
  knows(instrument: number): boolean {
    return this.markets[instrument] !== undefined;
  }

  /** Instruments that have had a frame, in order of appearance. */
  seen(): readonly number[] {
    return this.active;
  }

  /** Whether another book of the connection that carries an instrument's is trusted. */
  othersTrusted(instrument: number): boolean {
    const { bookConnection } = this.market(instrument);
    return this.active.some((other) => {
      const market = this.market(other);
      return other !== instrument && market.bookConnection === bookConnection && market.keeper.trust === Trust.synced;
    });
  }

  onFrame(connection: number, frame: number, receivedAtUs: number, bytes: Uint8Array): void {
    this.enter(connection, frame, receivedAtUs, bytes, -1);
    this.reader.read(bytes);
    this.sink.settle();
  }

  onSnapshot(connection: number, frame: number, receivedAtUs: number, bytes: Uint8Array, instrument: number): void {
    this.enter(connection, frame, receivedAtUs, bytes, instrument);
    this.reader.snapshot(bytes, instrument);
    this.sink.settle();
  }

  /** Frames that never arrived between two that did: whatever was in them is lost to every book of the connection. */
  onFramesLost(connection: number, nowUs: number): void {
    this.faultConnection(connection, TrustCause.connectionGap, nowUs);
    this.sink.settle();
  }

  /** Books of which another connection carries the same chain go on there. */
  onConnectionClosed(connection: number, nowUs: number): void {
    const state = this.connections.get(connection);
    this.connections.delete(connection);
    if (state !== undefined) this.faultBooks(connection, state, TrustCause.connectionLost, nowUs);
    this.sink.settle();
  }

  /** Frames of more than one market may come: every book is lost, and each connection is heard anew, should its frames be handed over again. */
  onTwoWriters(nowUs: number): void {
    this.connections.clear();
    this.origin.connection = 0;
    this.origin.receivedAtUs = nowUs;
    for (const instrument of this.active) this.market(instrument).fault(TrustCause.twoWriters, this.origin);
    this.sink.settle();
  }

  onWake(nowUs: number): void {
    this.wakeAtUs = nowUs + SILENCE_CHECK_US;
    this.origin.receivedAtUs = nowUs;
    for (const instrument of this.active) {
      const market = this.market(instrument);
      if (market.keeper.trust === Trust.synced && market.rhythm.isSilent(nowUs)) market.fault(TrustCause.silence, this.origin);
    }
    this.sink.settle();
  }

  onDepth(update: DepthUpdate): void {
    if (!this.isPlausible(update.exchangeAtUs, update.snapshot)) return this.refuseTime(update.instrument, true);
    this.connection.carriesBook(update.instrument);
    const { origin } = this;
    const market = this.marketOf(update.instrument);
    const { bookConnection } = market;
    if (bookConnection !== origin.connection && !market.admits(update, origin, this.lives(bookConnection))) return;
    if (update.unreadable.length > 0) this.tellUnreadable(update);
    if (update.finer !== null) this.onFiner(update.finer, update.instrument);
    market.onDepth(update, origin, this.verify);
  }

  onTicker(update: TickerUpdate): void {
    if (!this.isPlausible(update.exchangeAtUs, true)) return this.refuseTime(update.instrument, false);
    if (update.bidPrice >= update.askPrice && update.askPrice > 0) {
      return this.onRefused('the ticker is crossed', 'bid and ask', update.instrument, false);
    }
    this.marketOf(update.instrument).onTicker(update, this.origin);
  }

  onTrades(update: TradesUpdate): void {
    const { origin } = this;
    // History that a venue sends on subscribing may be of any age, and is not told.
    const dropped = update.snapshot ? 0 : dropImpossibleTrades(update, origin.receivedAtUs);
    if (dropped > 0) this.refuseTime(update.instrument, false, dropped);
    if (dropped > 0 && update.count === 0) return;
    const market = this.marketOf(update.instrument);
    const { tradesConnection } = market;
    if (tradesConnection !== origin.connection && !market.admitsTrades(origin, this.lives(tradesConnection))) return;
    market.onTrades(update, origin);
  }

  onNotice(kind: NoticeKind, instrument: number, detail: string): void {
    if (kind !== 'error') return;
    try {
      this.options.onVenueError?.(detail, instrument);
    } catch (error) {
      this.sink.note(error, 'onVenueError');
    }
  }

  onConnectionSequence(sequence: number): void {
    if (this.connection.follows(sequence)) return;
    this.faultConnection(this.origin.connection, TrustCause.connectionGap, this.origin.receivedAtUs);
  }

  onRefused(reason: string, place: string, instrument: number, mayBeOfBook: boolean): void {
    this.tellLetter(reason, place, instrument);
    if (!mayBeOfBook) return;
    // An answer of REST that cannot be read says nothing against a book that stands.
    if (this.asked >= 0 && this.market(this.asked).keeper.trust !== Trust.resyncing) return;
    if (instrument >= 0) this.doubt(this.marketOf(instrument));
    else this.faultConnection(this.origin.connection, TrustCause.frameRefused, this.origin.receivedAtUs);
  }

  /** Where ids chain the updates, the next one shows whether the refused frame changed the book; elsewhere nothing would. */
  private doubt(market: SymbolMarket): void {
    market.fault(market.keeper.chained ? TrustCause.frameRefused : TrustCause.numberRefused, this.origin);
  }

  onFiner(finer: FinerNumber, instrument: number): void {
    try {
      this.options.onFiner?.(finer, instrument);
    } catch (error) {
      this.sink.note(error, 'onFiner');
    }
  }

  /** One letter for all of a frame's book, so that a book of large numbers makes no flood. */
  private tellUnreadable({ unreadable, instrument }: DepthUpdate): void {
    const standing = unreadable.filter(({ stands }) => stands);
    if (standing.length === 0) return;
    const [{ reason, place }] = standing;
    this.tellLetter(reason, standing.length === 1 ? place : `${place} and ${standing.length - 1} more`, instrument);
  }

  private tellLetter(reason: string, place: string, instrument: number): void {
    const { origin, bytes, asked } = this;
    // Reasons are counted without the values they quote, so that there are few of them.
    const kind = reason.replace(/"[^"]*"/g, '…').replace(/^not JSON: .*/s, 'not JSON');
    count(this.deadLetters, kind);
    const of = asked >= 0 ? asked : instrument;
    const known = of >= 0 ? count(this.market(of).counters.deadLetters, kind) : 0;
    // A snapshot that is refused is asked for again and again: the first says it all.
    const kept = bytes.subarray(0, asked >= 0 && known === 1 ? SNAPSHOT_LETTER_BYTES : DEAD_LETTER_BYTES);
    this.sink.onDeadLetter({
      venue: this.definition.id, symbol: of >= 0 ? this.instruments.get(of).symbol : null, kind: asked >= 0 ? 'snapshot' : 'stream',
      connection: origin.connection, frame: origin.frame, receivedAtUs: origin.receivedAtUs,
      reason, place, text: new TextDecoder().decode(kept), truncated: kept.length < bytes.length,
    });
  }

  private enter(connection: number, frame: number, receivedAtUs: number, bytes: Uint8Array, asked: number): void {
    const { origin } = this;
    this.frames++;
    this.eventAtUs = 0;
    this.bytes = bytes;
    this.asked = asked;
    if (origin.connection !== connection || this.frames === 1) {
      this.connection = this.connections.get(connection) ?? new ConnectionState();
      this.connections.set(connection, this.connection);
      origin.connection = connection;
    }
    this.connection.heardAtUs = receivedAtUs;
    origin.frame = frame;
    origin.receivedAtUs = receivedAtUs;
    if (this.wakeAtUs === Infinity) this.wakeAtUs = receivedAtUs + SILENCE_CHECK_US;
  }

  private marketOf(instrument: number): SymbolMarket {
    let market = this.markets[instrument] ?? this.market(instrument);
    if (market.specification.version !== this.instruments.get(instrument).version) market = this.renewed(instrument, market);
    return market;
  }

  /** Integers of the old version mean something else now: its book is told to be lost, and another begins. */
  private renewed(instrument: number, old: SymbolMarket): SymbolMarket {
    old.fault(TrustCause.specificationChanged, this.origin);
    const market = new SymbolMarket(instrument, this.definition.join, this.instruments.get(instrument), this.sink);
    this.markets[instrument] = market;
    return market;
  }

  /** `mayBeOld`: it tells how things stand, and may carry the time of their last change, days ago where nothing happens. */
  private isPlausible(exchangeAtUs: number, mayBeOld: boolean): boolean {
    const { receivedAtUs } = this.origin;
    if (!mayBeOld) this.eventAtUs = exchangeAtUs;
    if (mayBeOld && exchangeAtUs < receivedAtUs - IMPLAUSIBLE_US) return true;
    return this.clock.observe(exchangeAtUs, receivedAtUs);
  }

  private refuseTime(instrument: number, isOfBook: boolean, events = 1): void {
    const place = events === 1 ? 'time' : `time and ${events - 1} more`;
    this.onRefused('the exchange time is more than a day off the receive time', place, instrument, isOfBook);
  }

  private faultConnection(connection: number, cause: TrustCause, nowUs: number): void {
    const state = this.connections.get(connection);
    if (state !== undefined) this.faultBooks(connection, state, cause, nowUs);
  }

  private faultBooks(connection: number, { books }: ConnectionState, cause: TrustCause, nowUs: number): void {
    this.origin.receivedAtUs = nowUs;
    for (const instrument of books) {
      const market = this.market(instrument);
      // A book that moved to a newer connection is not concerned by what becomes of the old one.
      if (market.bookConnection !== connection) continue;
      const other = cause === TrustCause.connectionLost && market.keeper.chained ? this.otherCarrier(instrument) : -1;
      if (other >= 0) market.bookConnection = other;
      else market.fault(cause, this.origin);
    }
  }

  /** A living connection that carries an instrument's book; -1 where there is none. */
  private otherCarrier(instrument: number): number {
    for (const [connection, { books }] of this.connections) if (books.has(instrument) && this.lives(connection)) return connection;
    return -1;
  }

  private lives(connection: number): boolean {
    const state = this.connections.get(connection);
    return state !== undefined && this.origin.receivedAtUs - state.heardAtUs < LIVES_US;
  }
}

/** Counts one more; returns how many there are now. */
function count(counts: Map<string, number>, kind: string): number {
  const now = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, now);
  return now;
}
