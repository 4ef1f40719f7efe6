import { counterOf, SERVICE_COUNTERS, STAGES } from '@parallax/types';
import { metricOf } from './health-metrics.js';

const CLOCKS = { own: 'its own', machines: 'of two services, which may run on two machines', venue: 'the venue’s and ours' } as const;

const HEAD = `# Metrics

Made by \`node packages/service-host/test/write-documents.mjs\`. Every process answers /metrics at SERVICE_HOST and SERVICE_PORT; \`npm start\` for
all of its services. What nobody measured has no line: a metric that is absent is not known, and never 0.

## Of every service, with the label \`service\`

| metric | what it is |
|---|---|
| \`parallax_service_ready\` | 1 when the service does its work |
| \`parallax_service_stands_by\` | 1 when another instance may act, or the lease is not granted yet |
| \`parallax_service_degraded\` | how much is amiss outside of this instance: books, venues, other services |
| \`parallax_service_troubles\` | troubles that it tells at this moment, by \`severity\` |
| \`parallax_service_started_seconds\` | when it started, in seconds since the epoch |
| \`parallax_service_errors_total\` | errors since its start: the sum of the counters below that are errors. A refusal of risk is none |
| \`parallax_stage_latency_seconds\` | histogram by \`stage\`, since the start |
| \`parallax_stage_latency_unknown_total\` | latencies by \`stage\` that are not known: an end had no time, or two clocks differ |
| \`parallax_service_latency_seconds\` | p50 and p99 of the last minute by \`stage\` and \`quantile\`; absent where nothing was measured in it |
| \`parallax_service_latency_samples\` | how many measurements these stand on |

## Stages

Each is measured where it ends. Ends meet or overlap. Where two clocks differ, a latency between them is wrong by as much; where that makes it
negative it is unknown and counted apart. Buckets are true to 3 %: a value may be told in the next bucket, never in a lower one.

| stage | from what to what | services | clocks |
|---|---|---|---|
`;

const QUERIES = `
p99 of the way from a frame to a stored order over five minutes, and the share of answers of venues within 100 ms:

\`\`\`promql
histogram_quantile(0.99, sum by (le) (rate(parallax_stage_latency_seconds_bucket{stage="received-to-order"}[5m])))

sum(rate(parallax_stage_latency_seconds_bucket{stage="order-to-answer",le="0.1"}[5m])) / sum(rate(parallax_stage_latency_seconds_count{stage="order-to-answer"}[5m]))
\`\`\`

Where the time goes, stage by stage, and services that count errors:

\`\`\`promql
sum by (stage) (rate(parallax_stage_latency_seconds_sum[5m])) / sum by (stage) (rate(parallax_stage_latency_seconds_count[5m]))

sum by (service) (rate(parallax_service_errors_total[5m])) > 1
\`\`\`

## Of monitoring

By \`service\` and \`instance\`, as monitoring hears them: \`parallax_service_silent_seconds\`, \`parallax_service_errors_per_second\` (over ten seconds),
\`parallax_service_p99_seconds\` (of the last minute, by \`stage\`), and \`parallax_instance_ready\`; of an
instance that is silent the first alone is told, and of one that has ended, or that another has followed, nothing. By \`venue\`: \`parallax_venue_connected\`,
\`parallax_venue_frames_per_second\`, \`parallax_venue_quote_age_seconds\`, \`parallax_venue_lag_seconds\` (receive less exchange time of the newest quote, the
distance of the clocks included), \`parallax_venue_clock_offset_seconds\`, \`parallax_venue_books\`, \`parallax_venue_books_trusted\` and
\`parallax_venue_dead_letters_per_second\`. By \`severity\`: \`parallax_alerts_open\`.

## Of the gateway

\`parallax_gateway_requests_total\` by \`method\`, \`route\` and \`status\`; \`parallax_gateway_stream_readers\`, \`parallax_gateway_stream_sent\`, \`parallax_gateway_sequence\`, and
\`parallax_gateway_bus_…\`, what it takes from the bus.

## Counters

\`error\`: something went wrong; only these are errors. \`event\`: what happens in good order. \`level\`: how much there is at this moment. A service tells those
of its work; a stand-by tells none of the work that another does. \`parallax_count_refused_<code>\` is one for each code of
[refusals](refusal-codes.md), \`parallax_count_not_taken_<reason>\` one for each reason for which a difference in prices was not worth taking.

| metric | kind | what it counts |
|---|---|---|
`;

/** docs/metrics.md: every stage and counter, from the lists that they are declared in. */
export function metricsDocument(): string {
  const stages = Object.entries(STAGES).map(([stage, { meaning, services, clocks }]) => `| \`${stage}\` | ${meaning} | ${services.join(', ')} | ${CLOCKS[clocks]} |\n`);
  const counters = Object.keys(SERVICE_COUNTERS).map((name) => {
    const { kind, meaning } = counterOf(name)!;
    return `| \`parallax_${metricOf(name)}\` | ${kind} | ${meaning} |\n`;
  });
  return [HEAD, ...stages, QUERIES, ...counters].join('');
}
