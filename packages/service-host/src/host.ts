import 'reflect-metadata';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Bus } from '@parallax/bus';
import { joinBus } from '@parallax/bus/nest';
import { readConfiguration, systemEnvironment, type Environment } from '@parallax/config';
import { healthOf, SystemClock, SystemRandom, SystemTimers, type Service, type ServiceContext } from '@parallax/runtime';
import { createLog, ProcessTracing, TRACES, type Log } from '@parallax/telemetry';
import type { ServiceHealth, ServiceName } from '@parallax/types';
import { HealthMetrics } from './health-metrics.js';
import { HostModule } from './host.module.js';
import { joinAs } from './join.js';
import { nestLog } from './nest-log.js';
import { HostParts } from './parts.js';

/** Builds a service from what it is given and from the environment; each app has one such function. */
export type CreateService = (context: ServiceContext, environment: Environment) => Service | Promise<Service>;

export interface HostOptions {
  /** Default: the process's own. */
  readonly environment?: Environment;
  /** False for a service that answers probes and scrapers at an address of its own. */
  readonly probes?: boolean;
}

/** A service that runs in this process. */
export interface HostedService {
  readonly service: Service;
  readonly log: Log;
  /** Where probes and scrapers ask, `http://127.0.0.1:41234`; empty without probes. */
  readonly address: string;
  /** Stops the service, then its answers, then drains the bus and sends the spans that wait. */
  stop(): Promise<void>;
}

/**
 * Runs one service as a Nest application: on the bus as its own user, with Nest's patterns for the control plane, and
 * with /healthz, /readyz and /metrics. Resolves once the service has started; probes are answered before.
 * @throws ParallaxError `CONFIG_REFUSED`, `SERVICE_MISSING`, `BUS_REFUSED` or what the service throws at its start;
 * everything that was opened has been closed by then.
 */
export async function startService(name: ServiceName, create: CreateService, options: HostOptions = {}): Promise<HostedService> {
  const { environment = systemEnvironment(), probes = true } = options;
  const { LOG_LEVEL, PARALLAX_INSTANCE } = readConfiguration(environment, ['LOG_LEVEL', 'PARALLAX_INSTANCE']);
  const instance = PARALLAX_INSTANCE ?? `${name}-${hostname()}-${process.pid}`;
  const log = createLog({ service: name, instance, level: LOG_LEVEL });
  const bus = await joinAs(name, instance, environment, log);
  const tracing = tracingOf(environment, instance);
  const context: ServiceContext = {
    bus, clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log, instance, tracing: tracing.of(name),
  };
  let app: NestFastifyApplication | null = null;
  let service: Service | null = null;
  let phase: 'starting' | 'running' | 'stopping' = 'starting';

  const stop = async (): Promise<void> => {
    phase = 'stopping';
    try {
      await service?.stop();
      await app?.close();
    } finally {
      await Promise.all([bus.drain(), tracing.close()]);
    }
  };
  const health = (created: Service): ServiceHealth =>
    phase === 'running' ? created.health() : healthOf(name, context, context.clock.nowUs(), [`it is ${phase}`]);

  try {
    const created = await create(context, environment);
    service = created;
    app = await openApplication(name, bus, new HostParts(() => health(created), new HealthMetrics(name)), probes, log);
    const address = probes ? await listen(app, environment) : '';
    await created.start();
    phase = 'running';
    log.info('the service runs', address === '' ? {} : { address });
    return { service: created, log, address, stop };
  } catch (error) {
    await stop().catch((fault: Error) => log.warn('what had been opened could not be closed', { error: fault.message }));
    throw error;
  }
}

/** Spans go to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names; without one they are kept on this machine. */
function tracingOf(environment: Environment, instance: string): ProcessTracing {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, PARALLAX_STATE } = readConfiguration(environment, ['OTEL_EXPORTER_OTLP_ENDPOINT', 'PARALLAX_STATE']);
  return new ProcessTracing({ instance, ...(endpoint === undefined ? { directory: join(PARALLAX_STATE, TRACES) } : { endpoint }) });
}

async function openApplication(name: ServiceName, bus: Bus, parts: HostParts, probes: boolean, log: Log): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(HostModule.with(name, parts, probes), adapter, { logger: nestLog(log) });
  joinBus(app, bus);
  await app.startAllMicroservices();
  return app;
}

async function listen(app: NestFastifyApplication, environment: Environment): Promise<string> {
  const { SERVICE_HOST, SERVICE_PORT } = readConfiguration(environment, ['SERVICE_HOST', 'SERVICE_PORT']);
  await app.listen(SERVICE_PORT, SERVICE_HOST);
  return app.getUrl();
}
