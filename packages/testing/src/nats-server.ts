import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type RestartableServer } from './restartable-server.js';

export interface NatsServerOptions {
  /** A whole configuration, given the port and the folder for JetStream; default: one user, JetStream on. */
  readonly config?: string | ((port: number, storeDirectory: string) => string);
  readonly port?: number;
  /** Kept after stop when given; else a temporary folder that stop removes. */
  readonly storeDirectory?: string;
  /** For `$NAME` in the configuration. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Its store outlives a kill, so that a restart finds what was acknowledged. */
export interface NatsServer extends RestartableServer {
  readonly storeDirectory: string;
}

const plainConfiguration = (port: number, storeDirectory: string): string =>
  `listen: 127.0.0.1:${port}\nmax_payload: 1MB\njetstream { store_dir: ${JSON.stringify(storeDirectory)} }\n`;

/** A real nats-server on a free port of the loopback, with JetStream. */
export async function startNatsServer({ config = plainConfiguration, port, storeDirectory, environment }: NatsServerOptions = {}): Promise<NatsServer> {
  const storeIn = (folder: string): string => storeDirectory ?? join(folder, 'store');
  const server = await startServer({
    program: 'nats-server', scheme: 'nats', port, environment,
    command: (own, folder) => {
      const file = join(folder, 'nats-server.conf');
      writeFileSync(file, typeof config === 'string' ? config : config(own, storeIn(folder)));
      return ['-c', file];
    },
  });
  return Object.assign(server, { storeDirectory: storeIn(server.folder) });
}
