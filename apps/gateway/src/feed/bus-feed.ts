import type { Bus, StateEntry, Subscription } from '@parallax/bus';
import { distrust, type StageLatency, VenueWriters } from '@parallax/runtime';
import { Column, ParallaxError, Quote } from '@parallax/types';
import {
  alertSchema, auditEntrySchema, BUCKETS, deadLetterSchema, decodeJson, fillSchema, haltRecordSchema, instrumentOf, instrumentSpecificationSchema,
  intentSchema, marketPattern, opportunitySchema, orderSchema, passedSchema, patterns, positionSchema, profitSchema, refusedSchema, regimeEventSchema,
  riskAliveSchema, RowReader, serviceHealthSchema, subjects, untoken, venueFeedSchema, venueHealthSchema,
} from '@parallax/wire';
import type { z } from 'zod';
import type { DeadLetters } from '../core/dead-letters.js';
import type { GatewayCore } from '../core/gateway-core.js';
import { limitsView } from '../core/views.js';
import type { Log } from '../dependencies.js';

/** Brings what the bus says to the core. What cannot be read is counted and logged, and nothing else stops. */
export class BusFeed {
  readonly counters = { messages: 0, unreadable: 0, quotes: 0, quotesWithoutInstrument: 0, lost: 0 };
  private readonly stops: (() => void)[] = [];
  private readonly reader = new RowReader();
  private readonly named = new Map<string, { venue: string; symbol: string }>();
  private readonly writers = new VenueWriters();
  private readonly clock: { nowUs(): number };

  constructor(
    private readonly bus: Bus,
    private readonly core: GatewayCore,
    private readonly deadLetters: DeadLetters,
    private readonly nowUs: () => number,
    private readonly log: Log,
    private readonly toTaken: StageLatency,
  ) {
    this.clock = { nowUs };
  }

  async start(): Promise<void> {
    const { core } = this;
    await this.watch(BUCKETS.instruments, (_, bytes) => {
      if (bytes) core.onInstrument(decodeJson(instrumentSpecificationSchema, bytes));
    });
    await this.watch(BUCKETS.halt, (key, bytes) => {
      const account = key === 'halt' ? null : untoken(key.slice('halt.'.length));
      core.onHalt(key, bytes && { ...decodeJson(haltRecordSchema, bytes), account });
    });
    await this.watch(BUCKETS.limits, (key, bytes) => core.onLimits(key, bytes && decodeJson(limitsView, bytes)));
    this.json(patterns.regimes, regimeEventSchema, (event) => core.onRegime(event, this.nowUs()));
    this.json(patterns.standingRegimes, regimeEventSchema, (event) => core.onStandingRegime(event, this.nowUs()));
    this.json(patterns.opportunities, opportunitySchema, (opportunity) => core.onOpportunity(opportunity, this.nowUs()));
    this.json(patterns.passed, passedSchema, (passed) => core.onPassed(passed));
    this.json(patterns.intents, intentSchema, (intent) => core.onIntent(intent));
    this.json(patterns.refused, refusedSchema, (refused) => core.onRefused(refused));
    this.json(patterns.orders, orderSchema, (order) => core.onOrder(order));
    this.json(patterns.fills, fillSchema, (fill) => core.onFill(fill));
    this.json(patterns.positions, positionSchema, (position) => core.onPosition(position));
    this.json(patterns.profits, profitSchema, (profit) => core.onProfit(profit));
    this.json(patterns.serviceHealth, serviceHealthSchema, (health) => core.onService(health, this.nowUs()));
    this.json(patterns.venueHealth, venueHealthSchema, (health) => core.onVenue(health));
    this.json(patterns.venueFeeds, venueFeedSchema, (feed) => core.onFeed(feed, this.nowUs()));
    this.json(patterns.alerts, alertSchema, (alert) => core.onAlert(alert, this.nowUs()));
    this.json(subjects.audit(), auditEntrySchema, (entry) => core.onAudit(entry));
    this.json(patterns.deadLetters, deadLetterSchema, (letter) => this.deadLetters.onLive(letter));
    this.json(subjects.riskAlive(), riskAliveSchema, (alive) => core.onRiskAlive(alive));
    this.keep(
      this.bus.subscribe(marketPattern('quote'), (message) => this.onQuote(message.subject, message.bytes), {
        whenSlow: 'newest',
        onLoss: (lost) => void (this.counters.lost += lost),
      }),
    );
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  private onQuote(subject: string, bytes: Uint8Array): void {
    let instrument = this.named.get(subject);
    if (!instrument) {
      instrument = instrumentOf(subject);
      this.named.set(subject, instrument);
    }
    const { venue, symbol } = instrument;
    this.counters.quotes++;
    this.guarded(subject, () => {
      const row = this.reader.market(bytes, 'quote');
      this.toTaken.record(row[Column.receivedAtUs], this.nowUs());
      const writers = this.writers.of(venue);
      if (!writers.admits(row[Quote.epoch], this.clock)) {
        if (writers.contestBegan) this.core.onTwoWriters(venue);
        distrust(row);
      }
      if (!this.core.onQuote(venue, symbol, row)) this.counters.quotesWithoutInstrument++;
    });
  }

  private json<T>(pattern: string, schema: z.ZodType<T>, take: (value: T) => void): void {
    const subscription = this.bus.subscribe(
      pattern,
      ({ subject, bytes }) => {
        this.counters.messages++;
        this.guarded(subject, () => take(decodeJson(schema, bytes)));
      },
      { whenSlow: 'drop', onLoss: (lost) => void (this.counters.lost += lost) },
    );
    this.keep(subscription);
  }

  private async watch(bucket: string, take: (key: string, bytes: Uint8Array | null) => void): Promise<void> {
    const watched = await this.bus.state(bucket).watch('>', ({ key, bytes }: StateEntry) => {
      this.guarded(`${bucket}/${key}`, () => take(key, bytes));
    });
    this.stops.push(() => watched.stop());
  }

  private keep(subscription: Subscription): void {
    this.stops.push(() => subscription.unsubscribe());
  }

  private guarded(place: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      // What cannot be read is its sender's matter. Anything else is a fault of ours, which the bus tells to the host.
      if (!(error instanceof ParallaxError)) throw error;
      this.counters.unreadable++;
      this.log.warn('a message could not be read', { subject: place, reason: error.message });
    }
  }
}
