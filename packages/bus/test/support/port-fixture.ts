import { MessageChannel } from 'node:worker_threads';
import { connectPort, serveBusOver } from '../../src/index.js';
import type { Bus } from '../../src/index.js';
import type { OpenFixture } from './fixture.js';
import { openMemory } from './memory-fixture.js';

/** The memory bus, each user of it at the other end of a port of its own. */
export const openPort: OpenFixture = async (topology, options) => {
  const memory = await openMemory(topology, options);
  const buses: Bus[] = [];
  return {
    transport: 'port',
    bus: async (user) => {
      const { port1, port2 } = new MessageChannel();
      serveBusOver(port1, await memory.bus(user));
      const bus = connectPort(port2, { onFault: () => {} });
      buses.push(bus);
      return bus;
    },
    restart: () => memory.restart(),
    close: async () => {
      await Promise.all(buses.map((bus) => bus.drain()));
      await memory.close();
    },
  };
};
