/** Which program is taken, and what is said when none serves. Programs are scripts that only tell a version. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { find } from './find.mjs';
import { atLeast, versionIn } from './run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'parallax-find-'));
const saved = { ...process.env };
const program = (place, version) => {
  const path = join(folder, place);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(path, 0o755);
  return path;
};
beforeEach(() => {
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  rmSync(join(folder, 'path'), { recursive: true, force: true });
  process.env.PARALLAX_CACHE = join(folder, 'cache');
  process.env.PATH = `${join(folder, 'path')}:/bin:/usr/bin`;
  delete process.env.PARALLAX_NATS_SERVER;
});
after(() => {
  Object.assign(process.env, saved);
  rmSync(folder, { recursive: true, force: true });
});
const look = () => find('nats-server', { fetch: false });

test('the variable comes before the cache, the cache before PATH', async () => {
  program('path/nats-server', '2.14.0');
  assert.equal((await look()).way, 'PATH');
  program('cache/bin/nats-server', '2.15.1');
  assert.deepEqual(await look(), { name: 'nats-server', path: join(folder, 'cache/bin/nats-server'), version: '2.15.1', way: 'cache' });
  process.env.PARALLAX_NATS_SERVER = program('other/nats', '3.0.0');
  assert.equal((await look()).way, 'PARALLAX_NATS_SERVER');
});

test('an old one is refused with its version; an explicit one is not silently replaced', async () => {
  program('path/nats-server', '2.9.10');
  await assert.rejects(look(), /No nats-server 2\.14 or newer.*is 2\.9\.10, older than 2\.14/s);
  program('cache/bin/nats-server', '2.15.1');
  process.env.PARALLAX_NATS_SERVER = program('other/nats', '2.13.9');
  await assert.rejects(look(), /PARALLAX_NATS_SERVER names .* but is 2\.13\.9, older than 2\.14/);
  process.env.PARALLAX_NATS_SERVER = '/nowhere/nats-server';
  await assert.rejects(look(), /does not run/);
});

test('a name that is not known is answered with those that are', async () => {
  await assert.rejects(find('postgres'), /there are nats-server, redis-server, chromium/);
});

test('versions compare by number', () => {
  assert.deepEqual(versionIn('Redis server v=7.0.15 sha=0'), [7, 0, 15]);
  assert.equal(versionIn('no number'), null);
  assert.ok(atLeast([2, 14, 0], [2, 14, 0]) && atLeast([2, 100, 0], [2, 14, 0]) && !atLeast([2, 13, 99], [2, 14, 0]));
});
