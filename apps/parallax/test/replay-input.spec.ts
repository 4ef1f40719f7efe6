import { describeWith, recordings } from '@parallax/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { linesOfRecording, replayed, scratchFolder, writeRecording } from './support/replaying.js';

const USDM = 'ticks/binance-raw-feed/usdm-ethusdt-20240808.gz';
const SPOT = 'ticks/binance-raw-feed/spot-btcusdt-20240808.gz';
/** Lines of the copies: past the snapshot, short enough to be quick. */
const LINES = 6_000;

describeWith([USDM, SPOT].map((recording) => ({ recording })), 'a replay of recordings that are not as they should be', () => {
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  let lines: string[] = [];
  beforeAll(async () => {
    folder = await scratchFolder();
    lines = (await linesOfRecording(recordings(USDM)!)).slice(0, LINES);
  });
  afterAll(() => folder.remove());
  const copy = (name: string, content: readonly string[] = lines): Promise<string> => writeRecording(folder.path(name), content);

  test('a gzip cut in the middle is replayed up to the cut, with one fault that tells file, line and reason', async () => {
    const whole = await readFile(recordings(SPOT)!);
    const file = folder.path('spot-btcusdt-cut.gz');
    await writeFile(file, whole.subarray(0, whole.length >> 3));
    const { faults, faultCount, frames, symbols } = await replayed(file);
    expect(frames).toBeGreaterThan(1_000);
    expect(symbols[0]).toMatchObject({ symbol: 'BTC/USDT', trust: 'synced' });
    expect(faultCount).toBe(1);
    expect(faults).toEqual([{ file, line: frames + 1, reason: 'the file ends early: unexpected end of file' }]);
  });

  test('a file that starts in the middle, without a snapshot, yields an untrusted book and says so', async () => {
    const snapshot = lines.findIndex((line) => !line.includes('"stream"'));
    const { symbols } = await replayed(await copy('usdm-ethusdt-late.gz', lines.slice(snapshot + 1)));
    expect(symbols).toHaveLength(1);
    expect(symbols[0]).toMatchObject({ trust: 'resyncing', cause: 'snapshot missing', bookUpdates: 0, bid: null, ask: null });
    expect(symbols[0].frames).toBeGreaterThan(1_000);
  });

  test('garbage among the lines is told with its place and costs nothing else', async () => {
    const clean = await replayed(await copy('usdm-ethusdt-clean.gz'));
    const dirty = [...lines];
    dirty.splice(4_000, 0, 'rubbish', '\u0000\u0001\u0002', 'no-time {"a":1}');
    const { faults, symbols } = await replayed(await copy('usdm-ethusdt-dirty.gz', dirty));
    expect(faults.map(({ line }) => line)).toEqual([4_001, 4_002, 4_003]);
    expect(symbols).toEqual(clean.symbols);
    expect(clean.symbols[0]).toMatchObject({ trust: 'synced', deadLetters: {}, gaps: 0 });
  });

  test('a frame that the venue does not document is a dead letter with its reason; the book says that it was not whole', async () => {
    const broken = lines.map((line, i) => (i === 5_000 ? line.slice(0, 60) : line));
    const { deadLetters, symbols } = await replayed(await copy('usdm-ethusdt-broken.gz', broken));
    expect(Object.values(deadLetters)).toEqual([1]);
    expect(symbols[0].venue).toBe('binanceusdm');
  });

  test('a lost depth frame is a gap: the book is not trusted, and no price of it is shown as good', async () => {
    const depth = lines.flatMap((line, i) => (i > 4_500 && line.includes('@depth') ? [i] : []))[0];
    const { symbols } = await replayed(await copy('usdm-ethusdt-gap.gz', lines.filter((_, i) => i !== depth)));
    expect(symbols[0]).toMatchObject({ trust: 'resyncing', gaps: 1 });
  });

  test('a file with a neutral name is read as the venue and symbol that the user says', async () => {
    const named = await replayed(await copy('usdm-ethusdt-x.gz'));
    const neutral = await replayed(await copy('frames.gz'), { venue: 'binanceusdm', symbol: 'ETH/USDT:USDT' });
    expect(neutral.symbols).toEqual(named.symbols);
    await expect(replayed(await copy('frames.gz'))).rejects.toMatchObject({ code: 'RECORDING_REFUSED', message: expect.stringContaining('say --venue') });
    await expect(replayed(await copy('frames.gz'), { venue: 'binanceusdm', symbol: 'BTC/USDT:USDT' })).rejects.toMatchObject({ code: 'INPUT_REFUSED' });
  });

  test('a snapshot ahead of all frames is of the symbol that the frames after it are of', async () => {
    const at = lines.findIndex((line) => !line.includes('"stream"'));
    const ahead = [lines[at], ...lines.slice(0, at), ...lines.slice(at + 1)];
    const { symbols } = await replayed(await copy('ahead.gz', ahead), { venue: 'binanceusdm' });
    expect(symbols).toHaveLength(1);
    expect(symbols[0]).toMatchObject({ symbol: 'ETH/USDT:USDT', trust: 'synced', resyncs: 1, deadLetters: {} });
  });

  test('plain text and times in microseconds make no difference', async () => {
    const packed = await replayed(await copy('usdm-ethusdt-y.gz'));
    const microseconds = lines.map((line) => line.replace(/^(\d{16})\d{3} /, '$1 '));
    expect(microseconds[0]).not.toBe(lines[0]);
    expect((await replayed(await copy('usdm-ethusdt-plain', microseconds))).symbols).toEqual(packed.symbols);
  });

  test('a symbol that no catalogue knows gets scales from the numbers themselves, and is marked so', async () => {
    const known = await replayed(await copy('usdm-ethusdt-z.gz'));
    const renamed = lines.map((line) => line.replaceAll('ETHUSDT', 'ABCUSDT').replaceAll('ethusdt', 'abcusdt'));
    const { symbols, deadLetters } = await replayed(await copy('usdm-abcusdt-20240808.gz', renamed));
    expect(deadLetters).toEqual({});
    expect(symbols).toHaveLength(1);
    expect(symbols[0]).toMatchObject({ symbol: 'ABC/USDT:USDT', specification: 'inferred', trust: 'synced' });
    const numbers = ({ frames, bookUpdates, trades, quotes, tickersChecked }: (typeof symbols)[number]): number[] => [frames, bookUpdates, trades, quotes, tickersChecked];
    expect(numbers(symbols[0])).toEqual(numbers(known.symbols[0]));
    expect(Number(symbols[0].bid?.price)).toBe(Number(known.symbols[0].bid?.price));
  });

  test('a file of which no frame can be read is refused with the first reason', async () => {
    const file = await copy('okx.jsonl', ['{"t":"header","exchange":"OKX"}', '{"t":"dance","conn":"a","ts":1700000000}']);
    await expect(replayed(file)).rejects.toMatchObject({ code: 'RECORDING_REFUSED', message: expect.stringMatching(/no frame can be read.*dance/) });
  });

  test('recordings of different days are refused: no market lies between them', async () => {
    const later = lines.map((line) => line.replace(/^(\d+) /, (_, digits: string) => `${BigInt(digits) + 5n * 86_400_000_000_000n} `));
    const files = [await copy('usdm-ethusdt-a.gz', lines.slice(0, 500)), await copy('usdm-ethusdt-b.gz', later.slice(0, 500))];
    await expect(replayed(files)).rejects.toMatchObject({ code: 'INPUT_REFUSED', message: expect.stringContaining('5 days apart') });
  });
});
