import { expect, test } from '@jest/globals';
import { StageLatencies } from '@parallax/telemetry';
import type { ServiceHealth } from '@parallax/types';
import { HealthMetrics } from '../src/health-metrics.js';

const START_US = 1_790_000_000_000_000;
const health = (more: Partial<ServiceHealth> = {}): ServiceHealth => ({
  service: 'execution', instance: 'e1', ready: true, missing: [], startedAtUs: START_US, atUs: START_US, counters: {}, latencies: {}, ...more,
});
/** The lines of our own, without help and types. */
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('parallax_'));

test('what nobody measured has no line, and neither has what is not told any more', async () => {
  const latencies = new StageLatencies();
  latencies.of('order-to-answer');
  const metrics = new HealthMetrics('execution', latencies);
  const measured = { 'order-to-answer': { p50: 1_000, p99: 2_500, count: 3 } };
  const acting = linesOf(await metrics.text(health({ counters: { retries: 4, running: 0 }, latencies: measured })));
  expect(acting).toEqual(expect.arrayContaining([
    'parallax_count_retries{service="execution"} 4',
    'parallax_count_running{service="execution"} 0',
    'parallax_service_latency_seconds{stage="order-to-answer",quantile="0.99",service="execution"} 0.0025',
    'parallax_service_latency_samples{stage="order-to-answer",service="execution"} 3',
  ]));
  // A stand-by counts nothing: the numbers of when it acted are not those of now.
  const standingBy = linesOf(await metrics.text(health({ ready: false, standsBy: true })));
  expect(standingBy.toSorted()).toEqual([
    'parallax_service_degraded{service="execution"} 0', 'parallax_service_errors_total{service="execution"} 0',
    'parallax_service_ready{service="execution"} 0',
    'parallax_service_stands_by{service="execution"} 1', `parallax_service_started_seconds{service="execution"} ${START_US / 1e6}`,
    ...['critical', 'info', 'warning'].map((severity) => `parallax_service_troubles{severity="${severity}",service="execution"} 0`),
    'parallax_stage_latency_unknown_total{stage="order-to-answer",service="execution"} 0',
  ]);
});

test('a refusal of risk is no error, and a verdict that cannot be stored is one', async () => {
  const counters = { refused: 40, refusedHALTED: 30, refusedQUOTE_TOO_OLD: 10, unstored: 2, unreadable: 1, 'notTaken:fees': 9 };
  const lines = linesOf(await new HealthMetrics('risk').text(health({ service: 'risk', counters })));
  expect(lines).toEqual(expect.arrayContaining([
    'parallax_service_errors_total{service="risk"} 3', 'parallax_count_refused{service="risk"} 40',
    'parallax_count_refused_halted{service="risk"} 30', 'parallax_count_refused_quote_too_old{service="risk"} 10',
    'parallax_count_not_taken_fees{service="risk"} 9',
  ]));
});

test('stages are one histogram since the start, with what is not known apart', async () => {
  const latencies = new StageLatencies();
  const toAnswer = latencies.of('order-to-answer');
  for (const tookUs of [40, 240, 240, 7_000]) toAnswer.record(START_US, START_US + tookUs);
  toAnswer.record(START_US, START_US - 1);
  const text = await new HealthMetrics('execution', latencies).text(health());
  expect(text).toContain('# TYPE parallax_stage_latency_seconds histogram');
  expect(linesOf(text)).toEqual(expect.arrayContaining([
    'parallax_stage_latency_seconds_bucket{le="0.00005",stage="order-to-answer",service="execution"} 1',
    'parallax_stage_latency_seconds_bucket{le="0.0001",stage="order-to-answer",service="execution"} 1',
    'parallax_stage_latency_seconds_bucket{le="0.00025",stage="order-to-answer",service="execution"} 3',
    'parallax_stage_latency_seconds_bucket{le="0.005",stage="order-to-answer",service="execution"} 3',
    'parallax_stage_latency_seconds_bucket{le="0.01",stage="order-to-answer",service="execution"} 4',
    'parallax_stage_latency_seconds_bucket{le="+Inf",stage="order-to-answer",service="execution"} 4',
    'parallax_stage_latency_seconds_sum{stage="order-to-answer",service="execution"} 0.00752',
    'parallax_stage_latency_seconds_count{stage="order-to-answer",service="execution"} 4',
    'parallax_stage_latency_unknown_total{stage="order-to-answer",service="execution"} 1',
  ]));
});
