import { collectDefaultMetrics, Registry, type Metric } from 'prom-client';

/** One line of a metric. */
export interface Sample {
  /** What follows the metric's name: `bucket`, `sum`, `count`. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

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

  /** Shows what `read` gives at the moment when somebody asks, and nothing else: hot paths keep plain fields, and what is not known has no line. */
  collect(name: string, help: string, type: 'counter' | 'gauge' | 'histogram', read: () => readonly Sample[]): void {
    const metricName = `parallax_${name}`;
    const get = async (): Promise<object> => ({
      name: metricName, help, type, aggregator: 'sum',
      values: read().map(({ suffix, labels = {}, value }) => ({ metricName: suffix === undefined ? metricName : `${metricName}_${suffix}`, labels, value })),
    });
    // All that a registry asks of a metric are its name and what it says.
    this.registry.registerMetric({ name: metricName, get, reset: () => {} } as unknown as Metric);
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
