import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { services } from './local.mjs';

const folder = mkdtempSync(join(tmpdir(), 'parallax-services-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a nats-server with a configuration of its own listens on loopback, at the ports that were asked for', () => {
  const file = join(folder, 'nats.conf');
  writeFileSync(file, 'listen: "0.0.0.0:4222"\n');
  const [nats] = services({ natsConfiguration: file, natsPort: 14_333 });
  assert.equal(nats.url, 'nats://127.0.0.1:14333');
  assert.deepEqual(nats.arguments(), ['-c', file, '-a', '127.0.0.1', '-p', '14333', '-m', '18333']);
});
