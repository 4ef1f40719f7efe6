import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';

const SCRIPT = fileURLToPath(new URL('./support/asked-process.mjs', import.meta.url));
const LOADER = new URL('../../../tools/swc-register.mjs', import.meta.url).href;

// In a terminal Ctrl-C reaches every process of npm's, and npm hands it on besides.
test('signals that come again while the process ends do not cut its end short, nor its log', async () => {
  const child = spawn(process.execPath, ['--conditions=source', '--import', LOADER, SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<unknown[]>((resolve) => child.once('close', (...how) => resolve(how)));
  child.stdin.on('error', () => {});
  let [out, log] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (log += piece.toString()));
  await until(() => out.includes('runs\n'), () => out);
  for (let times = 0; times < 2; times++) child.kill('SIGINT');
  // It has heard the first: a second that nobody listens for would end it here.
  await until(() => out.includes('ends by SIGINT\n') || child.signalCode !== null, () => out);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGTERM', 'SIGHUP', 'SIGHUP'] as const) child.kill(signal);
  child.stdin.end('now\n');
  expect(await ended).toEqual([0, null]);
  expect(out).toBe('runs\nends by SIGINT\nended\n');
  // What was held back of lines that came again is written as it exits.
  const lines = log.trim().split('\n').map((line) => JSON.parse(line) as { msg: string; repeated?: number });
  expect(lines.map(({ msg, repeated }) => [msg, repeated])).toEqual([['it fails', undefined], ['it fails', 3]]);
});
