/** `npm run dev` from the outside: it runs from source, starts again when a source changes, and ends when it is told to. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './setup.mjs';

const SOURCE = join(ROOT, 'apps', 'monitoring', 'src', 'core', 'rate.ts');

test('npm run dev starts again when a source changes, and ends with its child', { timeout: 600_000 }, async () => {
  const state = mkdtempSync(join(tmpdir(), 'parallax-dev-'));
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'dev.mjs'), 'start'], {
    env: { ...process.env, PORT: '0', PARALLAX_STATE: state, NATS_URL: '', REDIS_URL: '' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  let waiting = () => {};
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => {
    told += chunk;
    waiting();
  });
  const ended = new Promise((resolve) => void child.once('exit', resolve));
  const addresses = (count) => new Promise((resolve, reject) => {
    waiting = () => {
      const found = [...told.matchAll(/Parallax is at (http:\S+)/g)];
      if (found.length >= count) resolve(found.at(-1)[1]);
    };
    ended.then(() => reject(new Error(`it ended:\n${told}`)));
    waiting();
  });
  try {
    const first = await addresses(1);
    assert.equal((await fetch(`${first}/healthz`)).status, 200);
    // Only the time of the change moves, not the source.
    utimesSync(SOURCE, statSync(SOURCE).atime, new Date());
    const second = await addresses(2);
    assert.match(told, /Restarting/);
    assert.equal((await fetch(`${second}/healthz`)).status, 200);
    child.kill('SIGTERM');
    await ended;
    await assert.rejects(fetch(`${second}/healthz`));
  } finally {
    child.kill('SIGKILL');
    rmSync(state, { recursive: true, force: true });
  }
});
