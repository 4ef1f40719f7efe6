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

export interface RunOptions {
  readonly environment?: Record<string, string>;
  /** Nobody reads what it writes on standard output. */
  readonly isUnread?: boolean;
  /** Ctrl-C's signal is sent once this says so. */
  readonly interruptWhen?: () => boolean;
}

/** True so long after `begun` was: for {@link RunOptions.interruptWhen}. */
export function after(milliseconds: number, begun: () => boolean): () => boolean {
  let begunAt = Infinity;
  return () => {
    if (begunAt === Infinity && begun()) begunAt = performance.now();
    return performance.now() - begunAt > milliseconds;
  };
}

/** Runs the command line from source as a process of its own. */
export function parallax(words: readonly string[], { environment = {}, isUnread = false, interruptWhen }: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, ['--conditions=source', '--import', REGISTER, MAIN, ...words], {
    cwd: ROOT, env: { ...process.env, NATS_URL: '', ...environment },
  });
  let out = '';
  let err = '';
  if (isUnread) child.stdout.destroy();
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const interrupt = setInterval(() => {
    if (!interruptWhen?.()) return;
    clearInterval(interrupt);
    child.kill('SIGINT');
  }, 100);
  return new Promise((done) => {
    child.once('close', (code) => {
      clearInterval(interrupt);
      done({ code, out, err });
    });
  });
}
