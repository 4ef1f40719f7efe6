import { createMemoryBus, systemPorts, type Bus, type MemoryBus } from '@parallax/bus';
import { StageLatencies } from '@parallax/runtime';
import type { LastValues } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';
import { DEFAULT_GATEWAY_CONFIGURATION, GatewayService, type GatewayConfiguration, type Log } from '../src/index.js';

export const ports = systemPorts();
export const quiet: Log & { lines: string[] } = {
  lines: [],
  info: () => {},
  warn: (message, fields) => void quiet.lines.push(`${message} ${JSON.stringify(fields)}`),
  error: (message, fields) => void quiet.lines.push(`${message} ${JSON.stringify(fields)}`),
};

const opened: { gateways: GatewayService[]; buses: MemoryBus[] } = { gateways: [], buses: [] };

export async function makeBus(): Promise<MemoryBus> {
  const bus = await createMemoryBus(TOPOLOGY);
  opened.buses.push(bus);
  return bus;
}

/** Ends what a test left open, so that a failed one does not keep the run from ending. */
export async function closeAll(): Promise<void> {
  for (const gateway of opened.gateways.splice(0)) await gateway.stop();
  for (const bus of opened.buses.splice(0)) await bus.drain();
}

/** A gateway on a port of its own, with the rights that its bus user has and no more. */
export async function startGateway(
  bus: MemoryBus, more: Partial<GatewayConfiguration> = {}, lastValues?: LastValues, around: (bus: Bus) => Bus = (own) => own,
): Promise<GatewayService> {
  const gateway = new GatewayService({
    bus: around(bus.as('gateway')),
    clock: ports.clock,
    timers: ports.timers,
    random: ports.random,
    instance: 'gateway-test',
    configuration: { ...DEFAULT_GATEWAY_CONFIGURATION, port: 0, flushIntervalMs: 20, ...more },
    log: quiet,
    latencies: new StageLatencies(),
    ...(lastValues === undefined ? {} : { lastValues }),
  });
  opened.gateways.push(gateway);
  await gateway.start();
  return gateway;
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => void ports.timers.after(milliseconds, resolve));
