import { hostname } from 'node:os';
import { checkConfiguration, readConfiguration, refuseTogether, systemEnvironment, type Environment } from '@parallax/config';
import { SystemClock, SystemRandom, SystemTimers, watched, type Service } from '@parallax/runtime';
import { createLog, type Log } from '@parallax/telemetry';
import type { ServiceDefinition } from './definition.js';
import { hostService, type Hosted } from './host-service.js';
import { joinAs, refuseWithoutNats } from './join.js';
import { lastValuesOf } from './last-values.js';
import { openProbes } from './probes.js';
import { tracingOf } from './tracing.js';

export interface HostOptions {
  /** Default: the process's own. */
  readonly environment?: Environment;
}

/** The one service of this process. */
export interface HostedService extends Hosted {
  readonly service: Service;
  readonly log: Log;
  /** Where probes and scrapers ask, `http://127.0.0.1:41234`. */
  readonly address: string;
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
  const { name } = definition;
  const { environment = systemEnvironment() } = options;
  refuseTogether([() => checkConfiguration(environment, [name]), ...(definition.checks?.(environment) ?? []), () => refuseWithoutNats(environment)]);
  const { LOG_LEVEL, PARALLAX_INSTANCE } = readConfiguration(environment, ['LOG_LEVEL', 'PARALLAX_INSTANCE']);
  const instance = PARALLAX_INSTANCE ?? `${name}-${hostname()}-${process.pid}`;
  const log = createLog({ service: name, instance, level: LOG_LEVEL });
  const ports = { clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log };
  // Open before all else, so that a process which waits for its bus is seen to live.
  const probes = await openProbes({ name, services: [name], environment, log });
  const opened: (() => Promise<unknown>)[] = [() => probes.close()];
  const letGo = (): Promise<unknown> => Promise.all(opened.splice(0).map((close) => close()));
  try {
    const lastValues = lastValuesOf(environment, ports);
    opened.push(() => lastValues.close());
    const bus = await joinAs(name, instance, environment, ports);
    const unfollow = bus.onStatus(({ type }) => {
      if (type === 'closed') log.error('the bus has closed');
    });
    opened.push(() => {
      // That the bus closes now is no news.
      unfollow();
      return bus.drain();
    });
    const tracing = tracingOf(environment, instance, ports);
    opened.push(() => tracing.close());
    const context = watched({ ...ports, bus, instance, tracing: tracing.of(name, true), lastValues }, name);
    const service = await definition.create(context, environment);
    const metrics = definition.metrics && ((): Promise<string> => definition.metrics!(service));
    const { readyWhenCutOff } = definition;
    const hosted = await hostService(service, context, { module: definition.module?.(service), metrics, readyWhenCutOff, probes });
    log.info('the service runs', { address: probes.address });
    const stop = async (): Promise<void> => {
      try {
        await hosted.stop();
      } finally {
        await letGo();
      }
    };
    return { service, log, address: probes.address, face: hosted.face, stop };
  } catch (error) {
    await letGo().catch((fault: Error) => log.warn('what had been opened could not be closed', { error: fault.message }));
    throw error;
  }
}
