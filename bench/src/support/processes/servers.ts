import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER, type Bus } from '@parallax/bus';
import { publishInstruments } from '@parallax/runtime';
import { programPath, startNatsServer, type NatsServer } from '@parallax/testing/servers';
import type { InstrumentSpecification } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const PASSWORD = 'bench';

/** A nats-server with the users and streams of live, and instruments in its shared state. */
export interface ProvisionedServer {
  /** `host:port` */
  readonly address: string;
  readonly pid: number;
  as(user: string): Promise<Bus>;
  stop(): Promise<void>;
}

/** `syncInterval` as in nats.conf: `always` synchronises each stored message with the disk. */
export async function startProvisionedServer(instruments: readonly InstrumentSpecification[], syncInterval: string): Promise<ProvisionedServer> {
  fetchServer();
  const users = [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)];
  const server: NatsServer = await startNatsServer({
    config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory, syncInterval }),
    environment: Object.fromEntries(users.map((user) => [passwordVariable(user), PASSWORD])),
  });
  const address = `127.0.0.1:${server.port}`;
  await provision({ servers: address, user: PROVISIONER, password: PASSWORD, name: 'provisioner' }, TOPOLOGY);
  const open: Bus[] = [];
  const as = async (user: string): Promise<Bus> => {
    const bus = await connectNats({ servers: address, user, password: PASSWORD, name: `${user}-bench`, topology: TOPOLOGY });
    open.push(bus);
    return bus;
  };
  await publishInstruments(await as('ingestion'), instruments);
  return {
    address,
    pid: server.pid,
    as,
    async stop() {
      await Promise.all(open.map((bus) => bus.drain()));
      await server.stop();
    },
  };
}

/** Has the tool find or fetch nats-server where none is at hand. */
function fetchServer(): void {
  if (programPath('nats-server') !== null) return;
  const tool = fileURLToPath(new URL('../../../../tools/servers/main.mjs', import.meta.url));
  const result = spawnSync(process.execPath, [tool, 'fetch', 'nats-server', '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (result.status !== 0) return;
  const { programs } = JSON.parse(result.stdout) as { programs: readonly { readonly path: string }[] };
  process.env.PARALLAX_TEST_NATS_SERVER = programs[0]?.path;
}
