import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { requireProgram } from './programs.js';
import { startProcess, type ServerProcess } from './server-process.js';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Starts again on the same port after {@link kill}, empty. */
  restart(): Promise<void>;
}

/** A real Redis on a free port of the loopback, in memory only. */
export async function startRedis(options: { port?: number } = {}): Promise<RedisServer> {
  const program = requireProgram('redis-server');
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'parallax-redis-'));
  const command = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  let running: ServerProcess = await startProcess(program, command, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return running.pid;
    },
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    kill: () => running.kill(),
    async restart() {
      running = await startProcess(program, command, port);
    },
  };
}
