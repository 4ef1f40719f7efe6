import { connectNats, createMemoryBus, type Bus, type BusFault } from '@parallax/bus';
import { readConfiguration, type Environment, type VariableName } from '@parallax/config';
import type { Clock } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';

/** The bus as each of the services; one connection per service user where it is a real NATS. */
export interface Buses {
  readonly transport: Bus['transport'];
  as(user: string): Promise<Bus>;
  drain(): Promise<void>;
}

/** In process, with streams and state kept in `directory`; without one they end with the process. `clock` is that of the services. */
export async function memoryBuses(directory?: string, clock?: Clock, onFault?: (fault: BusFault) => void): Promise<Buses> {
  const ports = clock === undefined ? {} : { clock };
  const root = await createMemoryBus(TOPOLOGY, { ...(directory === undefined ? {} : { directory }), ...(onFault === undefined ? {} : { onFault }), ports });
  return { transport: 'memory', as: (user) => Promise.resolve(root.as(user)), drain: () => root.drain() };
}

/** A real NATS at `url`; passwords are read from `NATS_<USER>_PASSWORD` when a user connects. */
export function natsBuses(url: string, instance: string, environment: Environment, clock?: Clock): Buses {
  const open: Bus[] = [];
  return {
    transport: 'nats',
    async as(user) {
      const name = `NATS_${user.toUpperCase()}_PASSWORD` as VariableName;
      const password = readConfiguration(environment, [name])[name] as string | undefined;
      const credentials = password === undefined ? {} : { user, password };
      const ports = clock === undefined ? {} : { clock };
      const bus = await connectNats({ servers: url.split(','), name: `${instance}-${user}`, topology: TOPOLOGY, ports, ...credentials });
      open.push(bus);
      return bus;
    },
    async drain() {
      await Promise.all(open.map((bus) => bus.drain()));
    },
  };
}
