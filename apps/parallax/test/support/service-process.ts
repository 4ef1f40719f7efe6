import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { until } from '@parallax/testing';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const REGISTER = pathToFileURL(join(ROOT, 'tools', 'swc-register.mjs')).href;

/** Ending in order is looked at, not how long it takes: a busy machine may need more than a person would wait. */
export const STOP_WITHIN_MS = '300000';

/** One service in a process of its own, from source. */
export class ServiceProcess {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | string>;

  constructor(main: string, parameters: readonly string[], environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, ['--conditions=source', '--import', REGISTER, join(ROOT, main), ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH ?? '', STOP_WITHIN_MS, ...environment },
    });
    this.child.stdout!.on('data', (piece: Buffer) => (this.output += piece.toString()));
    this.child.stderr!.on('data', (piece: Buffer) => (this.output += piece.toString()));
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(code ?? signal ?? 'gone')));
  }

  /** Where it answers probes, once it says that it runs. */
  address(): Promise<string> {
    return until(() => {
      if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.output}`);
      return /"address":"(http:[^"]+)"/.exec(this.output)?.[1];
    }, () => `the address of a service that says ${this.output}`);
  }

  /** Sends a signal, and gives exit code or signal once it has ended. */
  end(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Its end, whoever asked for it. */
  get exit(): Promise<number | string> {
    return this.ended;
  }
}
