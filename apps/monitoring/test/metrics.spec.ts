import { expect, test } from '@jest/globals';
import { ALERT_METRICS, INSTANCE_METRICS, Quote, QUOTE_COLUMNS, VENUE_METRICS, type ServiceHealth } from '@parallax/types';
import { MonitoringCore } from '../src/core/monitoring-core.js';
import { DEFAULT_THRESHOLDS } from '../src/core/thresholds.js';
import { MonitoringMetrics } from '../src/metrics.js';

const START_US = 1_790_000_000_000_000;
const { serviceSilentUs, venueSilentUs, quoteStaleUs } = DEFAULT_THRESHOLDS;

test('readiness has a name of its own here, and who is gone leaves', async () => {
  let nowUs = START_US;
  const core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: [] }, START_US, () => {});
  const metrics = new MonitoringMetrics(core, () => nowUs, () => true);
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

test('what was told of a venue says nothing of now once nobody tells of it: but how long ago that is', async () => {
  let nowUs = START_US;
  const core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: [] }, START_US, () => {});
  const metrics = new MonitoringMetrics(core, () => nowUs, () => true);
  const told = async (): Promise<string[]> => [...(await metrics.text()).matchAll(/^parallax_venue_(\w+)\{venue="okx"/gm)].map(([, name]) => name).toSorted();
  const tell = (deadLetters: number): void => core.onVenue({
    venue: 'okx', connected: true, connections: 1, lastFrameAtUs: nowUs, framesPerSecond: 500, reconnects: 0, deadLetters, clockOffsetUs: 1, symbols: [], atUs: nowUs,
  }, nowUs);
  const quote = new Float64Array(QUOTE_COLUMNS);
  quote[Quote.exchangeAtUs] = nowUs;
  quote[Quote.receivedAtUs] = nowUs + 1_000;
  core.onQuote('okx', quote, nowUs);
  tell(0);
  nowUs += 1_000_000;
  tell(1);
  const always = ['quote_age_seconds', 'silent_seconds'];
  const ofNow = ['books', 'books_trusted', 'clock_offset_seconds', 'connected', 'dead_letters_per_second', 'frames_per_second'];
  expect(await told()).toEqual([...ofNow, 'lag_seconds', ...always].toSorted());
  nowUs += venueSilentUs + 1;
  expect(await told()).toEqual(['lag_seconds', ...always]);
  nowUs += quoteStaleUs;
  expect(await told()).toEqual(always);
  tell(2);
  expect(await told()).toEqual([...ofNow, ...always].toSorted());
});

test('how many alerts stand is not told before all is known that they rest on', async () => {
  let known = false;
  const core = new MonitoringCore({ ...DEFAULT_THRESHOLDS, expectedServices: [] }, START_US, () => {});
  const metrics = new MonitoringMetrics(core, () => START_US, () => known);
  expect(await metrics.text()).not.toMatch(/^parallax_alerts_open\{/m);
  known = true;
  expect(await metrics.text()).toMatch(/^parallax_alerts_open\{severity="critical",service="monitoring"\} 0$/m);
});
