import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
const MAIN = resolve(ROOT, 'apps/parallax/src/main.ts');
const REGISTER = pathToFileURL(resolve(ROOT, 'tools/swc-register.mjs')).href;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line from source as a process of its own; `interruptAfterMs` sends Ctrl-C's signal. */
export function parallax(
  words: readonly string[], { environment = {}, interruptAfterMs }: { environment?: Record<string, string>; interruptAfterMs?: number } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, ['--conditions=source', '--import', REGISTER, MAIN, ...words], {
    cwd: ROOT, env: { ...process.env, NATS_URL: '', ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const interrupt = interruptAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
  return new Promise((done) => {
    child.once('close', (code) => {
      clearTimeout(interrupt);
      done({ code, out, err });
    });
  });
}
