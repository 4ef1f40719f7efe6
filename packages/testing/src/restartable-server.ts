import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { requireProgram } from './programs.js';
import { startProcess, type ServerProcess } from './server-process.js';

/** A server on the loopback that can be killed and comes back as it was started. */
export interface RestartableServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Temporary and its own. */
  readonly folder: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder after {@link kill}. */
  restart(): Promise<void>;
}

export interface ServerPlan {
  /** As servers of tests are named, and the scheme of their address. */
  readonly program: 'nats-server' | 'redis-server';
  readonly scheme: 'nats' | 'redis';
  readonly port?: number | undefined;
  /** For `$NAME` in a configuration. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The command line, given the port and the folder. */
  command(port: number, folder: string): readonly string[];
}

/** Starts it on a free port unless one is given. */
export async function startServer({ program, scheme, port: wanted, environment, command }: ServerPlan): Promise<RestartableServer> {
  const path = requireProgram(program);
  const port = wanted ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), `parallax-${scheme}-`));
  // A run that ends before its tests have stopped their servers leaves no folder behind either.
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const forget = (): void => {
    process.removeListener('exit', remove);
    remove();
  };
  const words = command(port, folder);
  let running: ServerProcess = await startProcess(path, words, port, environment).catch((error: unknown) => {
    forget();
    throw error;
  });
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    folder,
    get pid() {
      return running.pid;
    },
    async stop() {
      await running.stop();
      forget();
    },
    kill: () => running.kill(),
    async restart() {
      running = await startProcess(path, words, port, environment);
    },
  };
}
