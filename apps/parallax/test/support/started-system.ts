import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { until } from '@parallax/testing';
import { STOP_WITHIN_MS } from './service-process.js';

const MAIN = join(import.meta.dirname, '../../dist/main.js');

interface Listed<Row> {
  readonly data: Row[];
  readonly cursor: string | null;
}

/** What `npm start` starts, built, in a process of its own. */
export class StartedSystem {
  address = '';
  /** Where probes and scrapers ask. */
  probes = '';
  private output = '';
  private readonly child: ChildProcess;

  private constructor(state: string, settings: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, ['--conditions=default', MAIN, 'start', '--port', '0'], {
      env: { ...process.env, PARALLAX_STATE: state, NATS_URL: '', OTEL_EXPORTER_OTLP_ENDPOINT: '', NODE_OPTIONS: '', STOP_WITHIN_MS, ...settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr!.on('data', (text: Buffer) => (this.output += text.toString()));
  }

  /** Starts everything on the folder of state, with such settings. */
  static async start(state: string, settings: Readonly<Record<string, string>> = {}): Promise<StartedSystem> {
    const system = new StartedSystem(state, settings);
    system.address = await system.seen('an address', () => /Parallax is at (http:\S+)/.exec(system.output)?.[1]);
    system.probes = /probes and metrics of all services are at (http:\S+)/.exec(system.output)![1];
    return system;
  }

  /** The first page of a list. */
  async get(path: string): Promise<Listed<Record<string, unknown>>> {
    return (await (await fetch(`${this.address}/api/v1/${path}`)).json()) as Listed<Record<string, unknown>>;
  }

  /** Waits for what the running system shows; a process that has ended will never show it. */
  seen<T>(what: string, look: () => Promise<T> | T) {
    return until(() => {
      if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}\n${this.output}`);
      return look();
    }, () => `${what}\n${this.output.slice(-2_000)}`);
  }

  /** Ctrl-C, or worse; gives the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | NodeJS.Signals> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode!;
    const ended = new Promise<number | NodeJS.Signals>((resolve) => this.child.once('exit', (code, by) => resolve(code ?? by!)));
    this.child.kill(signal);
    return ended;
  }
}
