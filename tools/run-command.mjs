/** Runs a program that ends with this process: a signal to the one ends the other, and all that it has started. Plain Node. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Who has not ended by then is killed. */
const GRACE_MS = 2_000;
/** A group of its own is what can be signalled with all that it starts; Windows has none. */
const HAS_GROUPS = process.platform !== 'win32';

/** A program was under way as this process was told to end. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`ended by ${signal}, and what was under way with it; the next start takes it up again`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Gives `{ status, error }` once the program has ended. @throws Interrupted where this process was told to end meanwhile. */
export async function runCommand(command, parameters, options) {
  const child = spawn(command, parameters, { ...options, detached: HAS_GROUPS });
  let told = null;
  let last;
  const end = (signal) => {
    told ??= signal;
    send(child, 'SIGTERM');
    last ??= setTimeout(() => send(child, 'SIGKILL'), GRACE_MS);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    const result = await new Promise((resolve) => {
      child.once('error', (error) => resolve({ status: null, error }));
      child.once('exit', (status) => resolve({ status }));
    });
    if (told === null) return result;
    // What the program left behind goes too.
    send(child, 'SIGKILL');
    throw new Interrupted(told);
  } finally {
    clearTimeout(last);
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

function send({ pid }, signal) {
  if (pid === undefined) return;
  try {
    process.kill(HAS_GROUPS ? -pid : pid, signal);
  } catch {
    // Nothing of it is left.
  }
}
