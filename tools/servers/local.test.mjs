import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { natsConfigurationText } from '../write-nats-configuration.mjs';
import { accountsLeftBehind, services } from './local.mjs';

const folder = mkdtempSync(join(tmpdir(), 'parallax-services-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a nats-server with a configuration of its own listens on loopback, at the ports that were asked for', () => {
  const file = join(folder, 'nats.conf');
  writeFileSync(file, 'listen: "0.0.0.0:4222"\n');
  const [nats] = services({ natsConfiguration: file, natsPort: 14_333 });
  assert.equal(nats.url, 'nats://127.0.0.1:14333');
  assert.deepEqual(nats.arguments(), ['-c', file, '-a', '127.0.0.1', '-p', '14333', '-m', '18333']);
});

test('from no users to users, and back, what is kept for the others stays behind and is told', () => {
  const data = join(folder, 'data');
  const withUsers = natsConfigurationText().replace(/store_dir: "[^"]*"/, `store_dir: ${JSON.stringify(data)}`);
  const without = `server_name: x\njetstream { store_dir: ${JSON.stringify(data)}, max_memory_store: 256MB }\n`;
  assert.ok(withUsers.includes(data));
  assert.deepEqual([accountsLeftBehind(withUsers), accountsLeftBehind(without)], [[], []]);
  const plain = join(data, 'jetstream', '$G');
  const users = join(data, 'jetstream', 'PARALLAX');
  // An account that never kept anything has nothing to leave behind.
  mkdirSync(join(plain, 'streams'), { recursive: true });
  assert.deepEqual([accountsLeftBehind(withUsers), accountsLeftBehind(without)], [[], []]);
  mkdirSync(join(plain, 'streams', 'ORDERS'), { recursive: true });
  assert.deepEqual([accountsLeftBehind(withUsers), accountsLeftBehind(without)], [[plain], []]);
  mkdirSync(join(users, 'streams', 'ORDERS'), { recursive: true });
  assert.deepEqual([accountsLeftBehind(withUsers), accountsLeftBehind(without)], [[plain], [users]]);
});
