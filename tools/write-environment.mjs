#!/usr/bin/env node
/** Writes docs/environment.md from packages/config; `node tools/write-environment.mjs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

const register = pathToFileURL(join(ROOT, 'tools', 'swc-register.mjs')).href;
const script = "import { environmentDocument } from '@parallax/config'; process.stdout.write(environmentDocument());";
const result = spawnSync(process.execPath, ['--conditions=source', '--import', register, '--input-type=module', '-e', script], {
  cwd: ROOT,
  encoding: 'utf8',
});
if (result.status !== 0) throw new Error(result.stderr);
mkdirSync(join(ROOT, 'docs'), { recursive: true });
writeFileSync(join(ROOT, 'docs', 'environment.md'), result.stdout);
console.log(`docs/environment.md: ${result.stdout.split('\n').length - 1} lines`);
