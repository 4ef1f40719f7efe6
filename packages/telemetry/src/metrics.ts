import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { LatencyHistogram } from './latency-histogram.js';

const QUANTILES = [0.5, 0.99, 0.999] as const;

/**
 * One service's numbers in Prometheus' text form. Each service has a registry of its own, so that several in one process
 * do not mix; every metric is called `parallax_<name>` and carries the label `service`.
 */
export class ServiceMetrics {
  readonly registry = new Registry();

  constructor(service: string, options: { readonly process?: boolean } = {}) {
    this.registry.setDefaultLabels({ service });
    if (options.process) collectDefaultMetrics({ register: this.registry });
  }

  /** A number that only grows; call `.labels(...)` once and keep the child where it is counted often. */
  counter<Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name: `parallax_${name}`, help, labelNames, registers: [this.registry] });
  }

  gauge<Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ name: `parallax_${name}`, help, labelNames, registers: [this.registry] });
  }

  /** Shows numbers that are counted elsewhere, read when somebody asks: hot paths keep plain fields. */
  watch(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name: `parallax_${name}`, help, registers: [this.registry], collect: () => gauge.set(read()) });
  }

  /** Shows a histogram as quantiles with its count and sum; the unit stands in the name (`frame_to_quote_us`). */
  latency(name: string, help: string, histogram: LatencyHistogram): void {
    const quantiles: Gauge<'quantile'> = new Gauge({
      name: `parallax_${name}`,
      help,
      labelNames: ['quantile'],
      registers: [this.registry],
      collect() {
        for (const quantile of QUANTILES) quantiles.labels(String(quantile)).set(histogram.percentile(quantile));
      },
    });
    this.watch(`${name}_count`, `${help}: how many`, () => histogram.count);
    this.watch(`${name}_sum`, `${help}: their sum`, () => histogram.sum);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** What `/metrics` answers. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Numbers of one thread beside others in its process: heap, garbage collection and event loop are its own, the rest is not. */
export function threadMetrics(service: string): ServiceMetrics {
  const metrics = new ServiceMetrics(service, { process: true });
  for (const { name } of metrics.registry.getMetricsAsArray()) if (name.startsWith('process_')) metrics.registry.removeSingleMetric(name);
  return metrics;
}
