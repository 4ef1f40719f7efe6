import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('./support/logging-process.mjs', import.meta.url));
const LOADER = new URL('../../../tools/swc-register.mjs', import.meta.url).href;
/** A device that is always full; only Linux has it. */
const FULL = '/dev/full';

/** What it wrote on standard output, and its exit code. */
async function run(standardError: 'pipe' | number): Promise<{ out: string; code: number | null }> {
  const child = spawn(process.execPath, ['--conditions=source', '--import', LOADER, SCRIPT], { stdio: ['pipe', 'pipe', standardError] });
  let out = '';
  child.stdout!.on('data', (piece: Buffer) => {
    out += piece.toString();
    if (out !== 'runs\n') return;
    child.stderr?.destroy();
    child.stdin!.end('now\n');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { out, code };
}

test('a process goes on whose log nobody reads any more', async () => {
  expect(await run('pipe')).toEqual({ out: 'runs\ngoes on\n', code: 0 });
});

(existsSync(FULL) ? test : test.skip)('a process goes on whose log lies on a full disk', async () => {
  const full = openSync(FULL, 'w');
  try {
    expect(await run(full)).toEqual({ out: 'runs\ngoes on\n', code: 0 });
  } finally {
    closeSync(full);
  }
});
