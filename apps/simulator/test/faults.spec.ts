import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Fault } from '@parallax/market-model';
import { until } from '@parallax/testing';
import { startSimulator, type Simulator } from '../src/index.js';
import { getJson, post, TestClient } from './client.js';
import { ManualTime } from './manual-time.js';

let time: ManualTime;
let simulator: Simulator;
beforeEach(async () => {
  time = new ManualTime();
  simulator = await startSimulator({ clock: time, timers: time, dialects: { okxChecksum: 'real' } });
});
afterEach(() => simulator.stop());

async function okxBooks(...symbols: string[]): Promise<TestClient> {
  const client = await TestClient.open(`${simulator.venues.okx.stream}/ws/v5/public`);
  client.send({ op: 'subscribe', args: symbols.map((instId) => ({ channel: 'books', instId })) });
  await until(() => client.frames.length === symbols.length);
  await run(1_000);
  return client;
}
async function run(milliseconds: number): Promise<void> {
  await time.run(milliseconds);
  await TestClient.caughtUp();
}
const fault = (kind: Fault['kind'], venue: string, more: Partial<Fault> = {}): Fault => ({ kind, venue, count: 1, seconds: 10, ...more });

/** How often an update's prevSeqId is not the seqId before it, by symbol. */
function okxGaps(client: TestClient): Record<string, number> {
  const last = new Map<string, number>();
  const gaps: Record<string, number> = {};
  for (const message of client.json().filter((each) => each.action)) {
    const { instId } = message.arg;
    const { prevSeqId, seqId } = message.data[0];
    if (message.action === 'update' && prevSeqId !== last.get(instId)) gaps[instId] = (gaps[instId] ?? 0) + 1;
    last.set(instId, seqId);
  }
  return gaps;
}

test('gap: one message is missing and the ids go on; the other symbol is untouched', async () => {
  const client = await okxBooks('BTC-USDT', 'ETH-USDT');
  simulator.addFault(fault('gap', 'okx', { symbol: 'ETH/USDT' }));
  await run(1_000);
  expect(okxGaps(client)).toEqual({ 'ETH-USDT': 1 });
  client.close();
});

test('silence of one symbol: nothing of it for so long, then one update that fits', async () => {
  const client = await okxBooks('BTC-USDT', 'ETH-USDT');
  const before = client.frames.length;
  simulator.addFault(fault('silence', 'okx', { symbol: 'ETH/USDT', seconds: 2 }));
  await run(1_900);
  const during = client.json().slice(before);
  expect(during.filter((each) => each.arg.instId === 'BTC-USDT').length).toBeGreaterThan(10);
  expect(during.filter((each) => each.arg.instId === 'ETH-USDT')).toEqual([]);
  await run(1_000);
  expect(client.json().slice(before).filter((each) => each.arg.instId === 'ETH-USDT').length).toBeGreaterThan(5);
  expect(okxGaps(client)).toEqual({});
  client.close();
});

test('silence of a connection: no frame at all, not even a heartbeat', async () => {
  const client = await TestClient.open(simulator.venues.coinbase.stream);
  for (const channel of ['level2', 'heartbeats']) client.send({ type: 'subscribe', channel, product_ids: ['BTC-USD'] });
  await until(() => client.frames.length >= 2);
  await run(1_000);
  simulator.addFault(fault('silence', 'coinbase', { seconds: 5 }));
  const before = client.frames.length;
  await run(4_800);
  expect(client.frames.length).toBe(before);
  await run(2_500);
  const after = client.json().slice(before);
  expect(after.map((each) => each.channel)).toContain('heartbeats');
  expect(client.json().map((each) => each.sequence_num)).toEqual(client.json().map((_, i) => i));
  client.close();
});

test('a gap at coinbase jumps the sequence of the whole connection', async () => {
  const client = await TestClient.open(simulator.venues.coinbase.stream);
  client.send({ type: 'subscribe', channel: 'level2', product_ids: ['BTC-USD', 'ETH-USD'] });
  await until(() => client.frames.length > 0);
  await run(500);
  simulator.addFault(fault('gap', 'coinbase', { symbol: 'ETH/USD', count: 2 }));
  await run(500);
  const numbers: number[] = client.json().map((each) => each.sequence_num);
  const jumps = numbers.filter((each, i) => i > 0 && each !== numbers[i - 1] + 1).length;
  const missing = numbers.at(-1)! + 1 - numbers.length;
  expect(missing).toBe(2);
  expect(jumps).toBeGreaterThan(0);
  client.close();
});

test('wrong checksum: one message of the connections then open, and right again after it (kraken and okx)', async () => {
  const openBoth = async (): Promise<TestClient[]> => {
    const kraken = await TestClient.open(`${simulator.venues.kraken.stream}/v2`);
    kraken.send({ method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth: 10 } });
    const okx = await TestClient.open(`${simulator.venues.okx.stream}/ws/v5/public`);
    okx.send({ op: 'subscribe', args: [{ channel: 'books', instId: 'BTC-USDT' }] });
    await until(() => kraken.frames.length === 2 && okx.frames.length === 1);
    return [kraken, okx];
  };
  const spoiled = await openBoth();
  await run(500);
  simulator.addFault(fault('wrong-checksum', 'kraken', { symbol: 'BTC/USD' }));
  simulator.addFault(fault('wrong-checksum', 'okx', { symbol: 'BTC/USDT' }));
  const clean = await openBoth();
  await run(3_000);
  const checksums = (client: TestClient): Map<string, number> => new Map(client.json()
    .filter((each) => each.data?.[0]?.checksum !== undefined)
    .map((each) => [each.data[0].timestamp ?? each.data[0].ts, each.data[0].checksum]));
  for (const [i, client] of spoiled.entries()) {
    const right = checksums(clean[i]);
    const differing = [...checksums(client)].filter(([at, value]) => right.has(at) && right.get(at) !== value);
    expect(right.size).toBeGreaterThan(10);
    expect(differing.length).toBe(1);
  }
  for (const each of [...spoiled, ...clean]) each.close();
});

test('garbage: a frame that is no JSON; disconnect: the line is cut without a word', async () => {
  const client = await okxBooks('BTC-USDT');
  simulator.addFault(fault('garbage', 'okx'));
  await run(500);
  expect(client.frames.length - client.json().length).toBe(1);
  simulator.addFault(fault('disconnect', 'okx'));
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(1006);
});

test('stale snapshot: REST answers with an older book, once', async () => {
  await run(8_000);
  const url = `${simulator.venues.binance.rest}/api/v3/depth?symbol=BTCUSDT&limit=5`;
  const fresh = (await getJson(url)).lastUpdateId;
  simulator.addFault(fault('stale-snapshot', 'binance', { seconds: 5 }));
  expect((await getJson(url)).lastUpdateId).toBeLessThan(fresh);
  expect((await getJson(url)).lastUpdateId).toBe(fresh);
});

test('faults come by the control door from local programs, not from web pages, and are checked', async () => {
  const client = await okxBooks('BTC-USDT');
  const url = `${simulator.url}/control/faults`;
  const body = JSON.stringify({ kind: 'gap', venue: 'okx', symbol: 'BTC/USDT' });
  expect((await post(url, body, { origin: 'http://elsewhere.example' })).status).toBe(403);
  expect((await post(url, '{"kind":"flood","venue":"okx"}')).status).toBe(400);
  expect(JSON.parse((await post(url, '{"kind":"gap","venue":"okx","symbol":"XYZ/USDT"}')).body).place).toBe('symbol');
  expect((await post(url, 'no json')).status).toBe(400);
  expect((await post(url, body)).status).toBe(200);
  await run(500);
  expect(okxGaps(client)).toEqual({ 'BTC-USDT': 1 });
  const status = await getJson(`${simulator.url}/control/status`);
  expect(status.venues.find((each: any) => each.venue === 'okx').connections).toBe(1);
  const book = await getJson(`${simulator.url}/control/book?venue=okx&symbol=BTC/USDT`);
  expect(Number(book.bids[0][0])).toBeLessThan(Number(book.asks[0][0]));
  client.close();
});

test('after a sleep of the machine the market goes on at the time that it is, without a gap', async () => {
  const client = await okxBooks('BTC-USDT');
  const elapsed = simulator.model!.elapsedSeconds;
  time.sleep(3_600_000);
  await run(1_000);
  expect(okxGaps(client)).toEqual({});
  expect(simulator.model!.elapsedSeconds - elapsed).toBeLessThan(2);
  expect(time.nowUs() / 1000 - Number(client.json().at(-1).data[0].ts)).toBeLessThan(200);
  client.close();
});

test('a scenario names its faults by time', async () => {
  // The default scenario drops one message of OKX's ETH/USDT at 95 s.
  time.advance(4_000);
  for (let i = 0; i < 22; i++) time.advance(4_000);
  const client = await okxBooks('ETH-USDT');
  await run(4_000);
  expect(okxGaps(client)).toEqual({ 'ETH-USDT': 1 });
  client.close();
});

test('venues refuse as the real ones do: paths, symbols, channels, silence after connecting', async () => {
  await expect(TestClient.open(`${simulator.venues.okx.stream}/ws/v5/nothing`)).rejects.toThrow('404');
  await expect(TestClient.open(`${simulator.url.replace('http', 'ws')}/nowhere/ws`)).rejects.toThrow('404');
  expect((await fetch(`${simulator.venues.binance.rest}/api/v3/depth?symbol=NOPE`)).status).toBe(400);
  const okx = await TestClient.open(`${simulator.venues.okx.stream}/ws/v5/public`);
  okx.send('ping');
  okx.send({ op: 'subscribe', args: [{ channel: 'books', instId: 'NO-PE' }] });
  okx.send('{{{');
  await until(() => okx.frames.length === 3);
  expect(okx.frames[0]).toBe('pong');
  expect(okx.json().map((each) => each.code)).toEqual(['60018', '60012']);
  const kraken = await TestClient.open(`${simulator.venues.kraken.stream}/v2`);
  kraken.send({ method: 'subscribe', params: { channel: 'book', symbol: ['NO/PE'], depth: 7 }, req_id: 3 });
  kraken.send({ method: 'subscribe', params: { channel: 'book', symbol: ['NO/PE'], depth: 10 }, req_id: 4 });
  await until(() => kraken.frames.length === 3);
  expect(kraken.json().slice(1).map((each) => each.error)).toEqual(['Subscription depth not supported', 'Currency pair not supported NO/PE']);
  const silent = await TestClient.open(simulator.venues.coinbase.stream);
  await run(7_000);
  await until(() => silent.closed !== null);
  const unrouted = await TestClient.open(`${simulator.venues.binanceusdm.stream}/stream?streams=btcusdt@depth@100ms`);
  await run(1_000);
  expect(unrouted.frames).toEqual([]);
  for (const each of [okx, kraken, unrouted]) each.close();
});

/** What a client heard of each of Kraken's channels since `before`. */
const krakenChannels = (client: TestClient, before: number): string[] => [...new Set(client.json().slice(before).map((each) => each.channel ?? each.method))].sort();

test('mute: a venue that answers every question and sends nothing, of one symbol or at all, its own beat included', async () => {
  const client = await TestClient.open(`${simulator.venues.kraken.stream}/v2`);
  client.send({ method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD', 'ETH/USD'], depth: 10 } });
  await until(() => client.frames.length >= 3);
  await run(1_000);
  simulator.addFault(fault('mute', 'kraken', { symbol: 'ETH/USD', seconds: 3 }));
  const before = client.frames.length;
  await run(2_900);
  expect([...new Set(client.json().slice(before).flatMap((each) => each.data ?? []).map((each: any) => each.symbol))]).toEqual(['BTC/USD']);
  simulator.addFault(fault('mute', 'kraken', { seconds: 5 }));
  await run(50);
  const muted = client.frames.length;
  client.send({ method: 'ping' });
  client.send({ method: 'subscribe', params: { channel: 'ticker', symbol: ['BTC/USD'] } });
  await run(4_800);
  expect(krakenChannels(client, muted)).toEqual(['pong', 'subscribe']);
  await run(2_000);
  expect(krakenChannels(client, muted)).toContain('book');
  client.close();
});

test('mute-new: only connections that are opened later are mute, as many as were asked for', async () => {
  const open = async (): Promise<TestClient> => {
    const client = await TestClient.open(`${simulator.venues.binanceusdm.stream}/public/stream`);
    client.send({ method: 'SUBSCRIBE', params: ['btcusdt@depth@100ms'], id: 1 });
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
    await until(() => client.frames.length >= 2);
    return client;
  };
  const first = await open();
  simulator.addFault(fault('mute-new', 'binanceusdm', { seconds: 60 }));
  const [second, third] = [await open(), await open()];
  await run(3_000);
  expect(second.json()).toEqual([{ result: null, id: 1 }, { result: ['btcusdt@depth@100ms'], id: 2 }]);
  for (const client of [first, third]) expect(client.frames.length).toBeGreaterThan(10);
  for (const client of [first, second, third]) client.close();
});

test('forget: nothing more of the symbol until it is asked for again; what it missed is lost', async () => {
  const client = await okxBooks('BTC-USDT', 'ETH-USDT');
  simulator.addFault(fault('forget', 'okx', { symbol: 'ETH/USDT' }));
  const before = client.frames.length;
  await run(3_000);
  expect([...new Set(client.json().slice(before).map((each) => each.arg.instId))]).toEqual(['BTC-USDT']);
  client.send({ op: 'subscribe', args: [{ channel: 'books', instId: 'ETH-USDT' }] });
  await run(1_000);
  const again = client.json().slice(before).filter((each) => each.action && each.arg.instId === 'ETH-USDT');
  expect([again[0].action, again.length > 3]).toEqual(['snapshot', true]);
  client.close();
});

test('refuse: the next subscription is refused in the venue’s own words, and the one after it is not', async () => {
  const cases: [string, string, object, string][] = [
    ['kraken', '/v2', { method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth: 10 }, req_id: 7 }, 'Exceeded msg rate'],
    ['okx', '/ws/v5/public', { id: '7', op: 'subscribe', args: [{ channel: 'books', instId: 'BTC-USDT' }] }, 'Requests too frequent'],
    ['binance', '/stream', { method: 'SUBSCRIBE', params: ['btcusdt@depth'], id: 7 }, 'Too many subscriptions'],
    ['coinbase', '', { type: 'subscribe', channel: 'level2', product_ids: ['BTC-USD'] }, 'rate limit exceeded'],
  ];
  for (const [venue, path, message, words] of cases) {
    const client = await TestClient.open(`${simulator.venues[venue].stream}${path}`);
    simulator.addFault(fault('refuse', venue, { symbol: venue === 'kraken' || venue === 'coinbase' ? 'BTC/USD' : 'BTC/USDT' }));
    client.send(message);
    await until(() => client.frames.some((text) => text.includes(words)));
    await run(500);
    expect(client.frames.filter((text) => text.length > 400)).toEqual([]);
    client.send(message);
    await run(500);
    expect(client.frames.length).toBeGreaterThan(4);
    client.close();
  }
});
