import { ServiceMetrics, showStages, type Sample, type StageLatencies } from '@parallax/telemetry';
import { counterOf, errorsOf, type AlertSeverity, type ServiceHealth, type ServiceName } from '@parallax/types';

const SEVERITIES: readonly AlertSeverity[] = ['info', 'warning', 'critical'];

/** A service's health in Prometheus' text form, with the latencies of its stages. */
export class HealthMetrics {
  private readonly metrics: ServiceMetrics;
  /** Names of counters that have their metric: some are known only once the service has its work. */
  private readonly counted = new Set<string>();
  private health: ServiceHealth | null = null;

  constructor(service: ServiceName, latencies?: StageLatencies) {
    this.metrics = new ServiceMetrics(service);
    this.gauge('service_ready', '1 when the service does its work', ({ ready }) => [{ value: Number(ready) }]);
    this.gauge('service_stands_by', '1 when another instance may act, or the lease is not granted yet', ({ standsBy = false }) => [{ value: Number(standsBy) }]);
    this.gauge('service_degraded', 'How much is amiss outside of this instance: books, venues, other services', ({ degraded = [] }) => [{ value: degraded.length }]);
    this.gauge('service_troubles', 'Troubles that the service tells at this moment', ({ troubles = [] }) =>
      SEVERITIES.map((severity) => ({ labels: { severity }, value: troubles.filter((one) => one.severity === severity).length })));
    this.gauge('service_started_seconds', 'When the service started, in seconds since the epoch', ({ startedAtUs }) => [{ value: startedAtUs / 1e6 }]);
    this.metrics.collect('service_errors_total', 'Errors that the service counted since its start; a refusal of risk is none', 'counter', () =>
      (this.health === null ? [] : [{ value: errorsOf(this.health.counters) }]));
    this.gauge('service_latency_seconds', 'Latencies of a stage in the last minute', ({ latencies: recent }) => Object.entries(recent).flatMap(([stage, { p50, p99 }]) => [
      { labels: { stage, quantile: '0.5' }, value: p50 / 1e6 }, { labels: { stage, quantile: '0.99' }, value: p99 / 1e6 },
    ]));
    this.gauge('service_latency_samples', 'How many measurements they stand on', ({ latencies: recent }) =>
      Object.entries(recent).map(([stage, { count }]) => ({ labels: { stage }, value: count })));
    if (latencies !== undefined) showStages(this.metrics, latencies);
  }

  /** Counters become `parallax_count_<name>`. What the health does not tell has no line. */
  text(health: ServiceHealth): Promise<string> {
    this.health = health;
    for (const name of Object.keys(health.counters)) this.count(name);
    return this.metrics.text();
  }

  private count(name: string): void {
    if (this.counted.has(name)) return;
    this.counted.add(name);
    const declared = counterOf(name);
    const help = declared === undefined ? `What the service counts as ${name}` : declared.meaning;
    const read = (): readonly Sample[] => {
      const value = this.health?.counters[name];
      return value === undefined ? [] : [{ value }];
    };
    this.metrics.collect(metricOf(name), help, declared === undefined || declared.kind === 'level' ? 'gauge' : 'counter', read);
  }

  private gauge(name: string, help: string, read: (health: ServiceHealth) => readonly Sample[]): void {
    this.metrics.collect(name, help, 'gauge', () => (this.health === null ? [] : read(this.health)));
  }
}

/** `framesLost` → `count_frames_lost`, `refusedQUOTE_TOO_OLD` → `count_refused_quote_too_old`. */
export const metricOf = (name: string): string =>
  `count_${name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`;
