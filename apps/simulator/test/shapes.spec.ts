/**
 * Every kind of frame that the simulator sends, beside real recorded frames of that kind: same keys, same kinds of value.
 * Recorded: Binance spot and USD-M, OKX (2022, before `seqId`), Coinbase Advanced (2026-08). Kraken v2 has no recording,
 * single messages from others' tests stand in. What the venue added since its recording is listed in NEWER.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { startSimulator } from '../src/index.js';
import { TestClient } from './client.js';
import { ManualTime } from './manual-time.js';

const DATA = process.env.PARALLAX_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const present = existsSync(DATA);
if (!present && process.env.CI === 'true') throw new Error(`recordings are missing: ${DATA}`);
const recorded = present ? test : test.skip;
if (!present) console.warn(`skipped: no recordings at ${DATA}`);

/** Fields that venues document today and that the recordings are too old to have. */
const NEWER: Record<string, readonly string[]> = {
  'okx subscribe': ['connId'],
  'okx books snapshot': ['prevSeqId', 'seqId'],
  'okx books update': ['prevSeqId', 'seqId'],
  'okx trades': ['count', 'seqId'],
  'binanceusdm aggTrade': ['nq'],
};

/** The shape of a value: keys, and of texts whether they hold a number. A list has the shapes of its items. */
function shape(value: unknown, without: readonly string[]): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((each) => JSON.stringify(shape(each, without))))].toSorted();
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).filter(([key]) => !without.includes(key))
      .toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([key, each]) => [key, shape(each, without)]));
  }
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? 'number as text' : 'text';
  return typeof value;
}

function kindOf(venue: string, message: any): string | null {
  if (venue === 'okx') {
    if (message.event) return `okx ${message.event}`;
    return message.arg ? `okx ${message.arg.channel}${message.action ? ` ${message.action}` : ''}` : null;
  }
  if (venue === 'coinbase') return `coinbase ${message.channel} ${message.events?.[0]?.type ?? ''}`.trimEnd();
  if (venue === 'kraken') return message.channel ? `kraken ${message.channel} ${message.type ?? ''}`.trimEnd() : `kraken ${message.method}`;
  if (message.lastUpdateId !== undefined) return null;
  const data = message.data ?? message;
  return data.e || data.u ? `${venue} ${data.e ?? 'bookTicker'}` : null;
}

/** Shapes by kind; a list that may be empty (no asks changed) makes several shapes of one kind. */
function shapesOf(venue: string, messages: Iterable<any>): Map<string, Set<string>> {
  const shapes = new Map<string, Set<string>>();
  for (const message of messages) {
    const kind = kindOf(venue, message);
    if (kind === null) continue;
    if (!shapes.has(kind)) shapes.set(kind, new Set());
    // Subscription lists have whatever channels were asked for as keys.
    const body = kind === 'coinbase subscriptions' ? { ...message, events: [{ subscriptions: 'text' }] } : message;
    shapes.get(kind)!.add(JSON.stringify(shape(body, NEWER[kind] ?? [])));
  }
  return shapes;
}

const lines = (path: string): string[] => {
  const bytes = readFileSync(`${DATA}/${path}`);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').filter(Boolean);
};
const cryptofeed = (path: string): any[] => lines(path).map((line) => JSON.parse(line))
  .filter((row) => row.t === 'recv').map((row) => JSON.parse(row.data));
const rawFeed = (path: string): any[] => lines(path).slice(0, 4_000).map((line) => JSON.parse(line.slice(line.indexOf(' ') + 1)));
const krakenSingles = (): any[] => [
  ...lines('captures/kraken/messages/tardis-mapper-messages.jsonl').map((line) => JSON.parse(line).message),
  ...['book_snapshot', 'book_update', 'pong', 'subscribe_response', 'ticker_snapshot', 'trade_update'].map((name) =>
    JSON.parse(readFileSync(`${DATA}/captures/kraken/messages/nautilus/ws_${name}.json`, 'utf8'))),
];

async function emitted(venue: string, path: string, subscribe: readonly unknown[]): Promise<any[]> {
  const time = new ManualTime();
  // The old dialect of OKX, because its recording is of that time.
  const simulator = await startSimulator({ clock: time, timers: time, dialects: { okxChecksum: 'real' } });
  time.advance(3_000);
  const client = await TestClient.open(simulator.venues[venue].stream + path);
  for (const message of subscribe) client.send(message);
  if (subscribe.length > 0) await until(() => client.frames.length >= subscribe.length);
  await time.run(6_000);
  await TestClient.caughtUp();
  client.close();
  await simulator.stop();
  return client.json();
}

const CASES: readonly [string, string, readonly unknown[], () => any[], number][] = [
  ['binance', '/stream?streams=btcusdt@depth@100ms/btcusdt@trade/btcusdt@aggTrade/btcusdt@bookTicker', [],
    () => [...cryptofeed('captures/binance/cryptofeed-BINANCE.jsonl.gz'), ...rawFeed('ticks/binance-raw-feed/spot-btcusdt-20240808.gz')], 4],
  ['binanceusdm', '/public/stream?streams=btcusdt@depth@100ms/btcusdt@trade/btcusdt@bookTicker', [],
    () => rawFeed('ticks/binance-raw-feed/usdm-btcusdt-20240808.gz'), 3],
  ['binanceusdm', '/market/stream?streams=btcusdt@aggTrade', [],
    () => cryptofeed('captures/binance-usdm/cryptofeed-BINANCE_FUTURES.jsonl.gz'), 1],
  ['okx', '/ws/v5/public', [{ op: 'subscribe', args: ['books', 'trades', 'tickers'].map((channel) => ({ channel, instId: 'BTC-USDT' })) }],
    () => cryptofeed('captures/okx/cryptofeed-OKX-part.jsonl.gz'), 5],
  ['coinbase', '', ['level2', 'market_trades', 'ticker', 'heartbeats'].map((channel) => ({ type: 'subscribe', channel, product_ids: ['BTC-USD'] })),
    () => cryptofeed('captures/coinbase/cryptofeed-COINBASE-part.jsonl.gz'), 8],
];

recorded.each(CASES)('%s%s sends frames of the shapes that were recorded', async (venue, path, subscribe, recording, kinds) => {
  const real = shapesOf(venue, recording());
  const ours = shapesOf(venue, await emitted(venue, path, subscribe));
  expect(ours.size).toBe(kinds);
  for (const [kind, shapes] of ours) {
    expect([kind, real.has(kind)]).toEqual([kind, true]);
    for (const each of shapes) expect([kind, [...real.get(kind)!]]).toEqual([kind, expect.arrayContaining([each])]);
  }
});

const keys = (message: any): string[] => Object.keys(message.data?.[0] ?? message).toSorted();

recorded('kraken sends the keys that others\' single v2 messages have', async () => {
  const subscribe = [
    ...['book', 'trade'].map((channel) => ({ method: 'subscribe', params: { channel, symbol: ['BTC/USD'] }, req_id: 1 })),
    { method: 'subscribe', params: { channel: 'ticker', symbol: ['BTC/USD'], event_trigger: 'bbo' }, req_id: 2 },
    { method: 'ping', req_id: 42 },
  ];
  const ours = await emitted('kraken', '/v2', subscribe);
  const real = krakenSingles();
  for (const kind of ['kraken book snapshot', 'kraken book update', 'kraken trade update', 'kraken ticker snapshot', 'kraken pong', 'kraken subscribe']) {
    const mine = ours.find((message) => kindOf('kraken', message) === kind);
    const theirs = real.filter((message) => kindOf('kraken', message) === kind).map((message) => JSON.stringify(keys(message)));
    expect([kind, theirs]).toEqual([kind, expect.arrayContaining([JSON.stringify(keys(mine))])]);
  }
});
