import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { startSimulator, type Simulator } from '@parallax/simulator';
import { VENUES } from '@parallax/venues';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record, type Recorded } from '../src/record/record.js';
import { parallax } from './support/command-line.js';
import { linesOfRecording, replayed, scratchFolder, SILENT } from './support/replaying.js';

/** So many frames are recorded, and more until every book is synced. */
const FRAMES = 300;
const isEnough = ({ frames, symbols }: Recorded): boolean => frames >= FRAMES && symbols.length > 0 && symbols.every(({ trust }) => trust === 'synced');

describe('a capture of a simulated venue', () => {
  let simulator: Simulator;
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  beforeAll(async () => {
    folder = await scratchFolder();
    simulator = await startSimulator();
  });
  afterAll(async () => {
    await simulator.stop();
    await folder.remove();
  });

  /** Records until what came is enough. */
  function recorded(venue: string, file: string): Promise<Recorded> {
    const definition = VENUES.get(venue)!;
    const stop = new AbortController();
    return record({
      definition, file, symbols: ['BTC/USDT', 'ETH/USDT'], feeds: definition.feeds, endpoints: simulator.venues[venue],
      forMs: Infinity, log: SILENT, onProgress: (now) => isEnough(now) && stop.abort(), signal: stop.signal,
    });
  }

  test.each(['binance', 'okx'])('%s: replayed, its books are synced and say what they said while it was recorded', async (venue) => {
    const file = folder.path(`${venue}.jsonl.gz`);
    const live = await recorded(venue, file);
    const lines = (await linesOfRecording(file)).map((line) => JSON.parse(line) as { t: string; format?: number; ts?: number });
    expect(lines[0]).toMatchObject({ t: 'header', format: 2, venue });
    expect(new Set(lines.map(({ t }) => t))).toEqual(new Set(['header', 'http', 'connect', 'send', 'recv']));
    const { symbols, faultCount, deadLetters } = await replayed(file);
    expect(faultCount).toBe(0);
    expect(deadLetters).toEqual({});
    expect(symbols.map(({ symbol, trust, specification, gaps }) => [symbol, trust, specification, gaps]).toSorted()).toEqual([
      ['BTC/USDT', 'synced', 'listing', 0], ['ETH/USDT', 'synced', 'listing', 0],
    ]);
    // What arrived while the recording was being closed is in the file and not in the last word of the live book.
    const late = lines.filter(({ t }) => t === 'recv').length - live.frames;
    for (const one of symbols) {
      const then = live.symbols.find(({ symbol }) => symbol === one.symbol)!;
      expect(one.bookUpdates).toBeGreaterThanOrEqual(then.bookUpdates);
      expect(one.bookUpdates).toBeLessThanOrEqual(then.bookUpdates + late);
      expect(one.trades).toBeGreaterThanOrEqual(then.trades);
    }
  });

  test('where nobody answers nothing is left, and the reason is told', async () => {
    const file = folder.path('nobody.jsonl.gz');
    const stop = new AbortController();
    const definition = VENUES.get('okx')!;
    const endpoints = { stream: 'ws://127.0.0.1:9', rest: 'http://127.0.0.1:9' };
    const said: string[] = [];
    await record({
      definition, endpoints, file, symbols: ['BTC/USDT'], feeds: definition.feeds, forMs: Infinity, onProgress: () => {}, signal: stop.signal,
      log: {
        ...SILENT,
        warn: (message) => {
          said.push(message);
          stop.abort();
        },
      },
    });
    expect(said[0]).toContain('no answer from 127.0.0.1:9');
    expect(existsSync(file)).toBe(false);
  });

  test('ends by itself after the time that was asked for, with a whole file', async () => {
    const file = folder.path('ended.jsonl.gz');
    const definition = VENUES.get('binance')!;
    const startedAtMs = performance.now();
    await record({
      definition, file, symbols: ['BTC/USDT'], feeds: definition.feeds, endpoints: simulator.venues.binance, forMs: 6_000, log: SILENT,
      onProgress: () => {}, signal: new AbortController().signal,
    });
    expect(performance.now() - startedAtMs).toBeGreaterThan(5_990);
    expect((await replayed(file)).faultCount).toBe(0);
  });

  test('never writes over a file', async () => {
    const file = folder.path('there.jsonl');
    await writeFile(file, 'kept');
    await expect(recorded('binance', file)).rejects.toMatchObject({ code: 'INPUT_REFUSED', message: expect.stringContaining('exists already') });
  });

  test('from the command line: one line about each book, exit 0 on Ctrl-C', async () => {
    const file = folder.path('command.jsonl');
    const words = ['record', '--venue', 'okx', '--symbols', 'BTC/USDT', '--endpoint', simulator.venues.okx.rest, '--out', file];
    // The snapshot comes first: when so many frames are written, the book is synced.
    const frames = (): number => (existsSync(file) ? readFileSync(file, 'utf8').split('"t":"recv"').length - 1 : 0);
    const { code, out, err } = await parallax(words, { interruptWhen: () => frames() > FRAMES / 10 });
    expect(err).toBe('');
    expect(out).toMatch(/command.jsonl: \d+ frames over 1 connections\n {2}BTC\/USDT: synced\n/);
    expect(code).toBe(0);
    expect(existsSync(file)).toBe(true);
  });
});
