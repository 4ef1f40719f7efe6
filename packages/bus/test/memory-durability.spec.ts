import { spawn } from 'node:child_process';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMemoryBus } from '../src/index.js';
import type { StreamDefinition, Topology } from '../src/index.js';
import { bytesOf, codeOf, textOf } from './support/fixture.js';
import { TEST_TOPOLOGY } from './support/topology.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const KILLS = 6;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parallax-durable-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs the appending process, kills it once it has said so much to be safe, and returns what it said. */
async function appendUntilKilled(firstId: number, killAfterLines: number): Promise<string[]> {
  const loader = join(HERE, '../../../tools/swc-register.mjs');
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', loader, join(HERE, 'support/append-for-ever.mjs'), directory, JSON.stringify(TEST_TOPOLOGY), String(firstId)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  let lines = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    said += text;
    lines += text.split('\n').length - 1;
    if (lines >= killAfterLines) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  // The last line may be cut by the kill.
  return said.split('\n').slice(0, -1);
}

test('a process killed while it appends loses nothing that was safe, and doubles nothing', async () => {
  const safe: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const least = 100 + 251 * kill;
    const said = await appendUntilKilled(kill * 1_000_000, least);
    expect(said.length).toBeGreaterThanOrEqual(least);
    safe.push(...said);
    const bus = await createMemoryBus(TEST_TOPOLOGY, { directory });
    let previous = 0;
    let last = '';
    for await (const { sequence, subject, bytes } of bus.streams.read('JOBS', {})) {
      expect(sequence).toBe(previous + 1);
      expect(bytes).toHaveLength(200);
      previous = sequence;
      last = subject;
    }
    // The ids of the last moments are still known, so a repeat gets the old sequence.
    const appended = safe.filter((line) => line.startsWith('append')).map((line) => line.split(' '));
    const sequences = appended.map(([, sequence]) => Number(sequence));
    expect(new Set(sequences).size).toBe(appended.length);
    expect(Math.max(...sequences)).toBeLessThanOrEqual(previous);
    for (const [, sequence, id] of appended.slice(-50)) {
      const repeated = await bus.streams.append(last, bytesOf('x'), { id });
      expect(repeated).toEqual({ sequence: Number(sequence), duplicate: true });
    }
    const revisions = safe.filter((line) => line.startsWith('put')).map((line) => Number(line.split(' ')[1]));
    const newest = await bus.state('facts').put('after.kill', bytesOf('1'));
    expect(newest).toBeGreaterThan(Math.max(...revisions));
    await bus.drain();
  }
});

test('a log torn in its last bytes opens, with all whole batches', async () => {
  let bus = await createMemoryBus(TEST_TOPOLOGY, { directory });
  for (let number = 0; number < 50; number++) await bus.streams.append('job.torn', bytesOf(`n${number}`), { id: `n${number}` });
  await bus.drain();
  const log = (await readdir(directory)).find((name) => name.endsWith('.log'))!;
  const file = await open(join(directory, log), 'r+');
  await file.truncate((await stat(join(directory, log))).size - 20);
  await file.close();
  bus = await createMemoryBus(TEST_TOPOLOGY, { directory });
  const texts: string[] = [];
  for await (const { bytes } of bus.streams.read('JOBS', {})) texts.push(textOf(bytes));
  expect(texts).toEqual(Array.from({ length: 49 }, (_, number) => `n${number}`));
  const { sequence } = await bus.streams.append('job.torn', bytesOf('n49'), { id: 'n49' });
  expect(sequence).toBe(50);
  await bus.drain();
});

test('a directory in use is refused in one clear sentence', async () => {
  const bus = await createMemoryBus(TEST_TOPOLOGY, { directory });
  expect(await codeOf(createMemoryBus(TEST_TOPOLOGY, { directory }))).toBe('STORE_FAILED');
  await bus.drain();
});

test.each([true, false])('streams keep to their bytes and age (kept in a directory: %s)', async (kept) => {
  const stream: StreamDefinition = { ...TEST_TOPOLOGY.streams[0], maximumBytes: 20_000, maximumAgeMs: 1_000, consumers: [] };
  const topology: Topology = { ...TEST_TOPOLOGY, streams: [stream] };
  let nowUs = 1_000_000_000;
  const ports = { clock: { nowUs: () => nowUs } };
  const bus = await createMemoryBus(topology, { ports, ...(kept ? { directory } : {}) });
  const numbers = async (): Promise<number[]> => {
    const found: number[] = [];
    for await (const { sequence } of bus.streams.read('JOBS', {})) found.push(sequence);
    return found;
  };
  for (let number = 1; number <= 500; number++) {
    nowUs += 10;
    await bus.streams.append('job.large', new Uint8Array(327), { id: `l${number}` });
  }
  // 400 bytes each, with what a record costs besides.
  expect(await numbers()).toEqual(Array.from({ length: 50 }, (_, at) => 451 + at));
  nowUs += 2_000_000;
  const { sequence } = await bus.streams.append('job.late', bytesOf('x'), { id: 'late' });
  expect(await numbers()).toEqual([sequence]);
  await bus.drain();
});
