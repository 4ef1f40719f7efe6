import { expect, test } from '@jest/globals';
import { ALERT_METRICS, INSTANCE_METRICS, VENUE_METRICS, type ServiceHealth } from '@parallax/types';
import { MonitoringCore } from '../src/core/monitoring-core.js';
import { DEFAULT_THRESHOLDS } from '../src/core/thresholds.js';
import { MonitoringMetrics } from '../src/metrics.js';

const START_US = 1_790_000_000_000_000;
const { serviceSilentUs } = DEFAULT_THRESHOLDS;

test('readiness has a name of its own here, and who is gone leaves', async () => {
  let nowUs = START_US;
  const core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: [] }, START_US, () => {});
  const metrics = new MonitoringMetrics(core, () => nowUs);
  const word = (instance: string, more: Partial<ServiceHealth> = {}): void => core.onService({
    service: 'regime', instance, ready: true, missing: [], startedAtUs: START_US, atUs: nowUs, counters: {}, ...more,
    latencies: { 'received-to-quote': { p50: 1, p99: 2_000_000, count: 3 } },
  }, nowUs);
  const samples = async (name: string): Promise<string[]> => (await metrics.text()).split('\n').filter((line) => line.startsWith(`parallax_${name}{`));
  const ready = (instance: string): string => `parallax_instance_ready{service="regime",instance="${instance}"} 1`;
  word('killed');
  word('ended');
  expect(await samples('instance_ready')).toEqual([ready('killed'), ready('ended')]);
  // Each service tells this of itself: a sum over services would count it twice.
  expect(await samples('service_ready')).toEqual([]);
  word('ended', { ended: true });
  expect(await samples('instance_ready')).toEqual([ready('killed')]);
  expect(await samples('service_p99_seconds')).toHaveLength(1);
  const names = [...(await metrics.text()).matchAll(/^# TYPE parallax_(\S+)/gm)].map(([, name]) => name);
  expect(names).toEqual(Object.keys({ ...INSTANCE_METRICS, ...VENUE_METRICS, ...ALERT_METRICS }));
  nowUs += serviceSilentUs + 1;
  for (const name of ['instance_ready', 'service_p99_seconds', 'service_errors_per_second']) expect([name, await samples(name)]).toEqual([name, []]);
  expect(await samples('service_silent_seconds')).toHaveLength(1);
});
