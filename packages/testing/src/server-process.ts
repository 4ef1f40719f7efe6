import { spawn, type ChildProcess } from 'node:child_process';
import { createConnection } from 'node:net';
import { until } from './until.js';

/** A server that is told to stop and does not within this time is killed. */
const STOP_WITHIN_MS = 60_000;

/** A server program under test control. */
export interface ServerProcess {
  readonly pid: number;
  /** Asks it to stop, waits, and kills it when it does not within a minute. Safe to call twice. */
  stop(): Promise<void>;
  /** kill -9, then waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a program and waits until its port answers. Its output is shown only when it fails to start. */
export async function startProcess(
  program: string,
  programArguments: readonly string[],
  port: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(program, programArguments, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  const listen = (piece: Buffer): void => {
    output = (output + piece.toString()).slice(-4000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let fault: Error | undefined;
  child.on('error', (error) => (fault = error));

  const endWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithParent);
  child.once('exit', () => process.removeListener('exit', endWithParent));

  const goesOn = (): true => {
    if (fault === undefined && child.exitCode === null) return true;
    throw new Error(`${program} did not start on port ${port}: ${fault?.message ?? output}`);
  };
  try {
    await until(() => goesOn() && answers(port), () => `${program} answers on port ${port}: ${output}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    pid: child.pid as number,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(impatient);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
