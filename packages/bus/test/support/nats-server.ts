import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsConfiguration, passwordVariable, PROVISIONER } from '../../src/index.js';
import type { Topology } from '../../src/index.js';
import { pause } from './fixture.js';

const CANDIDATES = [
  process.env.PARALLAX_TEST_NATS_SERVER,
  join(homedir(), '.cache/parallax/bin/nats-server'),
  join(homedir(), '.cache/parallax/py/bin/nats-server'),
];

/** Path of a nats-server, or null. In CI a missing one is a failure. */
export function natsServerPath(): string | null {
  const path = CANDIDATES.find((candidate) => candidate !== undefined && existsSync(candidate)) ?? null;
  if (path === null && process.env.CI === 'true') throw new Error('PARALLAX_TEST_NATS_SERVER names no nats-server');
  return path;
}

export const PASSWORD = 'test';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve(socket.destroy() !== null));
    socket.once('error', () => resolve(false));
  });

/** A real nats-server with the users of a topology, every password `test`. */
export class TestNatsServer {
  private process: ChildProcess | null = null;
  private constructor(
    private readonly path: string,
    private readonly directory: string,
    readonly port: number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(path: string, topology: Topology): Promise<TestNatsServer> {
    const directory = await mkdtemp(join(tmpdir(), 'parallax-nats-'));
    const port = await freePort();
    const names = [PROVISIONER, ...topology.users.map(({ name }) => name)];
    const passwords = Object.fromEntries(names.map((name) => [passwordVariable(name), PASSWORD]));
    const text = natsConfiguration(topology, { port, storeDirectory: join(directory, 'js') });
    await writeFile(join(directory, 'nats.conf'), text);
    const server = new TestNatsServer(path, directory, port, { ...process.env, ...passwords });
    await server.run();
    return server;
  }

  get servers(): string {
    return `127.0.0.1:${this.port}`;
  }

  async run(): Promise<void> {
    let said = '';
    this.process = spawn(this.path, ['-c', join(this.directory, 'nats.conf')], {
      env: this.environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    for (let tries = 0; tries < 200; tries++) {
      if (this.process.exitCode !== null) throw new Error(`nats-server ended: ${said}`);
      if (await answers(this.port)) return;
      await pause(25);
    }
    throw new Error(`nats-server does not answer: ${said}`);
  }

  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.process?.once('exit', resolve));
    this.process?.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}
