import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { StageLatencies } from '@parallax/telemetry';
import { SERVICE_COUNTERS, SERVICE_METRICS, STAGE_NAMES } from '@parallax/types';
import { HealthMetrics, metricOf } from '../src/health-metrics.js';
import { metricsDocument } from '../src/index.js';

const written = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

test('docs/metrics.md is as the lists make it: node packages/service-host/test/write-documents.mjs', () => {
  expect(written).toBe(metricsDocument());
});

test('it names every metric that a service shows', async () => {
  const latencies = new StageLatencies();
  for (const stage of STAGE_NAMES) latencies.of(stage).record(1, 2);
  const counters = Object.fromEntries(Object.keys(SERVICE_COUNTERS).map((name) => [name, 1]));
  const text = await new HealthMetrics('risk', latencies).text({
    service: 'risk', instance: 'r', ready: true, missing: [], startedAtUs: 1, atUs: 2, counters, latencies: latencies.recent(2),
  });
  const shown = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const declared = [...Object.keys(SERVICE_METRICS), ...Object.keys(SERVICE_COUNTERS).map(metricOf)].map((name) => `parallax_${name}`);
  expect(shown.toSorted()).toEqual(declared.toSorted());
  expect(shown.filter((name) => !written.includes(`\`${name}\``))).toEqual([]);
});

test('words and codes of a counter’s name stay whole in its metric', () => {
  const names = ['framesLost', 'leaseLatestUs', 'p99Slow', 'refusedEDGE_GONE', 'refusedVENUE_EXPOSURE_LIMIT', 'notTaken:book-missing'];
  expect(names.map(metricOf)).toEqual([
    'count_frames_lost', 'count_lease_latest_us', 'count_p99_slow', 'count_refused_edge_gone', 'count_refused_venue_exposure_limit', 'count_not_taken_book_missing',
  ]);
});
