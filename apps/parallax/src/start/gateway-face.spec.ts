import { expect, test } from '@jest/globals';
import { HealthMetrics } from '@parallax/service-host';
import type { ServiceHealth } from '@parallax/types';
import { gatewayFace, type Kept } from './gateway-face.js';
import type { GatewayWords } from './gateway-task.js';

const health: ServiceHealth = {
  service: 'gateway', instance: 'one', ready: true, missing: [], startedAtUs: 5_000_000, atUs: 9_000_000,
  counters: { messages: 40, unreadable: 57, restarts: 2 }, latencies: {},
};

test('of a gateway that is away there is no line but that it is not ready, and how often it was started again', async () => {
  const values = new HealthMetrics('gateway');
  let isAway = false;
  const words = { health: async () => health, metrics: () => values.text(health) };
  const kept: Kept = { restarts: 3, ask: async <Of extends keyof GatewayWords>(of: Of) => (isAway ? null : ((await words[of]()) as GatewayWords[Of])) };
  const face = gatewayFace(kept, { nowUs: () => 9_000_000 }, 'one');
  const samples = async (): Promise<string[]> => (await face.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const types = async (): Promise<string[]> => (await face.metrics()).split('\n').filter((line) => /^# TYPE \S+(ready|restarts) /.test(line));
  const own = await types();
  expect(await samples()).toEqual(expect.arrayContaining(['parallax_service_ready{service="gateway"} 1', 'parallax_service_errors_total{service="gateway"} 57']));
  isAway = true;
  expect(await samples()).toEqual(['parallax_service_ready{service="gateway"} 0', 'parallax_count_restarts{service="gateway"} 3']);
  expect(await types()).toEqual(own);
  expect(await face.health()).toMatchObject({ ready: false, missing: [expect.stringContaining('it is away')] });
});
