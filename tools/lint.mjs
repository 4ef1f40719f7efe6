#!/usr/bin/env node
/** `npm run lint`: oxlint with types, then the rules of the house. Every fault is one sentence that says why. */
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProject } from './lint/project.mjs';
import { RULES } from './lint/rules.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** @returns {number} how many faults oxlint found; they are printed as it words them. */
export function runOxlint(paths = []) {
  const program = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const result = spawnSync(process.execPath, [program, '--type-aware', '--format=unix', ...paths], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const faults = (result.stdout ?? '').split('\n').filter((line) => /^.+:\d+:\d+: /.test(line));
  for (const fault of faults) console.log(fault);
  if (result.status !== 0 && faults.length === 0) {
    console.log(`oxlint failed: ${result.stderr || result.stdout || String(result.error)}`);
    return 1;
  }
  return faults.length;
}

/** @returns {number} how many violations of the house's own rules were found and printed. */
export function runRules() {
  const project = readProject(ROOT);
  let count = 0;
  for (const [name, rule] of Object.entries(RULES)) {
    for (const { file, line, sentence } of rule(project)) {
      console.log(`${file}:${line}: ${sentence} [${name}]`);
      count++;
    }
  }
  console.log(`${project.sources.length} files, ${Object.keys(RULES).length} rules of the house, ${count} violations`);
  return count;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = runOxlint(process.argv.slice(2)) + runRules();
  console.log(faults === 0 ? 'lint: clean' : `lint: ${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
}
