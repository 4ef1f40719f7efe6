import { ALERT_METRICS, counterOf, GATEWAY_METRICS, INSTANCE_METRICS, SERVICE_COUNTERS, SERVICE_METRICS, STAGES, VENUE_METRICS } from '@parallax/types';
import { metricOf } from './health-metrics.js';

const CLOCKS = { own: 'its own', machines: 'of two services, which may run on two machines', venue: 'the venue’s and ours' } as const;

const HEAD = `# Metrics

Made by \`node packages/service-host/test/write-documents.mjs\`. Every process answers /metrics at SERVICE_HOST and SERVICE_PORT; \`npm start\` for
all of its services. What nobody measured has no line: a metric that is absent is not known, and never 0.

## Of every service, with the label \`service\`

`;

const STAGES_HEAD = `
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

The label \`service\` of the first ones is that of the instance that they are about. Of an instance that has ended, or that another has followed,
nothing is told.

`;

const GATEWAY_HEAD = `
## Of the gateway, beside what every service tells

`;

const COUNTERS_HEAD = `
## Counters

\`error\`: something went wrong; only these are errors. \`event\`: what happens in good order. \`level\`: how much there is at this moment. A service tells those
of its work; a stand-by tells none of the work that another does. \`parallax_count_refused_<code>\` is one for each code of
[refusals](refusal-codes.md), \`parallax_count_not_taken_<reason>\` one for each reason for which a difference in prices was not worth taking.

| metric | kind | what it counts |
|---|---|---|
`;

type List = Readonly<Record<string, { readonly type: string; readonly labels: readonly string[]; readonly meaning: string }>>;

function tableOf(...lists: readonly List[]): string {
  const rows = Object.entries(Object.assign({}, ...lists) as List).map(([name, { type, labels, meaning }]) =>
    `| \`parallax_${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${meaning} |\n`);
  return `| metric | type | by | what it is |\n|---|---|---|---|\n${rows.join('')}`;
}

/** docs/metrics.md: every metric, stage and counter, from the lists that they are declared in. */
export function metricsDocument(): string {
  const stages = Object.entries(STAGES).map(([stage, { meaning, services, clocks }]) => `| \`${stage}\` | ${meaning} | ${services.join(', ')} | ${CLOCKS[clocks]} |\n`);
  const counters = Object.keys(SERVICE_COUNTERS).map((name) => {
    const { kind, meaning } = counterOf(name)!;
    return `| \`parallax_${metricOf(name)}\` | ${kind} | ${meaning} |\n`;
  });
  return [
    HEAD, tableOf(SERVICE_METRICS), STAGES_HEAD, ...stages, QUERIES, tableOf(INSTANCE_METRICS, VENUE_METRICS, ALERT_METRICS),
    GATEWAY_HEAD, tableOf(GATEWAY_METRICS), COUNTERS_HEAD, ...counters,
  ].join('');
}
