import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { TestClient } from './client.js';

const APP = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const main = join(APP, 'dist/main.js');
const run = promisify(execFile);

// The real program as it is started, built from the sources as they are now.
beforeAll(async () => {
  await run(process.execPath, [join(ROOT, 'node_modules/turbo/bin/turbo'), 'run', 'build', '--filter=@parallax/simulator'], { cwd: ROOT });
});

test('--help tells every option; wrong ones are refused in one sentence', async () => {
  const { stdout } = await run(process.execPath, [main, '--help']);
  for (const option of ['--scenario', '--seed', '--tape', '--port', '--speed', '--loop', '--venue', '--okx-checksum']) {
    expect(stdout).toContain(option);
  }
  await expect(run(process.execPath, [main, '--port', 'x'])).rejects.toMatchObject({ code: 1, stderr: '--port: "x" is no port\n' });
  await expect(run(process.execPath, [main, '--bad'])).rejects.toMatchObject({ code: 1, stderr: "Unknown option '--bad'; --help tells the options\n" });
  const readme = join(APP, 'README.md');
  await expect(run(process.execPath, [main, '--scenario', readme])).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^--scenario: \S+ is not JSON: .*\n$/) });
  await expect(run(process.execPath, [main, '--tape', join(tmpdir(), 'no-such-file')])).rejects.toMatchObject({ code: 1 });
});

test('runs in real time, streams, and ends clean on SIGTERM with clients connected', async () => {
  const child = spawn(process.execPath, [main, '--port', '0', '--port-per-venue'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  await until(() => output.includes('coinbase:'));
  const [, prefixed, own] = /binance: (\S+) (\S+)/.exec(output)!;
  const clients = await Promise.all([prefixed, own].map((base) => TestClient.open(`${base}/ws/btcusdt@depth@100ms`)));
  await until(() => clients.every((client) => client.frames.length >= 10));
  const ids = clients[0].json();
  for (let i = 1; i < ids.length; i++) expect(ids[i].U).toBe(ids[i - 1].u + 1);
  child.kill('SIGTERM');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(0);
  await until(() => clients.every((client) => client.closed !== null));
});
