import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { VENUES } from '@parallax/venues';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { identify, readRecording, type TapeEntry, type TapeFault } from '../src/index.js';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'parallax-recordings-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function readAll(path: string, venue?: string): Promise<{ entries: TapeEntry[]; faults: TapeFault[] }> {
  const entries: TapeEntry[] = [];
  const faults: TapeFault[] = [];
  for await (const entry of readRecording(await identify(path, VENUES, venue), (fault) => faults.push(fault))) entries.push(entry);
  return { entries, faults };
}

const lines = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `${1_700_000_000_000_000 + (from + i) * 1_000} {"stream":"btcusdt@depth","data":{"u":${from + i},"x":"${'ab'.repeat(i % 50)}"}}`);
const text = ({ bytes }: TapeEntry): string => Buffer.from(bytes).toString();

test('a gzip cut anywhere gives every whole line before the cut and one fault at the next line', async () => {
  // Text that does not shrink to nothing, so that the cut lies deep inside.
  const content = lines(5_000).map((line, i) => line.replace('"x":"', `"x":"${(i * 2_654_435_761 % 4_294_967_296).toString(36)}`)).join('\n');
  const packed = gzipSync(`${content}\n`);
  for (const part of [0.3, 0.7, 0.999]) {
    const path = await file('spot-btcusdt-cut.gz', packed.subarray(0, Math.floor(packed.length * part)));
    const { entries, faults } = await readAll(path);
    expect(entries.length).toBeGreaterThan(5_000 * part * 0.8);
    expect(entries.map(text)).toEqual(content.split('\n').slice(0, entries.length).map((line) => line.slice(line.indexOf(' ') + 1)));
    expect(faults).toEqual([{ file: path, line: entries.length + 1, reason: 'the file ends early: unexpected end of file' }]);
  }
});

test('a gzip with broken bytes inside is told, at the latest by its checksum at the end', async () => {
  const packed = gzipSync(`${lines(20_000).join('\n')}\n`);
  packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64);
  const { entries, faults } = await readAll(await file('spot-btcusdt-broken.gz', packed));
  expect(entries.length).toBeGreaterThan(0);
  expect(faults.at(-1)?.reason).toContain('the file ends early');
});

test('gzip members one after the other are one file', async () => {
  const both = Buffer.concat([gzipSync(`${lines(3).join('\n')}\n`), gzipSync(`${lines(2, 3).join('\n')}\n`)]);
  const { entries, faults } = await readAll(await file('spot-btcusdt-members.gz', both));
  expect(entries).toHaveLength(5);
  expect(faults).toEqual([]);
});

test('zeros behind the end of a gzip are padding; anything else there is told', async () => {
  const packed = gzipSync(`${lines(5_000).join('\n')}\n`);
  for (const length of [100, 200_000]) {
    const padded = await readAll(await file('spot-btcusdt-padded.gz', Buffer.concat([packed, Buffer.alloc(length)])));
    expect([padded.entries.length, padded.faults]).toEqual([5_000, []]);
  }
  const followed = await readAll(await file('spot-btcusdt-followed.gz', Buffer.concat([packed, Buffer.from('rubbish')])));
  expect(followed.entries.length).toBeGreaterThan(4_000);
  expect(followed.faults).toMatchObject([{ reason: expect.stringContaining('the file ends early') }]);
});

test('a plain file works, with either line end, with or without the last one; a last line cut in its frame is a fault', async () => {
  expect((await readAll(await file('spot-btcusdt-a', lines(3).join('\r\n')))).entries.map(text)[2]).toContain('"u":2');
  const cut = await readAll(await file('spot-btcusdt-b', lines(3).join('\n').slice(0, -5)));
  expect(cut.entries).toHaveLength(2);
  expect(cut.faults).toEqual([expect.objectContaining({ line: 3, reason: expect.stringContaining('ends in the middle of a line') })]);
});

test('lines longer than the pieces a file is read in come whole', async () => {
  const long = `1700000000 {"stream":"a@b","data":"${'x'.repeat(300_000)}"}`;
  const { entries } = await readAll(await file('spot-btcusdt-long', `${lines(1)[0]}\n${long}\n${lines(1)[0]}\n`));
  expect(entries.map(({ bytes }) => bytes.length)[1]).toBe(long.length - 11);
});

test('garbage among lines is told with its place and left out; bytes that are no UTF-8 stay what they are', async () => {
  const [one, two] = lines(2);
  const bytes = Buffer.concat([Buffer.from(`${one}\nrubbish\n\nnotime {"a":1}\n`), Buffer.from(two), Buffer.from([0xff, 0x0a])]);
  const { entries, faults } = await readAll(await file('usdm-btcusdt-x', bytes));
  expect(entries).toHaveLength(2);
  expect(entries[1].bytes.at(-1)).toBe(0xff);
  expect(faults.map(({ line, reason }) => [line, reason])).toEqual([[2, 'expected "<time> <json>"'], [4, '"notime" is no time']]);
});

test.each([
  ['1700000000', 1_700_000_000_000_000], ['1700000000123', 1_700_000_000_123_000],
  ['1700000000123456', 1_700_000_000_123_456], ['1700000000123456789', 1_700_000_000_123_456],
])('the time %s is %i microseconds', async (digits, receivedAtUs) => {
  const { entries } = await readAll(await file('spot-btcusdt-t', `${digits} {"stream":"btcusdt@trade"}\n`));
  expect(entries[0].receivedAtUs).toBe(receivedAtUs);
});

test('a line whose time is far off is left out, not followed', async () => {
  const [one, two] = lines(2);
  const { entries, faults } = await readAll(await file('spot-btcusdt-far', `${one}\n9999999999999999 {"stream":"b@c"}\n1800000000000000 {"stream":"b@c"}\n${two}\n`));
  expect(entries).toHaveLength(2);
  expect(faults.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    expect.stringMatching(/^2 .*outside 2009 to 2100/), expect.stringMatching(/^3 .*more than a day after/),
  ]);
});

test('lines of JSON that are no entries are told by their first characters', async () => {
  const good = '{"t":"recv","conn":"a.ws.0","ts":1700000000.5,"data":"{}"}';
  const bad = ['{"t":"recv"', '[1]', '{"t":"recv","ts":1}', '{"t":"dance","conn":"a","ts":1700000000}', '{"t":"http","conn":"a","ts":1700000000,"url":"nowhere"}'];
  const { entries, faults } = await readAll(await file('x.jsonl', ['{"t":"header","exchange":"OKX"}', good, ...bad, good].join('\n')));
  expect(entries).toHaveLength(2);
  expect(faults.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
  const values = ['[1]', '[]', 'null', '7', '"text"', 'true'];
  const others = await readAll(await file('values.jsonl', ['{"t":"header","exchange":"OKX"}', ...values, good].join('\n')));
  expect(others.faults.map(({ reason }) => reason)).toEqual(values.map((value) => `not a JSON object: "${value}"`));
});

test.each([
  ['missing', async () => join(folder, 'nothing-here.gz'), 'RECORDING_REFUSED', /nothing-here.gz does not exist/],
  ['empty', () => file('spot-empty', ''), 'RECORDING_REFUSED', /spot-empty is empty/],
  ['empty gzip', () => file('spot-empty.gz', gzipSync('')), 'RECORDING_REFUSED', /spot-empty.gz is empty/],
  ['a folder', async () => {
    await mkdir(join(folder, 'spot-folder'), { recursive: true });
    return join(folder, 'spot-folder');
  }, 'RECORDING_REFUSED', /is a folder, not a recording/],
  ['no recording', () => file('spot-poem', 'roses\nviolets\n'), 'RECORDING_REFUSED', /is no recording: none of its first lines/],
  ['neutral name', () => file('frames', lines(1)[0]), 'RECORDING_REFUSED', /tells the venue; say --venue/],
])('%s is refused with one sentence', async (_, path, code, sentence) => {
  await expect(path().then((one) => identify(one, VENUES))).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) });
});

test('an unknown venue is refused with the known ones, even before the file is looked at', async () => {
  await expect(identify('nowhere', VENUES, 'mtgox')).rejects.toMatchObject({ code: 'VENUE_UNKNOWN', message: expect.stringContaining('binance') });
});

test.each([...VENUES.values()].filter(({ snapshots }) => snapshots !== undefined))('a REST snapshot of $id names its symbol as that venue’s address does', async (definition) => {
  const [, { venueSymbol }] = definition.catalogue;
  const answer = { t: 'http', conn: 'h', ts: 1_700_000_000, url: definition.snapshots!.url(definition.catalogue[1]), data: '{}' };
  const path = await file(`${definition.id}.jsonl`, `${JSON.stringify(answer)}\n`);
  expect((await readAll(path, definition.id)).entries).toMatchObject([{ kind: 'snapshot', venueSymbol }]);
});
