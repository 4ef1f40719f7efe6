import { followInstruments, healthOf, latencyOf, MarketFeed, repeat, standingBy, type Service, type ServiceContext } from '@parallax/runtime';
import type { PaperVenue } from '@parallax/simulation';
import { Column, InstrumentTable, type ServiceHealth } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import { KeyframeAsker } from './keyframe-asker.js';
import { VenueSeat, type PaperVenueConfiguration, type SeatOptions } from './venue-seat.js';

const LONGEST_SLEEP_MS = 10;
const KEYFRAME_MS = 500;
const BEAT_MS = 1_000;

/**
 * The shell of paper venues: market data and requests in, answers and reports out; one core per venue. Of several instances
 * one is a venue at a time, each venue by itself.
 */
export class PaperVenueService implements Service {
  readonly name = 'paper' as const;
  private readonly instruments = new InstrumentTable();
  private readonly seats = new Map<string, VenueSeat>();
  private readonly keyframes: KeyframeAsker;
  private readonly stops: (() => void)[] = [];
  private cancelWake: () => void = () => {};
  private startedAtUs = 0;

  private readonly feed: MarketFeed;

  constructor(private readonly context: ServiceContext, configurations: readonly PaperVenueConfiguration[], options: SeatOptions) {
    this.feed = new MarketFeed(context.bus, this.instruments, context.clock);
    for (const configuration of configurations) {
      const seat = new VenueSeat(context, this.instruments, configuration, options, () => this.wakeLater());
      this.seats.set(configuration.venue, seat);
    }
    this.keyframes = new KeyframeAsker(context, this.instruments, (instrument) => this.venueOf(instrument));
  }

  async start(): Promise<void> {
    const { bus, clock, timers, log } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(await followInstruments(bus, this.instruments, log));
    await Promise.all([...this.seats.values()].map((seat) => seat.start()));
    const { feed } = this;
    const toTaken = latencyOf(this.context, 'received-to-taken');
    const feeds = [
      feed.quotes((instrument, row) => {
        const nowUs = clock.nowUs();
        toTaken.record(row[Column.receivedAtUs], nowUs);
        this.venueOf(instrument)?.onQuote(instrument, row, nowUs);
      }),
      feed.rows('book', (instrument, row) => {
        this.keyframes.keep(instrument, row);
        this.venueOf(instrument)?.onBook(instrument, row, clock.nowUs());
      }),
      feed.rows('trade', (instrument, row) => this.venueOf(instrument)?.onTrades(instrument, row, clock.nowUs())),
    ];
    this.stops.push(
      () => feeds.forEach((subscription) => subscription.unsubscribe()),
      repeat(timers, KEYFRAME_MS, () => this.askKeyframes()),
      repeat(timers, BEAT_MS, () => this.beat()),
      () => this.cancelWake(),
    );
    this.wakeLater();
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    await Promise.all([...this.seats.values()].map((seat) => seat.stop()));
    await this.context.bus.flush();
  }

  /** Ready once it is a venue, where nothing keeps it from one that it should be. */
  health(): ServiceHealth {
    const seats = [...this.seats.values()];
    const missing = seats.flatMap((seat) => seat.missing() ?? []);
    const standsBy = seats.length > 0 && missing.length === 0 && !seats.some(({ core }) => core);
    const degraded = this.instruments.size === 0 ? ['no instrument is known yet'] : [];
    const counters = {
      requests: sum(seats, ({ counters: { requests } }) => requests), unreadable: sum(seats, ({ counters: { unreadable } }) => unreadable),
      ...(seats.some(({ faults }) => faults) ? {
        pretendedRefusals: sum(seats, ({ faults }) => faults?.counters.pretendedRefusals ?? 0),
        pretendedMisses: sum(seats, ({ faults }) => faults?.counters.pretendedMisses ?? 0),
      } : {}),
      missingBooks: sum(seats, ({ core }) => core?.missingBooks.length ?? 0), venuesHeld: sum(seats, ({ core }) => (core ? 1 : 0)), ...this.feed.counters,
    };
    const health = healthOf(this.name, this.context, this.startedAtUs, missing, counters, seats.flatMap((seat) => seat.troubles()), degraded);
    if (standsBy) return standingBy(health);
    // Who is some of the venues has not taken the place of one that was all.
    return seats.length > 0 && seats.every(({ core }) => core) ? { ...health, actsSinceUs: Math.max(...seats.map(({ takenAtUs }) => takenAtUs)) } : health;
  }

  private venueOf(instrument: number): PaperVenue | null {
    return this.seats.get(this.instruments.get(instrument).venue)?.core ?? null;
  }

  private beat(): void {
    for (const seat of this.seats.values()) seat.beat();
    this.context.bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()));
  }

  /** Sleeps until something arrives, to the millisecond that timers have. */
  private wakeLater(): void {
    const { clock, timers } = this.context;
    this.cancelWake();
    const nextUs = Math.min(...[...this.seats.values()].map(({ core }) => core?.wakeAtUs ?? Infinity));
    const delayMs = Number.isFinite(nextUs) ? Math.ceil((nextUs - clock.nowUs()) / 1000) : LONGEST_SLEEP_MS;
    this.cancelWake = timers.after(Math.min(Math.max(delayMs, 0), LONGEST_SLEEP_MS), () => {
      for (const { core } of this.seats.values()) core?.onWake(clock.nowUs());
      this.wakeLater();
    });
  }

  private askKeyframes(): void {
    for (const { venue, core } of this.seats.values()) if (core) this.keyframes.ask(venue, core);
  }
}

const sum = (seats: readonly VenueSeat[], of: (seat: VenueSeat) => number): number => seats.reduce((total, seat) => total + of(seat), 0);
