import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/**
 * What `npm start` promises: within 60 s of the first frame the API behind the page shows books, regimes, opportunities,
 * verdicts, paper orders, fills, profit and the health of everything; Ctrl-C ends it within 5 s with exit code 0.
 */
const ROOT = join(import.meta.dirname, '../../..');
const state = mkdtempSync(join(tmpdir(), 'parallax-start-'));
let child: ChildProcess;
let output = '';
let address = '';

const get = async (path: string): Promise<{ data: Record<string, unknown>[] }> =>
  (await (await fetch(`${address}/api/v1/${path}`)).json()) as { data: Record<string, unknown>[] };

/** Bounds a hang; what is promised about time is looked at where the machine has time. */
const LIMIT_MS = 120_000;
const isBusy = (): boolean => loadavg()[0] > 2 * availableParallelism();

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`not within ${LIMIT_MS} ms: ${what}\n${output.slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

beforeAll(async () => {
  child = spawn(process.execPath, ['--conditions=default', join(ROOT, 'apps/parallax/dist/main.js'), 'start', '--port', '0'], {
    env: { ...process.env, PARALLAX_STATE: state, NATS_URL: '', OTEL_EXPORTER_OTLP_ENDPOINT: '', NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr!.on('data', (text: Buffer) => (output += text.toString()));
  address = await until('an address', () => /Parallax is at (http:\S+)/.exec(output)?.[1]);
}, LIMIT_MS);

afterAll(() => {
  child.kill('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

test('everything is on the way within a minute', async () => {
  const venues = await until('five venues with trusted books', async () => {
    const { data } = await get('venues');
    const trusted = data.filter(({ symbols }) => (symbols as { trust: string }[]).every(({ trust }) => trust === 'synced'));
    return trusted.length === 5 ? data : undefined;
  });
  const startedAt = Date.now();
  expect(venues.map(({ venue }) => venue).sort()).toEqual(['binance', 'binanceusdm', 'coinbase', 'kraken', 'okx']);
  const quotes = await until('a quote of each symbol', async () => {
    const { data } = await get('quotes');
    return data.length >= 15 ? data : undefined;
  });
  await until('a moving quote', async () => {
    const later = (await get('quotes')).data;
    return later.some((quote, index) => JSON.stringify(quote) !== JSON.stringify(quotes[index])) ? later : undefined;
  });
  await until('an opportunity that opened and closed', async () => {
    const { data } = await get('opportunities?limit=100');
    return data.find((one) => one.state === 'closed' && one.closeReason !== undefined);
  });
  await until('a verdict', async () => (await get('verdicts')).data[0]);
  const fill = await until('a paper fill', async () => (await get('fills')).data[0]);
  expect(fill).toMatchObject({ account: 'paper', strategy: 'take-worth-taking', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-/) });
  const order = (await get('orders?limit=100')).data.find(({ id }) => id === fill.orderId);
  expect(order).toMatchObject({ venue: fill.venue, symbol: fill.symbol });
  await until('a regime', async () => (await get('regimes')).data[0]);
  const tookMs = Date.now() - startedAt;
  process.stderr.write(`start: from trusted books to fills and regimes in ${(tookMs / 1000).toFixed(1)} s\n`);
  if (!isBusy()) expect(tookMs).toBeLessThan(60_000);
  await until('every service ready', async () => {
    const ready = (await (await fetch(`${address}/readyz`)).json()) as { ready: boolean; missing: string[] };
    return ready.ready && ready.missing.length === 0 ? ready : undefined;
  });
}, 5 * LIMIT_MS);

test('the page is served', async () => {
  const page = await fetch(address);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Parallax');
});

test('Ctrl-C ends it in order, and what happened outlives it', async () => {
  const orders = (await get('orders?limit=100')).data.length;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const from = Date.now();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  if (!isBusy()) expect(Date.now() - from).toBeLessThan(5_000);
  output = '';
  child = spawn(process.execPath, [join(ROOT, 'apps/parallax/dist/main.js'), 'start', '--port', '0'], {
    env: { ...process.env, PARALLAX_STATE: state, NATS_URL: '', NODE_OPTIONS: '' }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr!.on('data', (text: Buffer) => (output += text.toString()));
  address = await until('an address', () => /Parallax is at (http:\S+)/.exec(output)?.[1]);
  await until('the orders of before', async () => ((await get('orders?limit=100')).data.length >= orders ? true : undefined));
}, 3 * LIMIT_MS);
