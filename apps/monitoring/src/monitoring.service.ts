import type { BusStatus } from '@parallax/bus';
import { followInstruments, healthOf, latencyOf, repeat, type Service, type ServiceContext } from '@parallax/runtime';
import { Column, InstrumentTable, ParallaxError, type ServiceHealth } from '@parallax/types';
import {
  auditEntrySchema, decodeJson, encodeJson, fillSchema, instrumentOf, marketPattern, patterns, planResultSchema, RowReader, serviceHealthSchema,
  subjects, venueFeedSchema, venueHealthSchema,
} from '@parallax/wire';
import type { z } from 'zod';
import { MonitoringCore } from './core/monitoring-core.js';
import { DEFAULT_THRESHOLDS, type MonitoringThresholds } from './core/thresholds.js';
import { MonitoringMetrics } from './metrics.js';
import { PlanFeed } from './plan-feed.js';

const HEALTH_MS = 1_000;
/** What stands is told again so often. */
const ALERTS_AGAIN_MS = 5_000;

export interface MonitoringConfiguration {
  readonly thresholds: MonitoringThresholds;
}
export const DEFAULT_MONITORING_CONFIGURATION: MonitoringConfiguration = {
  thresholds: DEFAULT_THRESHOLDS,
};

export interface MonitoringDependencies extends ServiceContext {
  readonly configuration: MonitoringConfiguration;
}

/** Feeds the core from the bus, wakes it when it asks, and publishes its alerts. */
export class MonitoringService implements Service {
  readonly name = 'monitoring' as const;
  readonly core: MonitoringCore;
  /** The whole house in numbers. */
  readonly metrics: MonitoringMetrics;
  private readonly counters = { messages: 0, unreadable: 0, quotes: 0, alerts: 0, lost: 0 };
  private readonly stops: (() => void)[] = [];
  private cancelWake = (): void => {};
  private readonly startedAtUs: number;
  private readonly venues = new Map<string, string>();
  private readonly instruments = new InstrumentTable();
  private missing: string[] = ['it is not subscribed yet'];
  private isStopped = false;
  private readonly plans: PlanFeed;

  constructor(private readonly dependencies: MonitoringDependencies) {
    const { bus, clock, configuration } = dependencies;
    this.startedAtUs = clock.nowUs();
    this.core = new MonitoringCore(configuration.thresholds, this.startedAtUs, (alert) => {
      this.counters.alerts++;
      bus.publish(subjects.alert(alert.severity), encodeJson(alert));
    }, this.instruments);
    this.metrics = new MonitoringMetrics(this.core, () => clock.nowUs(), () => this.plans.missing === null);
    this.plans = new PlanFeed(this.core, bus, dependencies.timers, dependencies.log);
  }

  async start(): Promise<void> {
    const { bus, clock, log } = this.dependencies;
    this.core.hearing.at(bus.address);
    this.json(patterns.serviceHealth, serviceHealthSchema, (health) => {
      if (health.service === this.name && health.instance === this.dependencies.instance) this.core.hearing.onEcho(clock.nowUs());
      this.core.onService(health, clock.nowUs());
    });
    this.json(patterns.venueHealth, venueHealthSchema, (health) => this.core.onVenue(health, clock.nowUs()));
    this.json(patterns.venueFeeds, venueFeedSchema, (feed) => this.core.onFeed(feed, clock.nowUs()));
    const reader = new RowReader();
    const toTaken = latencyOf(this.dependencies, 'received-to-taken');
    const quotes = bus.subscribe(
      marketPattern('quote'),
      ({ subject, bytes }) => {
        this.counters.quotes++;
        this.guarded(subject, () => {
          const row = reader.market(bytes, 'quote');
          const nowUs = clock.nowUs();
          toTaken.record(row[Column.receivedAtUs], nowUs);
          this.core.onQuote(this.venueOf(subject), row, nowUs);
        });
      },
      { whenSlow: 'newest', onLoss: (lost) => void (this.counters.lost += lost) },
    );
    this.stops.push(() => quotes.unsubscribe());
    this.stops.push(bus.onStatus((status) => this.onBus(status)));
    this.stops.push(await followInstruments(bus, this.instruments, log));
    const { plans } = this;
    this.json(patterns.fills, fillSchema, (fill) => plans.onFill(fill));
    this.json(patterns.results, planResultSchema, (result) => plans.onResult(result));
    this.json(subjects.audit(), auditEntrySchema, (entry) => plans.onAudit(entry));
    this.stops.push(() => plans.stop());
    this.missing = [];
    this.report();
    const { timers } = this.dependencies;
    this.stops.push(repeat(timers, HEALTH_MS, () => this.report()), repeat(timers, ALERTS_AGAIN_MS, () => this.tellStanding()), () => this.cancelWake());
    this.wake();
    // It takes the longer the more there is: what is wrong now is told meanwhile.
    void plans.start().then(() => this.isStopped || this.report());
    log.info('monitoring watches');
  }

  stop(): Promise<void> {
    this.isStopped = true;
    for (const stop of this.stops.splice(0)) stop();
    this.missing = ['it is stopping'];
    return Promise.resolve();
  }

  health(): ServiceHealth {
    const { missing, plans } = this;
    return healthOf(this.name, this.dependencies, this.startedAtUs, plans.missing === null ? missing : [...missing, plans.missing], { ...this.counters });
  }

  /** Who shows alerts and started after they were raised knows them too. */
  private tellStanding(): void {
    for (const alert of this.core.openAlerts) this.dependencies.bus.publish(subjects.alert(alert.severity), encodeJson(alert));
  }

  private onBus(status: BusStatus): void {
    const nowUs = this.dependencies.clock.nowUs();
    if (status.type === 'connected') {
      this.missing = [];
      this.core.hearing.at(status.address);
      this.core.hearing.onBack(nowUs);
      this.tellStanding();
    } else if (status.type === 'disconnected' || status.type === 'closed') {
      this.missing = ['the bus is not connected'];
      this.core.hearing.onAway(nowUs);
    }
  }

  private report(): void {
    this.core.hearing.onSaid(this.dependencies.clock.nowUs());
    this.dependencies.bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()));
  }

  private wake(): void {
    const { clock, timers } = this.dependencies;
    const delayMs = Math.max(0, (this.core.wakeAtUs - clock.nowUs()) / 1_000);
    this.cancelWake = timers.after(delayMs, () => {
      try {
        this.guarded('wake', () => this.core.onWake(clock.nowUs(), this.plans.missing === null));
      } finally {
        this.wake();
      }
    });
  }

  private venueOf(subject: string): string {
    let venue = this.venues.get(subject);
    if (venue === undefined) {
      venue = instrumentOf(subject).venue;
      this.venues.set(subject, venue);
    }
    return venue;
  }

  private json<T>(pattern: string, schema: z.ZodType<T>, take: (value: T) => void): void {
    const subscription = this.dependencies.bus.subscribe(pattern, ({ subject, bytes }) => {
      this.counters.messages++;
      this.guarded(subject, () => take(decodeJson(schema, bytes)));
    });
    this.stops.push(() => subscription.unsubscribe());
  }

  private guarded(place: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      // What cannot be read is its sender's matter. Anything else is a fault of ours, which bus and timers tell to the host.
      if (!(error instanceof ParallaxError)) throw error;
      this.counters.unreadable++;
      this.dependencies.log.warn('a message could not be used', { place, reason: error.message });
    }
  }
}
