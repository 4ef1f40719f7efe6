#!/usr/bin/env node
/**
 * Compiles packages/venues/src/shared/frame-page/frame-program.as and writes its program beside it, as text, so that nobody
 * needs the compiler but who changes the source. `node tools/write-frame-program.mjs`; takes the compiler from npm.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const COMPILER = 'assemblyscript@0.28.20';
const FOLDER = join(ROOT, 'packages', 'venues', 'src', 'shared', 'frame-page');
const source = readFileSync(join(FOLDER, 'frame-program.as'));

const scratch = mkdtempSync(join(tmpdir(), 'frame-program-'));
try {
  writeFileSync(join(scratch, 'frame-program.ts'), source);
  const flags = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--importMemory', '--outFile', 'frame-program.wasm'];
  const { status } = spawnSync('npx', ['--yes', '--package', COMPILER, 'asc', 'frame-program.ts', ...flags], { cwd: scratch, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(1);
  const program = readFileSync(join(scratch, 'frame-program.wasm'));
  const lines = program.toString('base64').match(/.{1,110}/g).map((line) => `  '${line}'`);
  writeFileSync(join(FOLDER, 'program.ts'), [
    '/** Made from frame-program.as by tools/write-frame-program.mjs; change it there. */',
    `export const SOURCE_SHA256 = '${createHash('sha256').update(source).digest('hex')}';`,
    `export const PROGRAM = (\n${lines.join(' +\n')}\n);\n`,
  ].join('\n'));
  console.log(`program.ts: ${program.length} bytes`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
