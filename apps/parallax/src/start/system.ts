import { hostname } from 'node:os';
import { arbitrageDefinition, arbitrageOf } from '@parallax/app-arbitrage';
import { executionDefinition, executionOf } from '@parallax/app-execution';
import { ingestionDefinition, ingestionOf } from '@parallax/app-ingestion';
import { NormalisationService, normalisationDefinition } from '@parallax/app-normalisation';
import { paperVenueDefinition, paperVenuesOf } from '@parallax/app-paper-venue';
import { RegimeService, regimeDefinition } from '@parallax/app-regime';
import { riskDefinition, riskOf } from '@parallax/app-risk';
import { readConfiguration, type Environment, type Settings } from '@parallax/config';
import { DEFAULT_MONITORING_CONFIGURATION, monitoringDefinition, MonitoringService } from '@parallax/monitoring';
import { SystemRandom, SystemTimers, watched, type ServiceContext, type ServiceLog } from '@parallax/runtime';
import { lastValuesOf, openProbes, tracingOf } from '@parallax/service-host';
import { startSimulator, type Simulator } from '@parallax/simulator';
import type { LogLevel } from '@parallax/telemetry';
import { SYSTEM_SERVICES, type Clock, type ServiceName } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import type { Buses } from '../compose/buses.js';
import { House } from '../compose/house.js';
import { gatewayFace } from './gateway-face.js';
import { GatewayKeeper, type KeeperOptions } from './gateway-keeper.js';
import { sharedLastValues } from './shared-last-values.js';

/** The log of each service, and from which level on it is written. */
export interface Logs {
  of(service: string): ServiceLog;
  readonly level: LogLevel;
}

/** Of all services of this process. In containers the process number alone is the same for many. */
export function instanceName(environment: Environment): string {
  return readConfiguration(environment, ['PARALLAX_INSTANCE']).PARALLAX_INSTANCE ?? `parallax-${hostname()}-${process.pid}`;
}

/** All services here have one clock, one store and one place for spans; one of those that need them tells of these. */
const TELLS_FOR_ALL: ServiceName = 'execution';

export interface System {
  /** Where the page and the API are. */
  readonly address: string;
  /** Where probes and scrapers ask, for all services. */
  readonly probes: string;
  /** Ends everything in order, the market first, so that what is under way comes to rest. */
  stop(): Promise<void>;
}

/** How the gateway's worker lives. */
export type GatewayLife = Pick<KeeperOptions, 'entry' | 'longestAgainMs'>;
const GATEWAY: GatewayLife = { entry: new URL('./gateway-worker.js', import.meta.url), longestAgainMs: 10_000 };

/** Every service in this process, each with its own user of the bus; the gateway, which serves the public, in a worker of its own. */
export async function startSystem(
  settings: Settings, environment: Environment, buses: Buses, clock: Clock, logs: Logs, gatewayLife = GATEWAY,
): Promise<System> {
  const timers = new SystemTimers();
  const random = new SystemRandom();
  const instance = instanceName(environment);
  const probes = await openProbes({ name: 'parallax', services: SYSTEM_SERVICES, environment, log: logs.of('parallax') }).catch(async (error: unknown) => {
    await buses.drain();
    throw error;
  });
  const tracing = tracingOf(environment, instance, { clock, log: logs.of('traces') }, settings.stateDirectory);
  // One for all of them: what one service puts, another that starts later knows, with or without a Redis.
  const lastValues = lastValuesOf(environment, { clock, timers, log: logs.of('cache') });
  const house = new House(async (user: ServiceName): Promise<ServiceContext> => {
    const context = { bus: await buses.as(user), clock, timers, random, log: logs.of(user), instance, tracing: tracing.of(user, user === TELLS_FOR_ALL), lastValues: sharedLastValues(lastValues, user) };
    return watched(context, user, user === TELLS_FOR_ALL);
  }, probes);
  const { REDIS_URL, STOP_WITHIN_MS } = readConfiguration(environment, ['REDIS_URL', 'STOP_WITHIN_MS']);
  const gateway = new GatewayKeeper({
    environment, instance, level: logs.level, random, clock, timers, log: logs.of('gateway'), ...gatewayLife,
    bus: buses.transport === 'nats' ? null : await buses.as('gateway'),
    recall: () => (REDIS_URL === undefined ? lastValues.recall() : null),
    // Of the time that all have, so that the rest still ends in order.
    stopWithinMs: STOP_WITHIN_MS / 2,
  });
  let simulator: Simulator | null = null;
  const stop = async (): Promise<void> => {
    await house.stop();
    await gateway.stop();
    await simulator?.stop();
    await Promise.all([buses.drain(), tracing.close(), lastValues.close(), probes.close()]);
  };
  try {
    probes.show(gatewayFace(gateway, clock, instance));
    await gateway.start();
    await house.start(monitoringDefinition, (context) => new MonitoringService({ ...context, configuration: DEFAULT_MONITORING_CONFIGURATION }));
    await house.start(normalisationDefinition, (context) => new NormalisationService(context, VENUES));
    await house.start(regimeDefinition, (context) => new RegimeService(context));
    await house.start(paperVenueDefinition, (context) => paperVenuesOf(context, settings));
    await house.start(riskDefinition, (context) => riskOf(context, settings));
    await house.start(executionDefinition, (context) => executionOf(context, settings));
    await house.start(arbitrageDefinition, (context) => arbitrageOf(context, settings));
    simulator = settings.market === 'simulated' ? await startSimulator({ clock, timers }) : null;
    const simulatorUrl = simulator?.url ?? null;
    await house.start(ingestionDefinition, (context) => ingestionOf(context, settings, simulatorUrl));
    return { address: gateway.address, probes: probes.address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
