import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { requireProgram } from './programs.js';
import { startProcess, type ServerProcess } from './server-process.js';

export interface NatsServerOptions {
  /** A whole configuration, given the port and the folder for JetStream; default: one user, JetStream on. */
  readonly config?: string | ((port: number, storeDirectory: string) => string);
  readonly port?: number;
  /** Kept after stop when given; else a temporary folder that stop removes. */
  readonly storeDirectory?: string;
  /** For `$NAME` in the configuration. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface NatsServer {
  readonly url: string;
  readonly port: number;
  readonly storeDirectory: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** kill -9: the store stays, so that {@link restart} finds what was acknowledged. */
  kill(): Promise<void>;
  /** Starts again on the same port and store after {@link kill}. */
  restart(): Promise<void>;
}

const plainConfiguration = (port: number, storeDirectory: string): string =>
  `listen: 127.0.0.1:${port}\nmax_payload: 1MB\njetstream { store_dir: ${JSON.stringify(storeDirectory)} }\n`;

/** A real nats-server on a free port of the loopback, with JetStream. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const program = requireProgram('nats-server');
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'parallax-nats-'));
  const storeDirectory = options.storeDirectory ?? join(folder, 'store');
  const config = options.config ?? plainConfiguration;
  const file = join(folder, 'nats-server.conf');
  writeFileSync(file, typeof config === 'string' ? config : config(port, storeDirectory));

  let running: ServerProcess = await startProcess(program, ['-c', file], port, options.environment);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    storeDirectory,
    get pid() {
      return running.pid;
    },
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    kill: () => running.kill(),
    async restart() {
      running = await startProcess(program, ['-c', file], port, options.environment);
    },
  };
}
