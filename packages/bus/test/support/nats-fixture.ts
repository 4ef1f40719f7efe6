import { startNatsServer } from '@parallax/testing';
import type { NatsServer } from '@parallax/testing';
import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER } from '../../src/index.js';
import type { NatsBus, NatsOptions, Topology } from '../../src/index.js';
import type { Fixture } from './fixture.js';

/** Of every user in these tests. */
export const PASSWORD = 'test';

export interface NatsFixture extends Fixture {
  readonly server: NatsServer;
  options(user: string): NatsOptions;
}

/** A real nats-server with the users of a topology, provisioned. */
export async function openNatsFixture(topology: Topology): Promise<NatsFixture> {
  const names = [PROVISIONER, ...topology.users.map(({ name }) => name)];
  const server = await startNatsServer({
    config: (port, storeDirectory) => natsConfiguration(topology, { port, storeDirectory }),
    environment: Object.fromEntries(names.map((name) => [passwordVariable(name), PASSWORD])),
  });
  const options = (user: string): NatsOptions => ({
    servers: server.url,
    user,
    password: PASSWORD,
    name: `test ${user}`,
    topology,
    timeoutMs: 10_000,
    onFault: () => {},
  });
  await provision(options(PROVISIONER), topology);
  const buses: NatsBus[] = [];
  return {
    transport: 'nats',
    server,
    options,
    bus: async (user) => {
      const bus = await connectNats(options(user));
      buses.push(bus);
      return bus;
    },
    restart: async () => {
      await server.kill();
      await server.restart();
    },
    close: async () => {
      await Promise.all(buses.map((bus) => bus.drain()));
      await server.stop();
    },
  };
}
