import type { DynamicModule } from '@nestjs/common';
import { failedOf, healthOf, type Service, type ServiceContext } from '@parallax/runtime';
import { joinedExpositions } from '@parallax/telemetry';
import type { ServiceHealth, ServiceName } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import { openApplication, type Application } from './application.js';
import type { Face } from './face.js';
import { HealthMetrics } from './health-metrics.js';
import type { Probes } from './probes.js';

export interface HostingOptions {
  /** The app's own Nest module. */
  readonly module?: DynamicModule | undefined;
  /** Numbers of its own in Prometheus' text form, beside those of its health. */
  readonly metrics?: (() => Promise<string>) | undefined;
  /** As in {@link ServiceDefinition}. */
  readonly readyWhenCutOff?: boolean | undefined;
  /** Where probes and scrapers ask for it; absent: on the bus alone. */
  readonly probes?: Probes | undefined;
}

/** A service that runs, with its control plane. */
export interface Hosted {
  /** What it says to probes and scrapers. */
  readonly face: Face;
  /** Stops the service, then its answers. The bus stays open. */
  stop(): Promise<void>;
}

/**
 * Runs a service on the bus of its context as a Nest application: alone in its process, or beside others, which it does
 * not learn. Resolves once the service has started; it answers for its health before.
 * @throws what the service throws at its start; what was opened has been closed by then.
 */
export async function hostService(service: Service, context: ServiceContext, options: HostingOptions = {}): Promise<Hosted> {
  const { name } = service;
  // Without the bus nobody hears a service, and it hears nobody, whatever it still holds.
  let connected = true;
  const unfollow = context.bus.onStatus(({ type }) => {
    if (type === 'connected') connected = true;
    else if (type === 'disconnected' || type === 'closed') connected = false;
  });
  const openedAtUs = context.clock.nowUs();
  let phase: 'starting' | 'running' | 'stopping' = 'starting';
  const health = (): ServiceHealth =>
    phase === 'running' ? cutOff(service.health(), !connected && !options.readyWhenCutOff) : healthOf(name, context, openedAtUs, [`it is ${phase}`]);
  const face = faceOf(name, health, context, options.metrics);
  let application: Application | null = null;
  const stop = async (): Promise<void> => {
    phase = 'stopping';
    try {
      await service.stop();
      sayFarewell(service, context);
    } finally {
      unfollow();
      await application?.close();
    }
  };
  try {
    application = await openApplication({ name, bus: context.bus, log: context.log, onFailed: failedOf(context), health, module: options.module });
    options.probes?.show(face);
    await service.start();
    phase = 'running';
    return { face, stop };
  } catch (error) {
    await stop().catch((fault: Error) => context.log.warn('what had been opened could not be closed', { error: fault.message }));
    throw error;
  }
}

function faceOf(name: ServiceName, health: () => ServiceHealth, { latencies }: ServiceContext, own?: () => Promise<string>): Face {
  const values = new HealthMetrics(name, latencies);
  const metrics = async (): Promise<string> => joinedExpositions(await Promise.all([values.text(health()), ...(own === undefined ? [] : [own()])]));
  return { name, health, metrics };
}

function cutOff(health: ServiceHealth, isCutOff: boolean): ServiceHealth {
  return isCutOff ? { ...health, ready: false, missing: ['the bus is not connected', ...health.missing] } : health;
}

/** Who ends in order is not missed. */
function sayFarewell({ name }: Service, context: ServiceContext): void {
  const { bus, clock, log } = context;
  const last: ServiceHealth = { ...healthOf(name, context, clock.nowUs(), ['it has ended']), ended: true };
  try {
    bus.publish(subjects.serviceHealth(name), encodeJson(last));
  } catch (error) {
    log.warn('the last word could not be said', { error: String(error) });
  }
}
