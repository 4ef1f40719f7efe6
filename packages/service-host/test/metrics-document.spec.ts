import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { StageLatencies } from '@parallax/telemetry';
import { SERVICE_COUNTERS, STAGE_NAMES } from '@parallax/types';
import { HealthMetrics } from '../src/health-metrics.js';
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
  expect(shown.length).toBeGreaterThan(STAGE_NAMES.length);
  expect(shown.filter((name) => !written.includes(`\`${name}\``))).toEqual([]);
});
