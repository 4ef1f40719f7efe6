import { hostname } from 'node:os';
import { connectNats } from '@parallax/bus';
import { readConfiguration, systemEnvironment } from '@parallax/config';
import { SystemClock, SystemRandom, SystemTimers } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';
import { DEFAULT_MONITORING_CONFIGURATION, MonitoringService } from './monitoring.service.js';

/** Monitoring as a process of its own, joined to NATS_URL; SIGTERM and SIGINT stop it in order. */
const say = (level: string) => (message: string, fields: Record<string, unknown> = {}) =>
  void process.stderr.write(`${JSON.stringify({ level, service: 'monitoring', message, ...fields })}\n`);

try {
  const { NATS_URL, NATS_MONITORING_PASSWORD, PARALLAX_INSTANCE } = readConfiguration(systemEnvironment(), [
    'NATS_URL', 'NATS_MONITORING_PASSWORD', 'PARALLAX_INSTANCE',
  ]);
  if (NATS_URL === undefined) {
    throw new ParallaxError('CONFIG_REFUSED', 'a service of its own needs NATS_URL, the address of a nats-server', { place: 'NATS_URL' });
  }
  const user = NATS_MONITORING_PASSWORD === undefined ? {} : { user: 'monitoring', password: NATS_MONITORING_PASSWORD };
  const instance = PARALLAX_INSTANCE ?? `monitoring-${hostname()}-${process.pid}`;
  const bus = await connectNats({ servers: NATS_URL.split(','), name: instance, topology: TOPOLOGY, ...user });
  const log = { info: say('info'), warn: say('warn'), error: say('error') };
  const ports = { clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom() };
  const service = new MonitoringService({ bus, ...ports, instance, log, configuration: DEFAULT_MONITORING_CONFIGURATION });
  await service.start();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void service.stop().then(() => bus.drain()));
  }
} catch (error) {
  say('error')(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
