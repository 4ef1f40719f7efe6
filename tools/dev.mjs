#!/usr/bin/env node
/** `npm run dev -- <service>`: one service from source, started again whenever a source it uses changes. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installOrExit, ROOT } from './setup.mjs';

const rest = process.argv.slice(2);
if (rest.length === 0 || rest[0] === '--help' || rest[0] === '-h') {
  console.log(`Usage: npm run dev -- <service> [options]

Runs one service from source and starts it again when a source changes; the same as \`bin/parallax run <service>\`
otherwise. \`npm run dev -- start\` does it with everything in one process.`);
  process.exit(rest.length === 0 ? 2 : 0);
}
await installOrExit((sentence) => console.error(`dev: ${sentence}`));

const whole = new Set(['start', 'run', 'replay']);
const command = whole.has(rest[0]) ? rest : ['run', ...rest];
const main = join(ROOT, 'apps', 'parallax', 'src', 'main.ts');
const register = pathToFileURL(join(ROOT, 'tools', 'swc-register.mjs')).href;
const child = spawn(process.execPath, ['--watch', '--watch-preserve-output', '--conditions=source', '--import', register, main, ...command], {
  stdio: 'inherit',
});
// A terminal sends its signals to the child as well; others send them to this process alone. Of these Node's --watch hands on SIGTERM.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
process.on('SIGINT', () => {});
child.on('exit', (code, signal) => (process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)));
