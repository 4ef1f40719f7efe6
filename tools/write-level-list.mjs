#!/usr/bin/env node
/**
 * Compiles packages/venues/src/shared/level-list/level-list.as and writes its program beside it, as text, so that nobody
 * needs the compiler but who changes the source. `node tools/write-level-list.mjs`; takes the compiler from npm.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const COMPILER = 'assemblyscript@0.28.20';
const FOLDER = join(ROOT, 'packages', 'venues', 'src', 'shared', 'level-list');
const source = readFileSync(join(FOLDER, 'level-list.as'));

const scratch = mkdtempSync(join(tmpdir(), 'level-list-'));
try {
  writeFileSync(join(scratch, 'level-list.ts'), source);
  const flags = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--importMemory', '--outFile', 'level-list.wasm'];
  const { status } = spawnSync('npx', ['--yes', '--package', COMPILER, 'asc', 'level-list.ts', ...flags], { cwd: scratch, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(1);
  const program = readFileSync(join(scratch, 'level-list.wasm'));
  const lines = program.toString('base64').match(/.{1,110}/g).map((line) => `  '${line}'`);
  writeFileSync(join(FOLDER, 'program.ts'), [
    '/** Made from level-list.as by tools/write-level-list.mjs; change it there. */',
    `export const SOURCE_SHA256 = '${createHash('sha256').update(source).digest('hex')}';`,
    `export const PROGRAM = (\n${lines.join(' +\n')}\n);\n`,
  ].join('\n'));
  console.log(`program.ts: ${program.length} bytes`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
