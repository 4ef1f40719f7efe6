import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { startSimulator, type Simulator } from '@parallax/simulator';
import { VENUES } from '@parallax/venues';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record, type Recorded } from '../src/record/record.js';
import { after, parallax } from './support/command-line.js';
import { linesOfRecording, replayed, scratchFolder, SILENT } from './support/replaying.js';

const RECORD_MS = 5_000;

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

  function recorded(venue: string, file: string, options: { forMs?: number; signal?: AbortSignal } = {}): Promise<Recorded> {
    const definition = VENUES.get(venue)!;
    return record({
      definition, file, symbols: ['BTC/USDT', 'ETH/USDT'], feeds: definition.feeds, endpoints: simulator.venues[venue],
      forMs: options.forMs ?? RECORD_MS, log: SILENT, onProgress: () => {}, signal: options.signal ?? new AbortController().signal,
    });
  }

  test.each(['binance', 'okx'])('%s: replayed, its books are synced and say what they said while it was recorded', async (venue) => {
    const file = folder.path(`${venue}.jsonl.gz`);
    const live = await recorded(venue, file);
    expect(live.frames).toBeGreaterThan(100);
    const lines = (await linesOfRecording(file)).map((line) => JSON.parse(line) as { t: string; format?: number; ts?: number });
    expect(lines[0]).toMatchObject({ t: 'header', format: 2, venue });
    expect(new Set(lines.map(({ t }) => t))).toEqual(new Set(['header', 'http', 'connect', 'send', 'recv']));
    const { symbols, faultCount, deadLetters } = await replayed(file);
    expect(faultCount).toBe(0);
    expect(deadLetters).toEqual({});
    expect(symbols.map(({ symbol, trust, specification, gaps }) => [symbol, trust, specification, gaps]).toSorted()).toEqual([
      ['BTC/USDT', 'synced', 'listing', 0], ['ETH/USDT', 'synced', 'listing', 0],
    ]);
    for (const one of symbols) {
      const then = live.symbols.find(({ symbol }) => symbol === one.symbol)!;
      // What arrived while the recording was being closed may be in the file and not in the last word of the live book.
      expect(one.bookUpdates).toBeGreaterThanOrEqual(then.bookUpdates);
      expect(one.bookUpdates).toBeLessThan(then.bookUpdates + 5);
      expect(one.trades).toBeGreaterThanOrEqual(then.trades);
    }
  });

  test('where nobody answers nothing is left, and the reason is told', async () => {
    const file = folder.path('nobody.jsonl.gz');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 500);
    const definition = VENUES.get('okx')!;
    const endpoints = { stream: 'ws://127.0.0.1:9', rest: 'http://127.0.0.1:9' };
    const said: string[] = [];
    await record({
      definition, endpoints, file, symbols: ['BTC/USDT'], feeds: definition.feeds, forMs: Infinity, onProgress: () => {}, signal: stop.signal,
      log: { ...SILENT, warn: (message) => said.push(message) },
    });
    expect(said[0]).toContain('no answer from 127.0.0.1:9');
    expect(existsSync(file)).toBe(false);
  });

  test('ends at the signal with a whole file', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1_500);
    const file = folder.path('ended.jsonl.gz');
    await recorded('binance', file, { forMs: Infinity, signal: stop.signal });
    expect((await replayed(file)).faultCount).toBe(0);
  });

  test('never writes over a file', async () => {
    const file = folder.path('there.jsonl');
    await writeFile(file, 'kept');
    await expect(recorded('binance', file)).rejects.toMatchObject({ code: 'INPUT_REFUSED', message: expect.stringContaining('exists already') });
  });

  test('from the command line: one line about each book, exit 0 on Ctrl-C', async () => {
    const file = folder.path('command.jsonl.gz');
    const words = ['record', '--venue', 'okx', '--symbols', 'BTC/USDT', '--endpoint', simulator.venues.okx.rest, '--out', file];
    const { code, out, err } = await parallax(words, { interruptWhen: after(4_000, () => existsSync(file)) });
    expect(err).toBe('');
    expect(out).toMatch(/command.jsonl.gz: \d+ frames over 1 connections\n {2}BTC\/USDT: synced\n/);
    expect(code).toBe(0);
    expect(existsSync(file)).toBe(true);
  });
});
