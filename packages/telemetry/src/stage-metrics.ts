import { SERVICE_METRICS } from '@parallax/types';
import type { ServiceMetrics, Sample } from './metrics.js';
import type { StageLatencies } from './stage-latencies.js';

/** Upper ends of the buckets, in seconds: they never change, so that those of all machines and releases can be added. */
export const STAGE_BUCKETS_S = [
  0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;
const BUCKETS_US = STAGE_BUCKETS_S.map((seconds) => Math.round(seconds * 1e6));
const { stage_latency_seconds: LATENCY, stage_latency_unknown_total: UNKNOWN } = SERVICE_METRICS;

/**
 * Shows what a service measured as one Prometheus histogram with a label for the stage. Counts are true to the bucket's end less
 * 3 %: a value that is nearer to it may be told in the next bucket, never in a lower one.
 */
export function showStages(metrics: ServiceMetrics, latencies: StageLatencies): void {
  metrics.collect('stage_latency_seconds', LATENCY.meaning, LATENCY.type, () => samplesOf(latencies));
  metrics.collect('stage_latency_unknown_total', UNKNOWN.meaning, UNKNOWN.type, () =>
    [...latencies.entries()].map(([stage, latency]) => ({ labels: { stage }, value: latency.total().unknown })));
}

function samplesOf(latencies: StageLatencies): Sample[] {
  const samples: Sample[] = [];
  for (const [stage, latency] of latencies.entries()) {
    const total = latency.total();
    // Nobody measured anything: no line says 0.
    if (total.count === 0) continue;
    const counts = total.countsUpTo(BUCKETS_US);
    counts.forEach((value, index) => samples.push({ suffix: 'bucket', labels: { le: String(STAGE_BUCKETS_S[index]), stage }, value }));
    samples.push(
      { suffix: 'bucket', labels: { le: '+Inf', stage }, value: total.count },
      { suffix: 'sum', labels: { stage }, value: total.sum / 1e6 },
      { suffix: 'count', labels: { stage }, value: total.count },
    );
  }
  return samples;
}
