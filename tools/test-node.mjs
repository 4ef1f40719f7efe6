#!/usr/bin/env node
/** `npm run test:node -- <version> [options of npm test]`: the suite on another version of Node, fetched where it is not here. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findNode, PINNED } from './servers/node.mjs';
import { ROOT } from './setup.mjs';

const USAGE = `Usage: npm run test:node -- <version> [-- options of npm test]

Runs npm test on another version of Node: ${Object.keys(PINNED).join(', ')}, or an exact one such as 24.22.3. It is fetched once from
the npm registry into ~/.cache/parallax, and everything that the suite starts runs on it too.

Examples:
  npm run test:node -- 24
  npm run test:node -- 22 --only book
`;

const [asked, ...rest] = process.argv.slice(2);
if (asked === undefined || asked === '--help' || asked === '-h') {
  console.log(USAGE);
  process.exit(asked === undefined ? 2 : 0);
}
try {
  const program = await findNode(asked, (sentence) => console.log(`test:node: ${sentence}`));
  // First on PATH: npm and whatever else asks for "node" gets this one.
  const env = { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(program, [join(ROOT, 'tools', 'test.mjs'), ...rest], { cwd: ROOT, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => void (process.exitCode = code ?? 128 + constants.signals[signal]));
} catch (fault) {
  console.error(`test:node: ${fault.message}`);
  process.exitCode = 1;
}
