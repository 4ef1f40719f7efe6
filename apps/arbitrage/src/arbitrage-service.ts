import { ArbitrageCore, type ArbitrageOptions } from '@parallax/arbitrage';
import {
  failedOf, Flow, guardedSink, askKeyframe, followInstruments, followTraces, healthOf, latencyOf, MarketFeed, repeat, type Service, type ServiceContext,
  type StageLatency,
} from '@parallax/runtime';
import { Column, type Counters, InstrumentTable, instrumentKey, type Opportunity, type ServiceHealth, type ServiceName, type TraceKeep } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import type { Strategy, StrategySink } from '@parallax/strategies';
import { FollowedBooks } from './books.js';
import { StrategyRunner } from './strategy-runner.js';

const WAKE_MS = 50;
const HEALTH_MS = 1_000;
/** The way of a frame up to an opportunity. */
const TRACED: readonly ServiceName[] = ['ingestion', 'normalisation', 'arbitrage'];
const KEYFRAME_TIMEOUT_MS = 2_000;

/** The shell of arbitrage: quotes and books in, opportunities into the stream of signals, and to the strategy. */
export class ArbitrageService implements Service {
  readonly name = 'arbitrage' as const;
  readonly core: ArbitrageCore;
  private readonly instruments = new InstrumentTable();
  private readonly books: FollowedBooks;
  private readonly strategy: StrategyRunner;
  private readonly feed: MarketFeed;
  private readonly flow = new Flow('quote');
  private readonly toTaken: StageLatency;
  private readonly toOpportunity: StageLatency;
  private readonly stops: (() => void)[] = [];
  private startedAtUs = 0;
  private told = 0;
  private failed = 0;
  private quotes = 0;
  private pending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly context: ServiceContext,
    options: Partial<ArbitrageOptions>,
    account: string,
    createStrategy: (instruments: InstrumentTable, sink: StrategySink) => Strategy,
  ) {
    this.feed = new MarketFeed(context.bus, this.instruments, context.clock);
    this.strategy = new StrategyRunner(context, this.instruments, account, createStrategy);
    this.toTaken = latencyOf(context, 'received-to-taken');
    this.toOpportunity = latencyOf(context, 'quote-to-opportunity');
    const { tracing } = context;
    this.books = new FollowedBooks(this.instruments, (instrument) => this.keyframe(instrument));
    this.core = new ArbitrageCore(this.instruments, this.books, guardedSink({ onOpportunity: (opportunity) => this.tell(opportunity) }, ['onOpportunity'], failedOf(context)), {
      ...(tracing === undefined ? {} : { traceparentOf: (origin) => tracing.contextOfFrame(origin) }),
      ...options,
    });
  }

  async start(): Promise<void> {
    const { bus, clock, timers, log, tracing } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(await followInstruments(bus, this.instruments, log));
    const books = this.feed.rows('book', (instrument, row) => this.books.onBook(instrument, row));
    const quotes = this.feed.quotes((instrument, row) => {
      const startedAtUs = clock.nowUs();
      this.quotes++;
      this.toTaken.record(row[Column.receivedAtUs], startedAtUs);
      tracing?.frameStarted(row[Column.connection], row[Column.frame], row[Column.receivedAtUs], startedAtUs);
      tracing?.frameTouched(instrument);
      this.books.onQuote(instrument, row);
      this.strategy.onQuote(instrument, row, startedAtUs);
      this.core.onQuote(instrument, row, startedAtUs);
      tracing?.frameFinished(clock.nowUs());
    });
    this.strategy.start();
    this.stops.push(
      () => books.unsubscribe(),
      () => quotes.unsubscribe(),
      followTraces(this.context),
      repeat(timers, WAKE_MS, () => {
        if (clock.nowUs() >= this.core.wakeAtUs) this.core.onWake(clock.nowUs());
      }),
      repeat(timers, HEALTH_MS, () => bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()))),
    );
  }

  /** Closes what is open, and lets it be stored. */
  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    this.core.shutdown(this.context.clock.nowUs());
    await this.strategy.stop();
    await this.pending;
    await this.context.bus.flush();
  }

  /** Ready from its start; the books that it holds are others' to send. */
  health(): ServiceHealth {
    const { quotes, told, failed } = this;
    const silence = this.flow.look(quotes, this.context.clock.nowUs());
    const amiss = this.books.whyNone ?? silence;
    const degraded = amiss === null ? [] : [amiss];
    const notTaken: Counters = Object.fromEntries(Object.entries(this.core.notTaken.counts).map(([reason, count]) => [`notTaken:${reason}`, count]));
    return healthOf(this.name, this.context, this.startedAtUs, [], {
      quotes, told, failed, open: this.core.open.length, booksHeld: this.books.held, chainBreaks: this.books.breaks,
      ...notTaken, ...this.strategy.counters, ...this.feed.counters,
    }, [], degraded);
  }

  private keyframe(instrument: number): Promise<Uint8Array> {
    const { venue, symbol } = this.instruments.get(instrument);
    return askKeyframe(this.context.bus, venue, { symbol, reason: `${instrumentKey(venue, symbol)} is out of step` }, KEYFRAME_TIMEOUT_MS);
  }

  private tell(opportunity: Opportunity): void {
    this.told++;
    if (opportunity.state === 'opened') this.keepTrace(opportunity);
    const { kind, base, legs, id, updates, state, atUs } = opportunity;
    const subject = subjects.opportunity(kind, base, legs[0].symbol);
    const stored = this.context.bus.streams.append(subject, encodeJson(opportunity), { id: `${id}.${state}.${updates}` }).then(
      () => {
        if (state !== 'closed') this.toOpportunity.record(atUs, this.context.clock.nowUs());
        this.strategy.onOpportunity(opportunity);
      },
      (error: Error) => {
        this.failed++;
        this.context.log.error('an opportunity could not be stored', { id, error: error.message });
      },
    );
    this.pending = Promise.all([this.pending, stored]).then(() => {});
  }

  /** Whoever handled the frames of an opportunity writes its spans of them now. */
  private keepTrace({ origin, links, traceparent, id }: Opportunity): void {
    if (traceparent === undefined) return;
    const keep: TraceKeep = { origin, links, services: TRACED, traceparent, reason: `opportunity ${id}` };
    this.context.bus.publish(subjects.traceKeep(), encodeJson(keep));
  }
}
