import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { STOP_WITHIN_MS } from './support/service-process.js';

/**
 * What `npm start` promises: the API behind the page shows books, regimes, opportunities, verdicts, paper orders, fills,
 * profit and the health of everything; Ctrl-C ends it in order, with exit code 0.
 */
const ROOT = join(import.meta.dirname, '../../..');
const state = mkdtempSync(join(tmpdir(), 'parallax-start-'));
let child: ChildProcess;
let output = '';
let address = '';

const get = async (path: string): Promise<{ data: Record<string, unknown>[] }> =>
  (await (await fetch(`${address}/api/v1/${path}`)).json()) as { data: Record<string, unknown>[] };

/** Waits for what the running system shows; a process that has ended will never show it. */
const seen = <T>(what: string, look: () => Promise<T> | T) =>
  until(() => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}\n${output}`);
    return look();
  }, () => `${what}\n${output.slice(-2_000)}`);

/** Starts everything on the folder of state, with such settings. */
async function start(settings: Record<string, string> = {}): Promise<void> {
  output = '';
  child = spawn(process.execPath, ['--conditions=default', join(ROOT, 'apps/parallax/dist/main.js'), 'start', '--port', '0'], {
    env: { ...process.env, PARALLAX_STATE: state, NATS_URL: '', OTEL_EXPORTER_OTLP_ENDPOINT: '', NODE_OPTIONS: '', STOP_WITHIN_MS, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr!.on('data', (text: Buffer) => (output += text.toString()));
  address = await seen('an address', () => /Parallax is at (http:\S+)/.exec(output)?.[1]);
}

/** Ctrl-C. */
async function end(): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  return ended;
}

beforeAll(() => start());

afterAll(() => {
  child.kill('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

test('everything comes and goes its way', async () => {
  const venues = await seen('five venues with trusted books', async () => {
    const { data } = await get('venues');
    const trusted = data.filter(({ symbols }) => (symbols as { trust: string }[]).every(({ trust }) => trust === 'synced'));
    return trusted.length === 5 ? data : undefined;
  });
  expect(venues.map(({ venue }) => venue).sort()).toEqual(['binance', 'binanceusdm', 'coinbase', 'kraken', 'okx']);
  const quotes = await seen('a quote of each symbol', async () => {
    const { data } = await get('quotes');
    return data.length >= 15 ? data : undefined;
  });
  await seen('a moving quote', async () => {
    const later = (await get('quotes')).data;
    return later.some((quote, index) => JSON.stringify(quote) !== JSON.stringify(quotes[index])) ? later : undefined;
  });
  await seen('an opportunity that opened and closed', async () => {
    const { data } = await get('opportunities?limit=100');
    return data.find((one) => one.state === 'closed' && one.closeReason !== undefined);
  });
  await seen('a verdict', async () => (await get('verdicts')).data[0]);
  await seen('a regime', async () => (await get('regimes')).data[0]);
  await seen('every service ready', async () => {
    const ready = (await (await fetch(`${address}/readyz`)).json()) as { ready: boolean; missing: string[] };
    return ready.ready && ready.missing.length === 0 ? ready : undefined;
  });
});

test('the page is served', async () => {
  const page = await fetch(address);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Parallax');
});

test('Ctrl-C ends it in order; a fill has its order and its trace, and both outlive the next end', async () => {
  expect(await end()).toBe(0);
  // Edges live for a second or two: two venues and no costs leave a busy machine the time to take one. What the defaults
  // take is in default-market.spec.ts, in virtual time.
  await start({ VENUES: 'binance,okx', SYMBOLS: 'BTC/USDT', FEES: '0', MIN_EDGE_BPS: '0' });
  const fill = await seen('a paper fill', async () => (await get('fills')).data[0]);
  expect(fill).toMatchObject({ account: 'paper', strategy: 'take-worth-taking', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-/) });
  const ofFill = async (): Promise<Record<string, unknown> | undefined> => (await get('orders?limit=1000')).data.find(({ id }) => id === fill.orderId);
  expect(await seen('its order', ofFill)).toMatchObject({ venue: fill.venue, symbol: fill.symbol });
  expect(await end()).toBe(0);
  await start();
  await seen('the order of before', ofFill);
});
