import { arbitrageOf } from '@parallax/app-arbitrage';
import { NormalisationService } from '@parallax/app-normalisation';
import { RegimeService } from '@parallax/app-regime';
import type { Environment } from '@parallax/config';
import { GatewayService, gatewayConfigurationOf } from '@parallax/gateway';
import { DEFAULT_MONITORING_CONFIGURATION, MonitoringService } from '@parallax/monitoring';
import { SystemClock, SystemRandom, SystemTimers, type Service, type ServiceContext, type ServiceLog } from '@parallax/runtime';
import type { ServiceName } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import type { Buses } from '../compose/buses.js';
import type { Settings } from '../compose/settings.js';
import { tracingOf } from '../compose/tracing.js';
import { execution, paperVenues, risk } from '../compose/trading.js';
import { startMarket } from './market.js';

export interface System {
  readonly address: string;
  /** Ends everything in order, the market first, so that what is under way comes to rest. */
  stop(): Promise<void>;
}

/** Every service in this process, each with its own user of the bus. */
export async function startSystem(settings: Settings, environment: Environment, buses: Buses, log: (service: string) => ServiceLog): Promise<System> {
  const clock = new SystemClock();
  const timers = new SystemTimers();
  const random = new SystemRandom();
  const instance = `parallax-${process.pid}`;
  const tracing = tracingOf(environment, instance, settings.stateDirectory);
  const contextOf = async (user: ServiceName): Promise<ServiceContext> => ({
    bus: await buses.as(user), clock, timers, random, log: log(user), instance, tracing: tracing.of(user),
  });

  const paper = paperVenues(await contextOf('paper'), settings, settings.stateDirectory);
  const gateway = new GatewayService({ ...(await contextOf('gateway')), configuration: gatewayConfigurationOf(environment) });
  const { ingestion, simulator } = await startMarket(await contextOf('ingestion'), settings);
  const services: Pick<Service, 'start' | 'stop'>[] = [
    gateway,
    new MonitoringService({ ...(await contextOf('monitoring')), configuration: { ...DEFAULT_MONITORING_CONFIGURATION, port: null } }),
    new NormalisationService(await contextOf('normalisation'), VENUES),
    new RegimeService(await contextOf('regime')),
    paper.service,
    risk(await contextOf('risk'), settings, 'shared'),
    execution(await contextOf('execution'), settings),
    arbitrageOf(await contextOf('arbitrage'), settings),
    ingestion,
  ];
  const started: typeof services = [];
  const stop = async (): Promise<void> => {
    for (const service of started.splice(0).toReversed()) await service.stop();
    await simulator?.stop();
    await Promise.all([buses.drain(), tracing.close()]);
    paper.close();
  };
  try {
    for (const service of services) {
      started.push(service);
      await service.start();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: gateway.address, stop };
}
