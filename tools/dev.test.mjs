/** `npm run dev` from the outside: it runs from source, starts again when a source changes, and ends when it is told to. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './setup.mjs';

const SOURCE = join(ROOT, 'apps', 'monitoring', 'src', 'core', 'rate.ts');

/** Something of npm's own, and what it tells; `end` sends a signal to npm alone and waits until the system behind it says that it has ended. */
function started(...parameters) {
  const state = mkdtempSync(join(tmpdir(), 'parallax-npm-'));
  const child = spawn('npm', parameters, {
    cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: '0', PARALLAX_STATE: state, NATS_URL: '', REDIS_URL: '', STOP_WITHIN_MS: '300000' },
  });
  let told = '';
  let waiting = () => {};
  let isOver = false;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => {
    told += chunk;
    waiting();
  });
  // The pipes close with the last process that has them.
  const over = new Promise((resolve) => void child.once('close', resolve)).then(() => (isOver = true, waiting()));
  const addresses = (count) => new Promise((resolve, reject) => {
    waiting = () => {
      const found = [...told.matchAll(/Parallax is at (http:\S+)/g)];
      if (found.length >= count) resolve(found.at(-1)[1]);
      else if (isOver) reject(new Error(`it ended:\n${told}`));
    };
    waiting();
  });
  const end = async (signal) => {
    child.kill(signal);
    await over;
    assert.match(told, /parallax: ended\n$/);
  };
  const clear = () => {
    try {
      process.kill(-Number(child.pid), 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
    rmSync(state, { recursive: true, force: true });
  };
  return { addresses, end, clear, told: () => told };
}

test('npm run dev starts again when a source changes, and SIGTERM to npm ends all of it in order', { timeout: 600_000 }, async () => {
  const dev = started('run', 'dev', '--', 'start');
  try {
    const first = await dev.addresses(1);
    assert.equal((await fetch(`${first}/healthz`)).status, 200);
    // Only the time of the change moves, not the source.
    utimesSync(SOURCE, statSync(SOURCE).atime, new Date());
    const second = await dev.addresses(2);
    assert.match(dev.told(), /Restarting/);
    assert.equal((await fetch(`${second}/healthz`)).status, 200);
    await dev.end('SIGTERM');
    await assert.rejects(fetch(`${second}/healthz`));
  } finally {
    dev.clear();
  }
});

for (const signal of ['SIGTERM', 'SIGHUP']) {
  test(`${signal} to npm ends the system of npm start in order`, { timeout: 600_000 }, async () => {
    const system = started('start');
    try {
      const address = await system.addresses(1);
      await system.end(signal);
      await assert.rejects(fetch(`${address}/healthz`));
    } finally {
      system.clear();
    }
  });
}
