import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeWith, recordings } from '@parallax/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { after, parallax } from './support/command-line.js';
import { linesOfRecording, replayed, scratchFolder, writeRecording } from './support/replaying.js';

const SPOT = 'ticks/binance-raw-feed/spot-btcusdt-20240808.gz';
const USDM = 'ticks/binance-raw-feed/usdm-btcusdt-20240808.gz';
const BINANCE = 'captures/binance/cryptofeed-BINANCE.jsonl.gz';

describe('parallax replay refuses with one sentence and exit code 1', () => {
  test.each([
    [['/nowhere/x.gz'], /^parallax: \/nowhere\/x.gz does not exist/],
    [['/tmp'], /^parallax: \/tmp is a folder, not a recording/],
    [['/dev/null'], /^parallax: \/dev\/null is empty/],
    [['x.gz', '--venue', 'mtgox'], /^parallax: "mtgox" is none of the venues binance,/],
    [['x.gz', '--speed', 'fast'], /^parallax: --speed is "fast"; it takes/],
    [['x.gz', '--step-ms', '0.0001'], /^parallax: --step-ms is "0.0001"; it takes a number of milliseconds from 1 to/],
    [['x.gz', '--step-ms', '1e9'], /^parallax: --step-ms is "1e9"; it takes/],
  ])('%j', async (words, sentence) => {
    const { code, out, err } = await parallax(['replay', ...words]);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
    // What is at fault is named once.
    expect(err.split(words.find((word) => word.startsWith('--')) ?? words[0])).toHaveLength(2);
  });
});

test('words that no command takes are told in a sentence, with where to read on', async () => {
  expect(await parallax(['replay'])).toEqual({ code: 1, out: '', err: "parallax: missing required argument 'recording'\n(parallax replay --help tells more)\n" });
  expect((await parallax(['nonsense'])).err).toBe("parallax: unknown command 'nonsense'\n(parallax --help tells more)\n");
});

test('start refuses all wrong options at once, before it opens anything', async () => {
  const { code, err } = await parallax(['start', '--port', '99999', '--min-edge-bps', 'x']);
  expect([code, err]).toEqual([
    1, 'parallax: PORT must be integer from 0 to 65535, not "99999"; MIN_EDGE_BPS must be decimal number from 0 to 10000, not "x"\n',
  ]);
});

describeWith([SPOT, USDM, BINANCE].map((recording) => ({ recording })), 'parallax replay', () => {
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  beforeAll(async () => void (folder = await scratchFolder()));
  afterAll(() => folder.remove());

  test('of a cut file warns and exits 0; the JSON has every field of the summary', async () => {
    const whole = await readFile(recordings(SPOT)!);
    const file = folder.path('spot-btcusdt-cut.gz');
    await writeFile(file, whole.subarray(0, 200_000));
    const { code, out, err } = await parallax(['replay', file, '--speed', 'max', '--json']);
    expect(code).toBe(0);
    expect(err).toMatch(/^parallax: warning: .*spot-btcusdt-cut.gz:\d+: the file ends early/);
    const summary = JSON.parse(out) as Record<string, unknown> & { symbols: Record<string, unknown>[] };
    expect(Object.keys(summary)).toEqual(expect.arrayContaining([
      'symbols', 'opportunities', 'verdicts', 'orders', 'fills', 'pnl', 'frames', 'tookMs', 'faults', 'deadLetters',
    ]));
    expect(Object.keys(summary.symbols[0])).toEqual(expect.arrayContaining([
      'venue', 'symbol', 'frames', 'bookUpdates', 'trades', 'quotes', 'gaps', 'resyncs', 'checksumsChecked', 'checksumsFailed',
      'crossed', 'deadLetters', 'trust', 'bid', 'ask',
    ]));
    expect(summary.symbols[0].bid).toEqual({ price: expect.stringMatching(/^\d+\.\d+$/), size: expect.stringMatching(/^\d+(\.\d+)?$/) });
  });

  test('ended by Ctrl-C prints the summary so far and exits 130', async () => {
    const state = folder.path('interrupted');
    const before = join(state, 'replay', 'traces', 'of-before.jsonl');
    let frames = 0;
    // A replay removes the traces of the one before as it begins; frames come soon after, on a busy machine later.
    for (let waitMs = 4_000; frames === 0; waitMs *= 2) {
      await mkdir(dirname(before), { recursive: true });
      await writeFile(before, '');
      const interruptWhen = after(waitMs, () => !existsSync(before));
      const { code, out, err } = await parallax(['replay', recordings(SPOT)!, '--json'], { environment: { PARALLAX_STATE: state }, interruptWhen });
      expect(err).toContain('this is the summary so far');
      expect(code).toBe(130);
      const summary = JSON.parse(out) as { frames: number; interrupted: boolean };
      expect(summary.interrupted).toBe(true);
      ({ frames } = summary);
    }
  });

  test('of instruments that are none names their file and what is wrong in it', async () => {
    const file = folder.path('instruments.json');
    await writeFile(file, '[{"venue":"binance"}]');
    const { code, err } = await parallax(['replay', recordings(SPOT)!, '--instruments', file, '--speed', 'max']);
    expect([code, err]).toEqual([1, expect.stringMatching(/instruments.json is no list of instrument specifications: 0.symbol: /)]);
  });

  test('what holding a basis costs is the user’s to say: without it more of the same recording is worth telling', async () => {
    const opened = async (...costs: string[]): Promise<number> => {
      const { out, err } = await parallax(['replay', recordings(SPOT)!, recordings(USDM)!, '--speed', 'max', '--json', ...costs]);
      expect(err).not.toContain('parallax: ');
      return (JSON.parse(out) as { opportunities: { opened: number } }).opportunities.opened;
    };
    const free = ['--fees', '0', '--min-edge-bps', '0'];
    const held = await opened(...free);
    expect(await opened(...free, '--holding-hours', '0')).toBeGreaterThan(held + 5);
    const wrong = await parallax(['replay', recordings(SPOT)!, '--funding-rate', '1 %', '--speed', 'max']);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('BASIS_FUNDING_RATE must be decimal number from -1 to 1') });
  });

  test('keeps the pace that --speed asks for', async () => {
    const lines = await linesOfRecording(recordings(SPOT)!);
    const begin = Number(lines[0].slice(0, 13));
    const some = lines.filter((line) => Number(line.slice(0, 13)) - begin < 40_000);
    const file = await writeRecording(folder.path('spot-btcusdt-40s.gz'), some);
    const startedAtMs = performance.now();
    let lastAtMs = 0;
    let elapsedMs = 0;
    await replayed(file, {
      speed: 10,
      onProgress: ({ nowUs, firstUs }) => {
        lastAtMs = performance.now();
        elapsedMs = (nowUs - firstUs) / 1000;
      },
    });
    expect(elapsedMs).toBeGreaterThan(39_000);
    // Never faster than asked for. How much slower is the machine's matter: pace.spec.ts counts without one.
    expect(elapsedMs / (lastAtMs - startedAtMs)).toBeLessThan(11);
  });
});
