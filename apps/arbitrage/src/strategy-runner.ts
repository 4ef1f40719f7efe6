import type { Strategy, StrategySink } from '@parallax/strategies';
import { failedOf, guardedSink, latencyOf, repeat, type ServiceContext, type StageLatency } from '@parallax/runtime';
import type { Counters, InstrumentTable, Intent, Opportunity, Passed, Row } from '@parallax/types';
import { decodeJson, encodeJson, planResultSchema, refusedSchema, subjects } from '@parallax/wire';

const WAKE_MS = 200;

/** Feeds one strategy from the bus and stores its intents, where risk finds them. */
export class StrategyRunner {
  private readonly counted = { intentsFailed: 0, outcomesUnread: 0 };
  private readonly stops: (() => void)[] = [];
  private pending: Promise<unknown> = Promise.resolve();
  private strategy: Strategy | null = null;
  private readonly toIntent: StageLatency;

  constructor(
    private readonly context: ServiceContext,
    private readonly instruments: InstrumentTable,
    private readonly account: string,
    private readonly create: (instruments: InstrumentTable, sink: StrategySink) => Strategy,
  ) {
    this.toIntent = latencyOf(context, 'opportunity-to-intent');
  }

  /** Its own, and those of the strategy. */
  get counters(): Counters {
    return { ...this.counted, ...this.strategy?.counters };
  }

  start(): void {
    const { bus, clock, timers } = this.context;
    const sink: StrategySink = { onIntent: (intent) => this.store(intent), onPassed: (passed) => this.tell(passed) };
    const strategy = this.create(this.instruments, guardedSink(sink, ['onIntent', 'onPassed'], failedOf(this.context)));
    this.strategy = strategy;
    const refused = bus.subscribe(subjects.refused(this.account), ({ bytes }) => this.read(() => {
      const { intent } = decodeJson(refusedSchema, bytes);
      strategy.onOutcome(intent.id, 'refused', false, clock.nowUs());
    }));
    const results = bus.subscribe(subjects.result(this.account), ({ bytes }) => this.read(() => {
      const { intentId, total, outcome } = decodeJson(planResultSchema, bytes);
      strategy.onOutcome(intentId, 'finished', total.startsWith('-') || outcome !== 'completed', clock.nowUs());
    }));
    this.stops.push(
      () => refused.unsubscribe(),
      () => results.unsubscribe(),
      repeat(timers, WAKE_MS, () => {
        if (clock.nowUs() >= strategy.wakeAtUs) strategy.onWake(clock.nowUs());
      }),
    );
  }

  /** No new intents; those under way are stored. */
  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    this.strategy = null;
    await this.pending;
  }

  /** The service hands on what it hears itself: a second subscription would bring every quote twice. */
  onQuote(instrument: number, quote: Row, nowUs: number): void {
    this.strategy?.onQuote(instrument, quote, nowUs);
  }

  onOpportunity(opportunity: Opportunity): void {
    this.strategy?.onOpportunity(opportunity, this.context.clock.nowUs());
  }

  private store(decided: Intent): void {
    const { tracing } = this.context;
    // What follows hangs under the decision, which may come long after the opportunity opened.
    const traceparent = tracing?.contextOfStep(decided.traceparent, 'intent', decided.id);
    const intent = traceparent === undefined ? decided : { ...decided, traceparent };
    const headers = intent.traceparent === undefined ? {} : { headers: { traceparent: intent.traceparent } };
    const stored = this.context.bus.streams.append(subjects.intent(this.account), encodeJson(intent), { id: intent.id, ...headers }).then(
      () => {
        this.toIntent.record(decided.createdAtUs, this.context.clock.nowUs());
        this.trace(decided);
      },
      (error: Error) => {
        this.counted.intentsFailed++;
        this.context.log.error('an intent could not be stored', { id: intent.id, error: error.message });
      },
    );
    this.pending = Promise.all([this.pending, stored]).then(() => {});
  }

  /** For people, who may miss one: nothing decides on it, so it is neither stored nor acknowledged. */
  private tell(passed: Passed): void {
    this.context.bus.publish(subjects.passed(this.account), encodeJson(passed));
  }

  private trace({ id, traceparent, strategy, opportunityId, expectedNet, createdAtUs }: Intent): void {
    if (traceparent === undefined) return;
    const { tracing, clock } = this.context;
    tracing?.step({
      within: traceparent, step: 'intent', key: id, startUs: createdAtUs, endUs: clock.nowUs(),
      attributes: { 'parallax.strategy': strategy, 'parallax.opportunity': opportunityId, 'parallax.expected_net': expectedNet },
    });
  }

  /** Whatever comes on these subjects is checked; what cannot be read is counted and left. */
  private read(take: () => void): void {
    try {
      take();
    } catch {
      this.counted.outcomesUnread++;
    }
  }
}
