import { ServiceMetrics, showStages, type Sample, type StageLatencies } from '@parallax/telemetry';
import { counterOf, errorsOf, SERVICE_METRICS, type AlertSeverity, type ServiceHealth, type ServiceName } from '@parallax/types';

const SEVERITIES: readonly AlertSeverity[] = ['info', 'warning', 'critical'];

/** A service's health in Prometheus' text form, with the latencies of its stages. */
export class HealthMetrics {
  private readonly metrics: ServiceMetrics;
  /** Names of counters that have their metric: some are known only once the service has its work. */
  private readonly counted = new Set<string>();
  private health: ServiceHealth | null = null;

  constructor(service: ServiceName, latencies?: StageLatencies) {
    this.metrics = new ServiceMetrics(service);
    this.show('service_ready', ({ ready }) => [{ value: Number(ready) }]);
    this.show('service_stands_by', ({ standsBy = false }) => [{ value: Number(standsBy) }]);
    this.show('service_degraded', ({ degraded = [] }) => [{ value: degraded.length }]);
    this.show('service_troubles', ({ troubles = [] }) =>
      SEVERITIES.map((severity) => ({ labels: { severity }, value: troubles.filter((one) => one.severity === severity).length })));
    this.show('service_started_seconds', ({ startedAtUs }) => [{ value: startedAtUs / 1e6 }]);
    this.show('service_errors_total', ({ counters }) => [{ value: errorsOf(counters) }]);
    this.show('service_latency_seconds', ({ latencies: recent }) => Object.entries(recent).flatMap(([stage, { p50, p99 }]) => [
      { labels: { stage, quantile: '0.5' }, value: p50 / 1e6 }, { labels: { stage, quantile: '0.99' }, value: p99 / 1e6 },
    ]));
    this.show('service_latency_samples', ({ latencies: recent }) =>
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
    showCount(this.metrics, name, () => this.health?.counters[name]);
  }

  private show(name: keyof typeof SERVICE_METRICS, read: (health: ServiceHealth) => readonly Sample[]): void {
    const { type, meaning } = SERVICE_METRICS[name];
    this.metrics.collect(name, meaning, type, () => (this.health === null ? [] : read(this.health)));
  }
}

/** A service that is known to be away: what it counted and measured has no line; `counters` are what others count of it. */
export function awayMetrics(service: ServiceName, counters: () => ServiceHealth['counters']): ServiceMetrics {
  const metrics = new ServiceMetrics(service);
  metrics.collect('service_ready', SERVICE_METRICS.service_ready.meaning, 'gauge', () => [{ value: 0 }]);
  for (const name of Object.keys(counters())) showCount(metrics, name, () => counters()[name]);
  return metrics;
}

function showCount(metrics: ServiceMetrics, name: string, read: () => number | undefined): void {
  const declared = counterOf(name);
  const help = declared === undefined ? `What the service counts as ${name}` : declared.meaning;
  metrics.collect(metricOf(name), help, declared === undefined || declared.kind === 'level' ? 'gauge' : 'counter', () => {
    const value = read();
    return value === undefined ? [] : [{ value }];
  });
}

/** `framesLost` → `count_frames_lost`, `refusedQUOTE_TOO_OLD` → `count_refused_quote_too_old`. */
export const metricOf = (name: string): string =>
  `count_${name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`;
