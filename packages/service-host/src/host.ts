import { hostname } from 'node:os';
import { checkConfiguration, readConfiguration, systemEnvironment, type Environment } from '@parallax/config';
import { SystemClock, SystemRandom, SystemTimers, watched, type Service } from '@parallax/runtime';
import { createLog, type Log } from '@parallax/telemetry';
import type { HttpAddress } from './application.js';
import type { ServiceDefinition } from './definition.js';
import { hostService, type Hosted } from './host-service.js';
import { joinAs } from './join.js';
import { lastValuesOf } from './last-values.js';
import { tracingOf } from './tracing.js';

export interface HostOptions {
  /** Default: the process's own. */
  readonly environment?: Environment;
}

/** The one service of this process. */
export interface HostedService extends Hosted {
  readonly service: Service;
  readonly log: Log;
  /** Stops the service, then its answers, then drains the bus and sends the spans and last values that wait. */
  stop(): Promise<void>;
}

/**
 * Runs one service in this process: on NATS as its own user, with /healthz, /readyz and /metrics. Resolves once the
 * service has started; probes are answered before.
 * @throws ParallaxError `CONFIG_REFUSED`, `SERVICE_MISSING`, `BUS_REFUSED` or what the service throws at its start;
 * everything that was opened has been closed by then.
 */
export async function startService(definition: ServiceDefinition, options: HostOptions = {}): Promise<HostedService> {
  const { name, probes = true } = definition;
  const { environment = systemEnvironment() } = options;
  checkConfiguration(environment, [name]);
  const { LOG_LEVEL, PARALLAX_INSTANCE } = readConfiguration(environment, ['LOG_LEVEL', 'PARALLAX_INSTANCE']);
  const instance = PARALLAX_INSTANCE ?? `${name}-${hostname()}-${process.pid}`;
  const log = createLog({ service: name, instance, level: LOG_LEVEL });
  const ports = { clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log };
  const lastValues = lastValuesOf(environment, ports);
  const bus = await joinAs(name, instance, environment, ports);
  const tracing = tracingOf(environment, instance);
  const unfollow = bus.onStatus((status) => {
    if (status.type !== 'connected') log.warn(`the bus: ${status.type}`, { ...status });
  });
  const letGo = (): Promise<unknown> => {
    // That the bus closes now is no news.
    unfollow();
    return Promise.all([bus.drain(), tracing.close(), lastValues.close()]);
  };
  const context = watched({ ...ports, bus, instance, tracing: tracing.of(name), lastValues }, name);
  try {
    const service = await definition.create(context, environment);
    const hosted = await hostService(service, context, { module: definition.module?.(service), http: probes ? addressOf(environment) : undefined });
    log.info('the service runs', hosted.address === '' ? {} : { address: hosted.address });
    const stop = async (): Promise<void> => {
      try {
        await hosted.stop();
      } finally {
        await letGo();
      }
    };
    return { service, log, address: hosted.address, stop };
  } catch (error) {
    await letGo().catch((fault: Error) => log.warn('what had been opened could not be closed', { error: fault.message }));
    throw error;
  }
}

function addressOf(environment: Environment): HttpAddress {
  const { SERVICE_HOST: host, SERVICE_PORT: port } = readConfiguration(environment, ['SERVICE_HOST', 'SERVICE_PORT']);
  return { host, port };
}
