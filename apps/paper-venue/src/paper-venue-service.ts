import { DeltaBuffer, LadderBook } from '@parallax/book';
import { readIdentity, type BusMessage } from '@parallax/bus';
import { askKeyframe, followInstruments, healthOf, MarketFeed, repeat, type Service, type ServiceContext } from '@parallax/runtime';
import { PaperVenue, type FeeModel, type Journal, type JournalRecord, type LatencyModel, type MatchingOptions } from '@parallax/simulation';
import { BookChange, InstrumentTable, ParallaxError, RowKind, type Row, type ServiceHealth } from '@parallax/types';
import { BUS_IDENTITY, decodeJson, encodeJson, RowReader, subjects, venueCallSchema } from '@parallax/wire';

const WAKE_MS = 1;
const KEYFRAME_MS = 500;
const KEYFRAME_TIMEOUT_MS = 2_000;
const HEALTH_MS = 1_000;

/** A venue's journal, in the service's hands until it has stopped. */
export interface KeptJournal {
  readonly journal: Journal;
  /** What the journal held at start. */
  readonly found: readonly JournalRecord[];
  /** Called when nothing is appended any more; resolves when all is safe and told. */
  readonly close?: () => void | Promise<void>;
}

export interface PaperVenueConfiguration extends KeptJournal {
  readonly venue: string;
  readonly matching: MatchingOptions;
  readonly fees: FeeModel;
  readonly latency: LatencyModel;
}

/** The shell of paper venues: market data and requests in, answers and reports out; one core per venue. */
export class PaperVenueService implements Service {
  readonly name = 'paper' as const;
  private readonly instruments = new InstrumentTable();
  private readonly venues = new Map<string, PaperVenue>();
  private readonly stops: (() => void)[] = [];
  private readonly closes: (() => void | Promise<void>)[];
  /** Instruments whose keyframe is under way, with what came meanwhile. */
  private readonly asked = new Map<number, DeltaBuffer>();
  private readonly keyframes = new RowReader();
  private cancelWake: () => void = () => {};
  private startedAtUs = 0;
  private requests = 0;
  private refused = 0;

  constructor(
    private readonly context: ServiceContext,
    private readonly configurations: readonly PaperVenueConfiguration[],
  ) {
    this.closes = configurations.flatMap(({ close }) => close ?? []);
  }

  async start(): Promise<void> {
    const { bus, clock, timers, log } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(await followInstruments(bus, this.instruments, log));
    const identity = await readIdentity(bus, BUS_IDENTITY);
    for (const configuration of this.configurations) this.open(configuration, identity);
    const venueOf = (instrument: number): PaperVenue | undefined => this.venues.get(this.instruments.get(instrument).venue);
    const feed = new MarketFeed(bus, this.instruments);
    const feeds = [
      feed.quotes((instrument, row) => venueOf(instrument)?.onQuote(instrument, row, clock.nowUs())),
      feed.books((instrument, row) => this.onBook(venueOf(instrument), instrument, row)),
      feed.trades((instrument, row) => venueOf(instrument)?.onTrades(instrument, row, clock.nowUs())),
    ];
    this.stops.push(
      () => feeds.forEach((subscription) => subscription.unsubscribe()),
      repeat(timers, KEYFRAME_MS, () => this.askKeyframes()),
      repeat(timers, HEALTH_MS, () => bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()))),
      () => this.cancelWake(),
    );
    this.wakeLater();
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    for (const close of this.closes.splice(0)) await close();
    await this.context.bus.flush();
  }

  /** Ready once it knows instruments to trade. */
  health(): ServiceHealth {
    const missing = this.instruments.size > 0 ? [] : ['no instrument is known yet'];
    const missingBooks = [...this.venues.values()].reduce((sum, venue) => sum + venue.missingBooks.length, 0);
    return healthOf(this.name, this.context, this.startedAtUs, missing, { requests: this.requests, refused: this.refused, missingBooks });
  }

  private onBook(core: PaperVenue | undefined, instrument: number, change: Row): void {
    this.asked.get(instrument)?.keep(change);
    core?.onBook(instrument, change, this.context.clock.nowUs());
  }

  private open({ venue, matching, fees, latency, journal, found }: PaperVenueConfiguration, identity: string): void {
    const { bus } = this.context;
    const core = new PaperVenue({
      venue, identity, instruments: this.instruments, matching, fees, latency, journal,
      createBook: ({ priceStep }) => new LadderBook(priceStep),
      onReport: (order) => bus.publish(subjects.venueReport(venue), encodeJson(order)),
    }, found);
    this.venues.set(venue, core);
    const requests = bus.subscribe(subjects.venueOrder(venue), (message) => this.onRequest(core, message));
    this.stops.push(() => requests.unsubscribe());
  }

  private onRequest(core: PaperVenue, message: BusMessage): void {
    const nowUs = this.context.clock.nowUs();
    const answer = (outcome: unknown): void => message.respond(encodeJson(outcome));
    this.requests++;
    try {
      const asked = decodeJson(venueCallSchema, message.bytes);
      if (asked.call === 'place') core.place(asked.request, answer, nowUs);
      else if (asked.call === 'cancel') core.cancel(asked.request, answer, nowUs);
      else if (asked.call === 'order') core.order(asked.account, asked.clientId, answer, nowUs);
      else if (asked.call === 'openOrders') core.openOrders(asked.account, answer, nowUs);
      else core.changedSince(asked.account, asked.sinceUs, answer, nowUs);
    } catch (error) {
      if (!(error instanceof ParallaxError) || error.code !== 'INPUT_REFUSED') throw error;
      this.refused++;
      answer({ kind: 'rejected', code: error.code, detail: error.message });
    }
    this.wakeLater();
  }

  /** Sleeps until something arrives, to the millisecond that timers have. */
  private wakeLater(): void {
    const { clock, timers } = this.context;
    this.cancelWake();
    const nextUs = Math.min(...[...this.venues.values()].map((venue) => venue.wakeAtUs));
    const delayMs = Number.isFinite(nextUs) ? Math.ceil((nextUs - clock.nowUs()) / 1000) : 10 * WAKE_MS;
    this.cancelWake = timers.after(Math.min(Math.max(delayMs, 0), 10 * WAKE_MS), () => {
      for (const venue of this.venues.values()) venue.onWake(clock.nowUs());
      this.wakeLater();
    });
  }

  private askKeyframes(): void {
    for (const [venue, core] of this.venues) {
      for (const instrument of core.missingBooks) {
        if (this.asked.has(instrument)) continue;
        this.asked.set(instrument, new DeltaBuffer());
        void this.askKeyframe(venue, core, instrument).finally(() => this.asked.delete(instrument));
      }
    }
  }

  private async askKeyframe(venue: string, core: PaperVenue, instrument: number): Promise<void> {
    const { bus, clock, log } = this.context;
    const { symbol } = this.instruments.get(instrument);
    try {
      const bytes = await askKeyframe(bus, venue, { symbol, reason: 'the paper venue has no book' }, KEYFRAME_TIMEOUT_MS);
      const keyframe = this.keyframes.read(bytes, RowKind.book);
      core.onBook(instrument, keyframe, clock.nowUs());
      for (const change of this.asked.get(instrument)?.after(keyframe[BookChange.lastId]) ?? []) {
        core.onBook(instrument, change, clock.nowUs());
      }
    } catch (error) {
      log.warn(`no keyframe of ${venue} ${symbol} to be had`, { error: (error as Error).message });
    }
  }
}
