import { MINUTE_REGIME, RegimeDetector, type RegimeOptions } from '@parallax/regime';
import { failedOf, guardedSink, followInstruments, followTraces, healthOf, latencyOf, MarketFeed, repeat, type Service, type ServiceContext } from '@parallax/runtime';
import { Column, InstrumentTable, type RegimeEvent, type ServiceHealth, type ServiceName, type TraceKeep } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import { RegimeStates } from './regime-states.js';

const WAKE_MS = 100;
const HEALTH_MS = 1_000;
/** What stands is told so often; who reads it counts a state as unknown soon after it was told last. */
const TELL_MS = 1_000;
/** A state that lasts tells no events: put again so often while quotes come, its time says that it still held. */
const REMEMBER_MS = 1_000;
/** The way of a frame up to a regime. */
const TRACED: readonly ServiceName[] = ['ingestion', 'normalisation', 'regime'];

/** The shell of regime detection: quotes in, changes of regimes into the stream of signals, and each second what stands. */
export class RegimeService implements Service {
  readonly name = 'regime' as const;
  private readonly instruments = new InstrumentTable();
  private readonly detector: RegimeDetector;
  private readonly feed: MarketFeed;
  private readonly stops: (() => void)[] = [];
  /** When the quote was received behind the state put last, by instrument. */
  private readonly remembered: number[] = [];
  private startedAtUs = 0;
  private quotes = 0;
  private events = 0;
  private failed = 0;

  constructor(private readonly context: ServiceContext, options: Partial<RegimeOptions> = {}) {
    this.feed = new MarketFeed(context.bus, this.instruments, context.clock);
    this.detector = new RegimeDetector(this.instruments, guardedSink({ onRegime: (event) => this.publish(event) }, ['onRegime'], failedOf(context)), { ...MINUTE_REGIME, ...options });
  }

  async start(): Promise<void> {
    const { bus, clock, timers, log, tracing } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(await followInstruments(bus, this.instruments, log));
    const toTaken = latencyOf(this.context, 'received-to-taken');
    const quotes = this.feed.quotes((instrument, row) => {
      const startedAtUs = clock.nowUs();
      this.quotes++;
      toTaken.record(row[Column.receivedAtUs], startedAtUs);
      tracing?.frameStarted(row[Column.connection], row[Column.frame], row[Column.receivedAtUs], startedAtUs);
      tracing?.frameTouched(instrument);
      this.detector.onQuote(instrument, row, startedAtUs);
      tracing?.frameFinished(clock.nowUs());
    });
    this.stops.push(
      () => quotes.unsubscribe(),
      followTraces(this.context),
      repeat(timers, WAKE_MS, () => {
        if (clock.nowUs() >= this.detector.wakeAtUs) this.detector.onWake(clock.nowUs());
      }),
      repeat(timers, TELL_MS, () => this.tellStanding()),
      repeat(timers, HEALTH_MS, () => bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()))),
    );
    if (this.context.lastValues) this.stops.push(repeat(timers, REMEMBER_MS, () => this.remember()));
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    this.remember();
    await this.context.bus.flush();
  }

  /** Ready from its start; regimes are known once quotes come, which are others' to send. */
  health(): ServiceHealth {
    const { quotes, events, failed } = this;
    const states = this.states();
    return healthOf(this.name, this.context, this.startedAtUs, [], {
      quotes, events, failed, known: states.known.length, regimesUnknown: states.unknown.length, otherVersion: this.detector.versionMismatches,
      ...this.feed.counters, ...this.context.lastValues?.counters,
    }, [], states.degraded());
  }

  /** Not stored: the next word replaces it, and where none comes the state is unknown. */
  private tellStanding(): void {
    const { bus } = this.context;
    for (const regime of this.states().known) bus.publish(subjects.standingRegime(regime), encodeJson(regime));
  }

  private states(): RegimeStates {
    return new RegimeStates(this.detector, this.instruments, this.context.clock.nowUs());
  }

  private remember(): void {
    const { clock, lastValues } = this.context;
    const nowUs = clock.nowUs();
    for (let instrument = 0; instrument < this.instruments.size; instrument++) {
      const regime = this.detector.current(instrument, nowUs);
      if (regime === null || regime.origin.receivedAtUs === this.remembered[instrument]) continue;
      this.remembered[instrument] = regime.origin.receivedAtUs;
      lastValues?.putRegime(regime);
    }
  }

  private publish(found: RegimeEvent): void {
    this.events++;
    const event = this.traced(found);
    const id = `${event.venue}.${event.symbol}.${event.horizon}.${event.atUs}.${event.regime}`;
    this.context.bus.streams.append(subjects.regime(event.base, event.symbol), encodeJson(event), { id }).catch((error: Error) => {
      this.failed++;
      this.context.log.error('a regime event could not be stored', { error: error.message });
    });
  }

  /** A state that was entered from another has its frame's trace; the first one of all, and further words on it, have none. */
  private traced(event: RegimeEvent): RegimeEvent {
    const { bus, tracing } = this.context;
    if (!tracing || event.previous === null || event.enteredAtUs !== event.atUs || event.origin.frame === 0) return event;
    const traceparent = tracing.contextOfFrame(event.origin);
    const keep: TraceKeep = { origin: event.origin, links: [], services: TRACED, traceparent, reason: `regime ${event.regime}` };
    bus.publish(subjects.traceKeep(), encodeJson(keep));
    return { ...event, traceparent };
  }
}
