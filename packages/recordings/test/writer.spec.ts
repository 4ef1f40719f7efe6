import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VENUES } from '@parallax/venues';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CaptureWriter, identify, readRecording, type TapeEntry } from '../src/index.js';

const HEADER = { venue: 'okx', config: { books: ['BTC/USDT'], trades: ['BTC/USDT', 'ETH/USDT'] }, recordedAtUs: 1_700_000_000_250_000 };
const FRAMES = 2_000;
const frameOf = (number: number): string => JSON.stringify({ number, text: `€${(number * 2_654_435_761 % 4_294_967_296).toString(36)}`.repeat(9) });

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'parallax-writer-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['plain.jsonl', 'packed.jsonl.gz'])('what was written is whole once it is closed, its header first: %s', async (name) => {
  const file = join(folder, name);
  const writer = new CaptureWriter(file, HEADER);
  writer.connect('ws-1', 1_700_000_001_000_000, 'wss://venue');
  writer.send('ws-1', 1_700_000_001_000_001, 'wss://venue', '{"op":"subscribe"}');
  for (let number = 0; number < FRAMES; number++) writer.receive('ws-1', 1_700_000_001_000_002 + number, Buffer.from(frameOf(number)));
  writer.receive('ws-1', 1_700_000_002_000_000, new Uint8Array([0xff, 0xfe, 0]));
  await writer.close();
  const content = readFileSync(file);
  const lines = (name.endsWith('.gz') ? gunzipSync(content) : content).toString().trimEnd().split('\n');
  expect(lines).toHaveLength(FRAMES + 4);
  expect(JSON.parse(lines[0])).toEqual({ t: 'header', format: 2, exchange: 'OKX', venue: 'okx', config: HEADER.config, recorded: 1_700_000_000.25 });
  const entries: TapeEntry[] = [];
  for await (const entry of readRecording(await identify(file, VENUES), (fault) => { throw new Error(fault.reason); })) entries.push(entry);
  expect(entries.map(({ kind }) => kind).slice(0, 3)).toEqual(['opened', 'sent', 'stream']);
  expect(entries.slice(2, -1).map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(Array.from({ length: FRAMES }, (_, number) => frameOf(number)));
  expect([...entries.at(-1)!.bytes]).toEqual([0xff, 0xfe, 0]);
});

test('a file that cannot be written is told when it is closed, and from then on', async () => {
  const nowhere = new CaptureWriter(join(folder, 'no', 'such', 'folder'), HEADER);
  await expect(nowhere.close()).rejects.toMatchObject({ code: 'INPUT_REFUSED', message: expect.stringContaining('cannot be written') });
  expect(() => nowhere.check()).toThrow(expect.objectContaining({ code: 'INPUT_REFUSED' }));
  const first = new CaptureWriter(join(folder, 'once'), HEADER);
  await first.close();
  const before = readFileSync(join(folder, 'once'), 'utf8');
  await expect(new CaptureWriter(join(folder, 'once'), HEADER).close()).rejects.toThrow(/exists already/);
  expect(readFileSync(join(folder, 'once'), 'utf8')).toBe(before);
});

test('bytes are counted before packing', async () => {
  const writer = new CaptureWriter(join(folder, 'counted.gz'), HEADER);
  writer.connect('ws-1', 1_700_000_001_000_000, 'wss://venue');
  await writer.close();
  expect(writer.bytes).toBe(gunzipSync(readFileSync(join(folder, 'counted.gz'))).length);
});
