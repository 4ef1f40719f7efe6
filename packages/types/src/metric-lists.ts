/** A metric as Prometheus reads it; every one is called `parallax_<name>`. The label `service` is on all of them. */
interface DeclaredMetric {
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** Labels beside `service`. */
  readonly labels: readonly string[];
  readonly meaning: string;
}
const gauge = (meaning: string, ...labels: readonly string[]): DeclaredMetric => ({ type: 'gauge', labels, meaning });
const counter = (meaning: string, ...labels: readonly string[]): DeclaredMetric => ({ type: 'counter', labels, meaning });

/** What every service tells beside its counters. The documentation is made from these lists. */
export const SERVICE_METRICS = {
  service_ready: gauge('1 when the service does its work'),
  service_stands_by: gauge('1 when another instance may act, or the lease is not granted yet'),
  service_degraded: gauge('how much is amiss outside of this instance: books, venues, other services'),
  service_troubles: gauge('troubles that it tells at this moment', 'severity'),
  service_started_seconds: gauge('when it started, in seconds since the epoch'),
  service_errors_total: counter('errors since its start: the sum of its counters that are errors. A refusal of risk is none'),
  stage_latency_seconds: { type: 'histogram', labels: ['stage'], meaning: 'latencies of a stage since the start' },
  stage_latency_unknown_total: counter('latencies that are not known: an end had no time, or two clocks differ', 'stage'),
  service_latency_seconds: gauge('p50 and p99 of the last minute; absent where nothing was measured in it', 'stage', 'quantile'),
  service_latency_samples: gauge('how many measurements these stand on', 'stage'),
} as const satisfies Record<string, DeclaredMetric>;

/** What monitoring tells of every instance that it hears; the label `service` is that one's. */
export const INSTANCE_METRICS = {
  instance_ready: gauge('1 when the instance last said that it is ready; absent where it is silent', 'instance'),
  service_silent_seconds: gauge('how long the instance was not heard', 'instance'),
  service_errors_per_second: gauge('errors over ten seconds; absent where it is silent', 'instance'),
  service_p99_seconds: gauge('p99 of a stage in the last minute; absent where it is silent', 'instance', 'stage'),
} as const satisfies Record<string, DeclaredMetric>;

/**
 * What monitoring tells of every venue. Where normalisation has told nothing of it for ten seconds, only the first and the age of the
 * newest quote have a line.
 */
export const VENUE_METRICS = {
  venue_silent_seconds: gauge('how long normalisation has told nothing of the venue', 'venue'),
  venue_connected: gauge('1 when the venue is connected', 'venue'),
  venue_frames_per_second: gauge('frames received', 'venue'),
  venue_quote_age_seconds: gauge('age of the newest quote', 'venue'),
  venue_lag_seconds: gauge('receive less exchange time of the newest quote, the distance of the clocks included; absent where the quote is old', 'venue'),
  venue_clock_offset_seconds: gauge('least receive less exchange time of the last one to two minutes: the distance of the clocks and the fastest way here', 'venue'),
  venue_books: gauge('books of the venue', 'venue'),
  venue_books_trusted: gauge('books that may be acted on', 'venue'),
  venue_dead_letters_per_second: gauge('dead letters over ten seconds', 'venue'),
} as const satisfies Record<string, DeclaredMetric>;

/** What monitoring tells of the whole. */
export const ALERT_METRICS = {
  alerts_open: gauge('alerts that stand, once all of the past that they rest on has been read', 'severity'),
} as const satisfies Record<string, DeclaredMetric>;

/** What the gateway tells beside what every service does. */
export const GATEWAY_METRICS = {
  gateway_requests_total: counter('answers to requests', 'method', 'route', 'status'),
} as const satisfies Record<string, DeclaredMetric>;
