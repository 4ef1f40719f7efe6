import { ALERT_METRICS, INSTANCE_METRICS, VENUE_METRICS } from '@parallax/types';
import { Gauge, Registry } from 'prom-client';
import type { MonitoringCore, ServiceReport, VenueReport } from './core/monitoring-core.js';

interface Value {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | null;
}
const seconds = (us: number | null): number | null => (us === null ? null : us / 1e6);
const plain = (value: number | null): Value[] => [{ value }];
/** Of an instance that is silent nothing is known but that. */
const whileHeard = (read: (report: ServiceReport) => Value[]) => (report: ServiceReport): Value[] => (report.silent ? [] : read(report));

const OF_INSTANCE: Readonly<Record<keyof typeof INSTANCE_METRICS, (report: ServiceReport) => Value[]>> = {
  // What a service says of itself is parallax_service_ready: under one name a sum would count it twice.
  instance_ready: whileHeard(({ ready }) => plain(Number(ready))),
  service_silent_seconds: ({ silentUs }) => plain(silentUs / 1e6),
  service_errors_per_second: whileHeard(({ errorsPerSecond }) => plain(errorsPerSecond)),
  service_p99_seconds: whileHeard(({ latencies }) => Object.entries(latencies).map(([stage, { p99 }]) => ({ labels: { stage }, value: p99 / 1e6 }))),
};

/** What was told of a venue last says nothing of now where nobody tells of it any more. */
const whileTold = (read: (report: VenueReport) => number | null) => (report: VenueReport): number | null => (report.silent ? null : read(report));

const OF_VENUE: Readonly<Record<keyof typeof VENUE_METRICS, (report: VenueReport) => number | null>> = {
  venue_silent_seconds: ({ silentUs }) => seconds(silentUs),
  venue_connected: whileTold(({ connected }) => (connected === null ? null : Number(connected))),
  venue_frames_per_second: whileTold(({ framesPerSecond }) => framesPerSecond),
  venue_quote_age_seconds: ({ quoteAgeUs }) => seconds(quoteAgeUs),
  venue_lag_seconds: ({ lagUs, stale }) => (stale ? null : seconds(lagUs)),
  venue_clock_offset_seconds: whileTold(({ clockOffsetUs }) => seconds(clockOffsetUs)),
  venue_books: whileTold(({ books }) => books),
  venue_books_trusted: whileTold(({ trustedBooks }) => trustedBooks),
  venue_dead_letters_per_second: whileTold(({ errorsPerSecond }) => errorsPerSecond),
};

const SEVERITIES = ['info', 'warning', 'critical'] as const;
const LISTS = { ...INSTANCE_METRICS, ...VENUE_METRICS, ...ALERT_METRICS };
const namesOf = <Name extends string>(list: Readonly<Record<Name, unknown>>): Name[] => Object.keys(list) as Name[];

/** The whole house in Prometheus' text form, read off the core when asked. What nobody measured has no line. */
export class MonitoringMetrics {
  private readonly registry = new Registry();

  /** `areAlertsKnown`: whether all is known that alerts may rest on; until then that none stands is not. */
  constructor(core: MonitoringCore, nowUs: () => number, areAlertsKnown: () => boolean) {
    // What is of another service carries that one's name in the place of this.
    this.registry.setDefaultLabels({ service: 'monitoring' });
    for (const name of namesOf(INSTANCE_METRICS)) {
      this.gauge(name, ['service', ...INSTANCE_METRICS[name].labels], () => core.serviceReports(nowUs()).flatMap((report) =>
        OF_INSTANCE[name](report).map(({ labels, value }) => ({ labels: { service: report.service, instance: report.instance, ...labels }, value }))));
    }
    for (const name of namesOf(VENUE_METRICS)) {
      this.gauge(name, VENUE_METRICS[name].labels, () => core.venueReports(nowUs()).map((report) => ({ labels: { venue: report.venue }, value: OF_VENUE[name](report) })));
    }
    this.gauge('alerts_open', ALERT_METRICS.alerts_open.labels, () => (areAlertsKnown() ? SEVERITIES : [])
      .map((severity) => ({ labels: { severity }, value: core.openAlerts.filter((alert) => alert.severity === severity).length })));
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: keyof typeof LISTS, labelNames: readonly string[], read: () => readonly Value[]): void {
    const gauge: Gauge = new Gauge({
      name: `parallax_${name}`,
      help: LISTS[name].meaning,
      labelNames: [...labelNames],
      registers: [],
      collect: () => {
        gauge.reset();
        for (const { labels = {}, value } of read()) if (value !== null) gauge.set(labels, value);
      },
    });
    this.registry.registerMetric(gauge);
  }
}
