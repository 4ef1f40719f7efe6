import { Gauge, Registry } from 'prom-client';
import type { MonitoringCore, ServiceReport, VenueReport } from './core/monitoring-core.js';

const seconds = (us: number | null): number | null => (us === null ? null : us / 1e6);

/** The whole house in Prometheus' text form, read off the core when asked. What nobody measured has no line. */
export class MonitoringMetrics {
  private readonly registry = new Registry();

  constructor(
    private readonly core: MonitoringCore,
    private readonly nowUs: () => number,
  ) {
    // What is of another service carries that one's name in the place of this.
    this.registry.setDefaultLabels({ service: 'monitoring' });
    const services = (name: string, help: string, read: (report: ServiceReport) => number | null): void =>
      this.gauge(name, help, ['service', 'instance'], (gauge) => {
        for (const report of this.core.serviceReports(this.nowUs())) {
          const value = read(report);
          if (value !== null) gauge.set({ service: report.service, instance: report.instance }, value);
        }
      });
    const venues = (name: string, help: string, read: (report: VenueReport) => number | null): void =>
      this.gauge(`venue_${name}`, help, ['venue'], (gauge) => {
        for (const report of this.core.venueReports(this.nowUs())) {
          const value = read(report);
          if (value !== null) gauge.set({ venue: report.venue }, value);
        }
      });
    // What a service says of itself is parallax_service_ready: under one name a sum would count it twice.
    services('instance_ready', '1 when the instance last said that it is ready', ({ ready, silent }) => (silent ? null : Number(ready)));
    services('service_silent_seconds', 'Time since the service was last heard', ({ silentUs }) => silentUs / 1e6);
    services('service_errors_per_second', 'Errors over ten seconds', ({ errorsPerSecond, silent }) => (silent ? null : errorsPerSecond));
    this.gauge('service_p99_seconds', 'p99 of a stage in the last minute', ['service', 'instance', 'stage'], (gauge) => {
      for (const { service, instance, latencies, silent } of this.core.serviceReports(this.nowUs())) {
        if (silent) continue;
        for (const [stage, { p99 }] of Object.entries(latencies)) gauge.set({ service, instance, stage }, p99 / 1e6);
      }
    });
    venues('connected', '1 when the venue is connected', ({ connected }) => (connected === null ? null : Number(connected)));
    venues('frames_per_second', 'Frames received', ({ framesPerSecond }) => framesPerSecond);
    venues('quote_age_seconds', 'Age of the newest quote', ({ quoteAgeUs }) => seconds(quoteAgeUs));
    venues('lag_seconds', 'Receive less exchange time of the newest quote', ({ lagUs }) => seconds(lagUs));
    venues('clock_offset_seconds', 'Least receive less exchange time of the last one to two minutes: the distance of the clocks and the fastest way here', ({ clockOffsetUs }) => seconds(clockOffsetUs));
    venues('books', 'Books of the venue', ({ books }) => books);
    venues('books_trusted', 'Books that may be acted on', ({ trustedBooks }) => trustedBooks);
    venues('dead_letters_per_second', 'Dead letters over ten seconds', ({ errorsPerSecond }) => errorsPerSecond);
    this.gauge('alerts_open', 'Alerts that stand', ['severity'], (gauge) => {
      for (const severity of ['info', 'warning', 'critical']) {
        gauge.set({ severity }, this.core.openAlerts.filter((alert) => alert.severity === severity).length);
      }
    });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, labelNames: string[], read: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({
      name: `parallax_${name}`,
      help,
      labelNames,
      registers: [],
      collect: () => {
        gauge.reset();
        read(gauge);
      },
    });
    this.registry.registerMetric(gauge);
  }
}
