import { ServiceMetrics } from '@parallax/telemetry';
import type { AlertSeverity, ServiceHealth, ServiceName } from '@parallax/types';
import type { Gauge } from 'prom-client';

const SEVERITIES: readonly AlertSeverity[] = ['info', 'warning', 'critical'];

/** A service's health in Prometheus' text form. */
export class HealthMetrics {
  private readonly metrics: ServiceMetrics;
  private readonly ready: Gauge;
  private readonly standsBy: Gauge;
  private readonly degraded: Gauge;
  private readonly troubles: Gauge<'severity'>;
  private readonly started: Gauge;
  private readonly latencies: Gauge<'latency' | 'quantile'>;
  private readonly samples: Gauge<'latency'>;
  private readonly counters = new Map<string, Gauge>();

  constructor(service: ServiceName) {
    this.metrics = new ServiceMetrics(service);
    this.ready = this.metrics.gauge('service_ready', '1 when the service does its work');
    this.standsBy = this.metrics.gauge('service_stands_by', '1 when another instance may act, or the lease is not granted yet');
    this.degraded = this.metrics.gauge('service_degraded', 'How much is amiss outside of this instance: books, venues, other services');
    this.troubles = this.metrics.gauge('service_troubles', 'Troubles that the service tells at this moment', ['severity']);
    this.started = this.metrics.gauge('service_started_seconds', 'When the service started, in seconds since the epoch');
    this.latencies = this.metrics.gauge('service_latency_seconds', 'Latencies of the service by name', ['latency', 'quantile']);
    this.samples = this.metrics.gauge('service_latency_samples', 'How many measurements a latency stands on', ['latency']);
  }

  /** Counters become `parallax_count_<name>`, as they come: some are known only once the service has its work. */
  text(health: ServiceHealth): Promise<string> {
    this.ready.set(Number(health.ready));
    this.standsBy.set(Number(health.standsBy ?? false));
    this.degraded.set(health.degraded?.length ?? 0);
    for (const severity of SEVERITIES) this.troubles.set({ severity }, (health.troubles ?? []).filter((one) => one.severity === severity).length);
    this.started.set(health.startedAtUs / 1e6);
    for (const [name, value] of Object.entries(health.counters)) this.counter(name).set(value);
    for (const [latency, { p50, p99, count }] of Object.entries(health.latencies)) {
      this.latencies.set({ latency, quantile: '0.5' }, p50 / 1e6);
      this.latencies.set({ latency, quantile: '0.99' }, p99 / 1e6);
      this.samples.set({ latency }, count);
    }
    return this.metrics.text();
  }

  private counter(name: string): Gauge {
    const plain = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/[^a-z0-9_]/g, '_');
    let gauge = this.counters.get(plain);
    if (!gauge) this.counters.set(plain, (gauge = this.metrics.gauge(`count_${plain}`, `What the service counts as ${name}`)));
    return gauge;
  }
}
