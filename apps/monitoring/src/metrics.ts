import { Gauge, Registry } from 'prom-client';
import type { MonitoringCore } from './core/monitoring-core.js';

/** The whole house in Prometheus' text form, read off the core when asked. */
export class MonitoringMetrics {
  private readonly registry = new Registry();

  constructor(
    private readonly core: MonitoringCore,
    private readonly nowUs: () => number,
  ) {
    // What is of another service carries that one's name in the place of this.
    this.registry.setDefaultLabels({ service: 'monitoring' });
    const services = (name: string, help: string, read: (report: ReturnType<MonitoringCore['serviceReports']>[number]) => number): void =>
      this.gauge(`service_${name}`, help, ['service', 'instance'], (gauge) => {
        for (const report of this.core.serviceReports(this.nowUs())) {
          gauge.set({ service: report.service, instance: report.instance }, read(report));
        }
      });
    const venues = (name: string, help: string, read: (report: ReturnType<MonitoringCore['venueReports']>[number]) => number): void =>
      this.gauge(`venue_${name}`, help, ['venue'], (gauge) => {
        for (const report of this.core.venueReports(this.nowUs())) gauge.set({ venue: report.venue }, read(report));
      });
    services('ready', '1 when the service says that it is ready', ({ ready }) => Number(ready));
    services('silent_seconds', 'Time since the service was last heard', ({ silentUs }) => silentUs / 1e6);
    services('errors_per_second', 'Errors over ten seconds', ({ errorsPerSecond }) => errorsPerSecond);
    services('p99_seconds', 'Worst p99 of the service', ({ worstP99Us }) => worstP99Us / 1e6);
    venues('connected', '1 when the venue is connected', ({ connected }) => Number(connected));
    venues('frames_per_second', 'Frames received', ({ framesPerSecond }) => framesPerSecond);
    venues('quote_age_seconds', 'Age of the newest quote; NaN before the first', ({ quoteAgeUs }) => (quoteAgeUs ?? Number.NaN) / 1e6);
    venues('lag_seconds', 'Receive less exchange time of the newest quote', ({ lagUs }) => (lagUs ?? Number.NaN) / 1e6);
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
