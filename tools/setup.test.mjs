/** A first start, from the outside: whoever ends it while it installs or builds ends all of it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from './setup.mjs';

/** In the place of npm and turbo: starts a child of its own, says who both are, and goes on until it is ended. */
const WORKER = `#!${process.execPath}
const { spawn } = require('node:child_process');
const { renameSync, writeFileSync } = require('node:fs');
const below = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); process.stdout.write('x'); setInterval(() => {}, 1000)"], { stdio: ['ignore', 'pipe', 'inherit'] });
below.stdout.once('data', () => {
  writeFileSync(process.env.WHO + '.new', JSON.stringify([process.pid, below.pid]));
  renameSync(process.env.WHO + '.new', process.env.WHO);
});
setInterval(() => {}, 1000);
`;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // One that has ended and that nobody has asked for yet is over.
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A clone in which an install, or a build, is what comes next. */
function clone(next) {
  const root = mkdtempSync(join(tmpdir(), 'parallax-setup-'));
  for (const file of ['bin/parallax', 'tools/setup.mjs', 'tools/run-command.mjs', 'tools/dev.mjs']) cpSync(join(ROOT, file), join(root, file));
  const put = (file, text, mode) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text, { mode });
  };
  put('package.json', '{"type":"module"}');
  put('package-lock.json', JSON.stringify({ packages: next === 'install' ? { 'node_modules/x': { version: '1.0.0' } } : {} }));
  put('node_modules/.package-lock.json', '{"packages":{}}');
  put('tsconfig.base.json', '{}');
  put('apps/parallax/src/main.ts', '');
  put('programs/npm', WORKER, 0o755);
  put('node_modules/turbo/package.json', '{"type":"commonjs"}');
  put('node_modules/turbo/bin/turbo', WORKER);
  put('programs/package.json', '{"type":"commonjs"}');
  return root;
}

const STARTS = [
  { next: 'install', words: ['bin/parallax', 'start'] }, { next: 'build', words: ['bin/parallax', 'start'] }, { next: 'install', words: ['tools/dev.mjs', 'start'] },
];
for (const { next, words } of STARTS) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    test(`${signal} to ${words.join(' ')} during its ${next} ends all of it, in one sentence`, { timeout: 120_000, skip: process.platform === 'win32' }, async () => {
      const root = clone(next);
      const who = join(root, 'who');
      const child = spawn(process.execPath, words, {
        cwd: root, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, WHO: who, PATH: `${join(root, 'programs')}${delimiter}${process.env.PATH}` },
      });
      let pids = [];
      try {
        let said = '';
        child.stderr.on('data', (chunk) => (said += chunk));
        const ended = new Promise((resolve) => void child.once('close', (code, by) => resolve([code, by])));
        while (!existsSync(who)) await pause(20);
        pids = JSON.parse(readFileSync(who, 'utf8'));
        assert.deepEqual(pids.map(isAlive), [true, true]);
        child.kill(signal);
        assert.deepEqual(await ended, [128 + constants.signals[signal], null]);
        while (pids.some(isAlive)) await pause(20);
        assert.match(said.split('\n').at(-2), new RegExp(`^(parallax|dev): ended by ${signal}, and what was under way with it`));
        assert.doesNotMatch(said, /\n {4}at /);
      } finally {
        for (const pid of [child.pid, ...pids]) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
        rmSync(root, { recursive: true, force: true });
      }
    });
  }
}
