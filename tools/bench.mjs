#!/usr/bin/env node
/** `npm run bench [-- name...] [--json]`: each bench in a process of its own, so that none inherits another's heap. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, machineText } from './machine.mjs';
import { installOrExit, ROOT } from './setup.mjs';

const FOLDER = join(ROOT, 'bench', 'src');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
const names = readdirSync(FOLDER).filter((file) => file.endsWith('.bench.ts')).map((file) => file.slice(0, -'.bench.ts'.length)).sort();

if (values.help || values.list) {
  if (values.help) console.log('Usage: npm run bench [-- name...] [--json] [--list]\n\nRuns bench/src/<name>.bench.ts, all when none is named. There are:');
  for (const name of names) console.log(`  ${name}`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${names.join(', ') || 'none yet'}.`);
  process.exit(2);
}
await installOrExit((sentence) => console.error(`bench: ${sentence}`));

const where = machine();
if (!values.json) console.log(machineText(where));
const register = pathToFileURL(join(ROOT, 'tools', 'swc-register.mjs')).href;
const reports = [];
let failed = 0;
for (const name of positionals.length > 0 ? positionals : names) {
  const parameters = [
    '--expose-gc', '--conditions=source', '--import', register, join(FOLDER, 'support', 'run-one.ts'),
    join(FOLDER, `${name}.bench.ts`), ...(values.json ? ['--json'] : []),
  ];
  const result = spawnSync(process.execPath, parameters, { stdio: ['inherit', values.json ? 'pipe' : 'inherit', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.status !== 0) failed++;
  else if (values.json) reports.push(JSON.parse(result.stdout));
}
if (values.json) console.log(JSON.stringify({ machine: where, benches: reports }, null, 2));
process.exitCode = failed === 0 ? 0 : 1;
