import { Counter, Gauge, Registry } from 'prom-client';

/** The gateway's own numbers in Prometheus' text form; gauges are read when asked. */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: 'parallax_gateway_requests_total',
    help: 'Answers by method, route and status',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.registry],
  });

  constructor() {
    this.registry.setDefaultLabels({ service: 'gateway' });
  }

  /** Shows a number that lives elsewhere. */
  watch(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name: `parallax_gateway_${name}`,
      help,
      registers: [],
      collect: () => gauge.set(read()),
    });
    this.registry.registerMetric(gauge);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
