import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StartedSystem } from './support/started-system.js';

/**
 * What `npm start` promises: the API behind the page shows books, regimes, opportunities, verdicts, paper orders, fills,
 * profit and the health of everything; Ctrl-C ends it in order, with exit code 0.
 */
const state = mkdtempSync(join(tmpdir(), 'parallax-start-'));
let system: StartedSystem;

beforeAll(async () => {
  system = await StartedSystem.start(state);
});

afterAll(async () => {
  await system.end('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

test('everything comes and goes its way', async () => {
  const venues = await system.seen('five venues with trusted books', async () => {
    const { data } = await system.get('venues');
    const trusted = data.filter(({ symbols }) => (symbols as { trust: string }[]).every(({ trust }) => trust === 'synced'));
    return trusted.length === 5 ? data : undefined;
  });
  expect(venues.map(({ venue }) => venue).sort()).toEqual(['binance', 'binanceusdm', 'coinbase', 'kraken', 'okx']);
  const quotes = await system.seen('a quote of each symbol', async () => {
    const { data } = await system.get('quotes');
    return data.length >= 15 ? data : undefined;
  });
  await system.seen('a moving quote', async () => {
    const later = (await system.get('quotes')).data;
    return later.some((quote, index) => JSON.stringify(quote) !== JSON.stringify(quotes[index])) ? later : undefined;
  });
  await system.seen('an opportunity that opened and closed', async () => {
    const { data } = await system.get('opportunities?limit=100');
    return data.find((one) => one.state === 'closed' && one.closeReason !== undefined);
  });
  await system.seen('a verdict', async () => (await system.get('verdicts')).data[0]);
  await system.seen('a regime', async () => (await system.get('regimes')).data[0]);
  await system.seen('every service ready', async () => {
    const { ready, standsBy, degraded } = (await (await fetch(`${system.probes}/readyz`)).json()) as { ready: boolean; standsBy: boolean; degraded: string[] };
    return ready && !standsBy && degraded.length === 0 ? true : undefined;
  });
});

test('what every service tells apart, it tells here, under its name, the gateway in its worker as well', async () => {
  expect((await fetch(`${system.probes}/healthz`)).status).toBe(200);
  const text = await (await fetch(`${system.probes}/metrics`)).text();
  const samples = (name: string): string[] => [...text.matchAll(new RegExp(`^${name}\\{service="(\\w+)"\\} 1$`, 'gm'))].map(([, service]) => service);
  expect(samples('parallax_service_ready').toSorted()).toEqual([
    'arbitrage', 'execution', 'gateway', 'ingestion', 'monitoring', 'normalisation', 'paper', 'regime', 'risk',
  ]);
  // What monitoring hears of others has another name, so that a sum counts nobody twice.
  expect(text.match(/^parallax_service_ready\{/gm)).toHaveLength(9);
  for (const one of [
    /^parallax_gateway_requests_total\{.*service="gateway"\} [1-9]/m, /^parallax_venue_connected\{venue="okx",service="monitoring"\} 1$/m,
    /^nodejs_heap_size_used_bytes\{service="gateway"\} [1-9]/m, /^process_resident_memory_bytes\{service="parallax"\} [1-9]/m,
    /^parallax_count_frames\{service="normalisation"\} [1-9]/m,
  ]) expect(text).toMatch(one);
  expect((await fetch(`${system.address}/metrics`)).status).toBe(404);
});

test('the page is served', async () => {
  const page = await fetch(system.address);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Parallax');
});

test('Ctrl-C ends it in order; a fill has its order and its trace, and both outlive the next end', async () => {
  expect(await system.end()).toBe(0);
  // Edges live for a second or two: two venues and no costs leave a busy machine the time to take one. What the defaults
  // take is in default-market.spec.ts, in virtual time.
  system = await StartedSystem.start(state, { VENUES: 'binance,okx', SYMBOLS: 'BTC/USDT', FEES: '0', MIN_EDGE_BPS: '0' });
  const fill = await system.seen('a paper fill', async () => (await system.get('fills')).data[0]);
  expect(fill).toMatchObject({ account: 'paper', strategy: 'take-worth-taking', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-/) });
  const ofFill = async (): Promise<Record<string, unknown> | undefined> => (await system.get('orders?limit=1000')).data.find(({ id }) => id === fill.orderId);
  expect(await system.seen('its order', ofFill)).toMatchObject({ venue: fill.venue, symbol: fill.symbol });
  expect(await system.end()).toBe(0);
  system = await StartedSystem.start(state);
  await system.seen('the order of before', ofFill);
});
