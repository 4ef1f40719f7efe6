import { hostname } from 'node:os';
import { connectNats } from '@parallax/bus';
import { readConfiguration, systemEnvironment } from '@parallax/config';
import { SystemClock, SystemRandom, SystemTimers } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';
import { gatewayConfigurationOf } from './environment.js';
import { GatewayService } from './gateway.service.js';

/** The gateway as a process of its own, joined to NATS_URL; SIGTERM and SIGINT stop it in order. */
const say = (level: string) => (message: string, fields: Record<string, unknown> = {}) =>
  void process.stderr.write(`${JSON.stringify({ level, service: 'gateway', message, ...fields })}\n`);

try {
  const environment = systemEnvironment();
  const configuration = gatewayConfigurationOf(environment);
  const { NATS_URL, NATS_GATEWAY_PASSWORD, PARALLAX_INSTANCE } = readConfiguration(environment, [
    'NATS_URL', 'NATS_GATEWAY_PASSWORD', 'PARALLAX_INSTANCE',
  ]);
  if (NATS_URL === undefined) {
    throw new ParallaxError('CONFIG_REFUSED', 'a service of its own needs NATS_URL, the address of a nats-server', { place: 'NATS_URL' });
  }
  const user = NATS_GATEWAY_PASSWORD === undefined ? {} : { user: 'gateway', password: NATS_GATEWAY_PASSWORD };
  const instance = PARALLAX_INSTANCE ?? `gateway-${hostname()}-${process.pid}`;
  const bus = await connectNats({ servers: NATS_URL.split(','), name: instance, topology: TOPOLOGY, ...user });
  const log = { info: say('info'), warn: say('warn'), error: say('error') };
  const ports = { clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom() };
  const service = new GatewayService({ bus, ...ports, instance, log, configuration });
  await service.start();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void service.stop().then(() => bus.drain()));
  }
} catch (error) {
  say('error')(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
