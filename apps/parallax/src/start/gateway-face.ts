import { awayMetrics, type Face } from '@parallax/service-host';
import type { Clock, ServiceHealth } from '@parallax/types';
import type { GatewayWords } from './gateway-task.js';

/** Whoever keeps the gateway, as its face needs it. */
export interface Kept {
  readonly restarts: number;
  /** Null: the gateway is away, or does not say it in time. */
  ask<Of extends keyof GatewayWords>(of: Of): Promise<GatewayWords[Of] | null>;
}

/**
 * What probes and scrapers hear of a gateway that runs in a worker: its own words, or that it says none. What it counted is not known then: with
 * no line nobody takes it for 0, and a rate does not count all of it anew once it is back.
 */
export function gatewayFace(kept: Kept, clock: Clock, instance: string): Face {
  const away = awayMetrics('gateway', () => ({ restarts: kept.restarts }));
  const startedAtUs = clock.nowUs();
  const silent = (): ServiceHealth => ({
    service: 'gateway', instance, ready: false, missing: ['it is away and started again, or stands still'], startedAtUs, atUs: clock.nowUs(),
    counters: { restarts: kept.restarts }, latencies: {},
  });
  return {
    name: 'gateway',
    health: async () => (await kept.ask('health')) ?? silent(),
    metrics: async () => (await kept.ask('metrics')) ?? away.text(),
  };
}
