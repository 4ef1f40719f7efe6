import { connectNats, provision, PROVISIONER } from '../../src/index.js';
import type { NatsBus, NatsOptions, Topology } from '../../src/index.js';
import type { Fixture } from './fixture.js';
import { natsServerPath, PASSWORD, TestNatsServer } from './nats-server.js';

export interface NatsFixture extends Fixture {
  readonly server: TestNatsServer;
  options(user: string): NatsOptions;
}

export async function openNatsFixture(topology: Topology): Promise<NatsFixture> {
  const server = await TestNatsServer.start(natsServerPath()!, topology);
  const options = (user: string): NatsOptions => ({
    servers: server.servers,
    user,
    password: PASSWORD,
    name: `test ${user}`,
    topology,
    timeoutMs: 3_000,
    onError: () => {},
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
      await server.run();
    },
    close: async () => {
      await Promise.all(buses.map((bus) => bus.drain()));
      await server.stop();
    },
  };
}

