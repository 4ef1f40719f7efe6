/** Which version of Node is meant, and what is said of one that is not known. The cached one is a script that tells a version. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../setup.mjs';
import { findNode, nodeWanted, PINNED } from './node.mjs';

const folder = mkdtempSync(join(tmpdir(), 'parallax-node-'));
const saved = process.env.PARALLAX_CACHE;
process.env.PARALLAX_CACHE = folder;
after(() => {
  if (saved === undefined) delete process.env.PARALLAX_CACHE;
  else process.env.PARALLAX_CACHE = saved;
  rmSync(folder, { recursive: true, force: true });
});

test('a major version is a pinned one with its checksum; an exact one is taken as it is', () => {
  assert.deepEqual(nodeWanted('24', 'linux-x64'), { version: PINNED[24].version, integrity: PINNED[24].integrity['linux-x64'] });
  assert.deepEqual(nodeWanted(PINNED[22].version, 'linux-x64').integrity, PINNED[22].integrity['linux-x64']);
  assert.deepEqual(nodeWanted('24', 'linux-arm64'), { version: PINNED[24].version, integrity: null });
  assert.deepEqual(nodeWanted('24.1.0', 'linux-x64'), { version: '24.1.0', integrity: null });
  for (const wrong of ['twenty', '21', '24.1', '../24.1.0', '']) assert.throws(() => nodeWanted(wrong), /no version of Node that is known/);
});

test('the running one is itself; one in the cache is taken only if it tells its version', async () => {
  assert.equal(await findNode(process.versions.node), process.execPath);
  const program = join(folder, 'node-99.1.2', 'bin', 'node');
  mkdirSync(join(program, '..'), { recursive: true });
  writeFileSync(program, '#!/bin/sh\necho v99.1.2\n');
  chmodSync(program, 0o755);
  assert.equal(await findNode('99.1.2'), program);
});

test('what the project says of Node agrees: the version file, engines, the README, the image, and the pinned versions', () => {
  const read = (name) => readFileSync(join(ROOT, name), 'utf8');
  assert.equal(read('.node-version').trim(), '24');
  assert.equal(JSON.parse(read('package.json')).engines.node, '^20.19.0 || ^22.12.0 || >=24.0.0');
  for (const name of ['README.md', 'CONTRIBUTING.md']) assert.match(read(name), /Node 24 .*20\.19 .*22/s);
  for (const [, version] of read('deploy/Dockerfile').matchAll(/^FROM node:(\d+)/gm)) assert.equal(version, '24');
  for (const [major, { version }] of Object.entries(PINNED)) assert.ok(version.startsWith(`${major}.`));
});
