import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { startSimulator, type Simulator } from '../src/index.js';
import { readTape } from '../src/tape/tape-file.js';
import { getJson, TestClient } from './client.js';
import { ManualTime } from './manual-time.js';

const DATA = process.env.PARALLAX_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const present = existsSync(DATA);
if (!present && process.env.CI === 'true') throw new Error(`recordings are missing: ${DATA}`);
const recorded = present ? test : test.skip;
if (!present) console.warn(`skipped: no recordings at ${DATA}`);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tape-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A recording of our own in cryptofeed's lines: two connections, a listing, a snapshot on the way. */
function okxLines(): string[] {
  const at = (seconds: number): number => 1_700_000_000 + seconds;
  const frame = (conn: string, ts: number, data: unknown): string => JSON.stringify({ t: 'recv', conn, ts, data: JSON.stringify(data) });
  const arg = (channel: string, instId: string): object => ({ channel, instId });
  return [
    JSON.stringify({ t: 'header', exchange: 'OKX', config: {}, recorded: at(-5) }),
    JSON.stringify({ t: 'http', conn: 'OKX.http.sync', ts: at(-5), url: 'https://www.okx.com/api/v5/public/instruments?instType=SPOT', data: '{"code":"0","data":["listing"]}' }),
    JSON.stringify({ t: 'connect', conn: 'a', ts: at(0), addr: 'wss://ws.okx.com:8443/ws/v5/public' }),
    JSON.stringify({ t: 'send', conn: 'a', ts: at(0), addr: 'wss://ws.okx.com:8443/ws/v5/public', data: '{}' }),
    frame('a', at(0.1), { event: 'subscribe', arg: arg('books', 'BTC-USDT') }),
    frame('a', at(0.2), { arg: arg('books', 'BTC-USDT'), action: 'snapshot', data: [1] }),
    frame('a', at(0.4), { arg: arg('books', 'ETH-USDT'), action: 'snapshot', data: [2] }),
    JSON.stringify({ t: 'http', conn: 'OKX.http.0', ts: at(1), url: 'https://www.okx.com/api/v5/market/books?instId=BTC-USDT&sz=400', data: '{"code":"0","data":["book"]}' }),
    frame('a', at(1.5), { arg: arg('books', 'BTC-USDT'), action: 'update', data: [3] }),
    frame('a', at(3), { arg: arg('books', 'BTC-USDT'), action: 'update', data: [4] }),
  ];
}

async function play(name: string, lines: readonly string[], options: { speed?: number; loop?: boolean; venue?: string } = {}):
Promise<{ simulator: Simulator; time: ManualTime }> {
  const file = join(folder, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(lines.join('\n')) : lines.join('\n'));
  const time = new ManualTime();
  return { simulator: await startSimulator({ clock: time, timers: time, tape: { files: [file], ...options } }), time };
}

test('frames come at the recorded pace, filtered by subscription; what the tape does not acknowledge is acknowledged', async () => {
  const { simulator, time } = await play('okx.jsonl', okxLines());
  const base = simulator.venues.okx;
  expect(await getJson(`${base.rest}/api/v5/public/instruments?instType=SPOT`)).toEqual({ code: '0', data: ['listing'] });
  expect((await fetch(`${base.rest}/api/v5/public/instruments?instType=SWAP`)).status).toBe(404);
  const client = await TestClient.open(`${base.stream}/ws/v5/public`);
  client.send({ op: 'subscribe', args: [{ channel: 'books', instId: 'BTC-USDT' }, { channel: 'trades', instId: 'BTC-USDT' }] });
  await until(() => client.frames.length === 1);
  expect(client.json()[0]).toEqual({ event: 'subscribe', arg: { channel: 'trades', instId: 'BTC-USDT' } });
  await time.run(250);
  await time.run(200);
  await until(() => client.frames.length === 3);
  expect(client.json()[2].data).toEqual([1]);
  const answer = getJson(`${base.rest}/api/v5/market/books?instId=BTC-USDT&sz=10`);
  let answered = false;
  void answer.then(() => (answered = true));
  await time.run(400);
  // Another question has had its answer meanwhile.
  await getJson(`${base.rest}/api/v5/public/instruments?instType=SPOT`);
  expect(answered).toBe(false);
  await time.run(500);
  expect(await answer).toEqual({ code: '0', data: ['book'] });
  await time.run(2_500);
  await until(() => client.closed !== null);
  expect(client.json().slice(1).map((each) => each.data?.[0])).toEqual([undefined, 1, 3, 4]);
  expect(client.closed!.code).toBe(1001);
  await simulator.stop();
});

test('at twice the speed it takes half the time, and a loop begins anew', async () => {
  const { simulator, time } = await play('okx.jsonl.gz', okxLines(), { speed: 2, loop: true });
  for (let round = 0; round < 2; round++) {
    const client = await TestClient.open(`${simulator.venues.okx.stream}/ws/v5/public`);
    client.send({ op: 'subscribe', args: [{ channel: 'books', instId: 'BTC-USDT' }] });
    await TestClient.caughtUp();
    await time.run(250 + 1_000);
    await until(() => client.frames.length === 3);
    await time.run(700);
    await until(() => client.closed !== null);
    expect(client.frames.length).toBe(4);
  }
  await simulator.stop();
});

test('a file cut in the middle plays up to its last whole line; nonsense is refused with its place', async () => {
  const whole = gzipSync(okxLines().join('\n'));
  const cut = join(folder, 'cut.jsonl.gz');
  writeFileSync(cut, whole.subarray(0, whole.length - 40));
  const tape = await readTape(cut);
  const frames = tape.lanes.flatMap((lane) => lane.frames);
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.length).toBeLessThanOrEqual(5);
  const cutText = join(folder, 'cut.jsonl');
  writeFileSync(cutText, okxLines().join('\n').slice(0, -20));
  expect((await readTape(cutText)).lanes.flatMap((lane) => lane.frames).length).toBe(4);
  const bad = join(folder, 'bad.jsonl');
  writeFileSync(bad, `${okxLines().slice(0, 4).join('\n')}\n{"t":"recv","conn":\n${okxLines()[4]}`);
  await expect(readTape(bad)).rejects.toMatchObject({ code: 'RECORDING_REFUSED', place: `${bad}:5` });
  await expect(readTape(join(folder, 'missing'))).rejects.toMatchObject({ code: 'RECORDING_REFUSED' });
  const nameless = join(folder, 'unknown');
  writeFileSync(nameless, '1700000000000000000 {"stream":"btcusdt@trade","data":{}}\n');
  await expect(readTape(nameless)).rejects.toThrow('--venue');
  expect((await readTape(nameless, 'binance')).venue).toBe('binance');
});

recorded('a raw Binance recording is served as the venue: every frame of the streams asked for, unchanged and in order', async () => {
  const name = 'usdm-btcusdt-20240808.gz';
  const all = gunzipSync(readFileSync(`${DATA}/ticks/binance-raw-feed/${name}`)).toString('utf8').split('\n').filter(Boolean).slice(0, 3_000);
  const { simulator, time } = await play(name, all);
  const base = simulator.venues.binanceusdm;
  const listing = await getJson(`${base.rest}/fapi/v1/exchangeInfo`);
  expect(listing.symbols.map((each: any) => [each.symbol, each.filters[0].tickSize, each.filters[1].stepSize]))
    .toEqual([['BTCUSDT', '0.1', '0.001']]);
  const client = await TestClient.open(`${base.stream}/public/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker`);
  await time.run(250);
  await time.run(1_000);
  const snapshot = await getJson(`${base.rest}/fapi/v1/depth?symbol=BTCUSDT&limit=1000`);
  const recordedSnapshot = all.find((line) => line.includes('{"lastUpdateId"'))!;
  expect(snapshot).toEqual(JSON.parse(recordedSnapshot.slice(recordedSnapshot.indexOf(' '))));
  time.advance(60_000);
  const expected = all.filter((line) => /"stream":"btcusdt@(depth|bookTicker)/.test(line)).map((line) => line.slice(line.indexOf(' ') + 1));
  await until(() => client.closed !== null);
  expect(client.frames.length).toBe(expected.length);
  expect(client.frames).toEqual(expected);
  await simulator.stop();
});

recorded.each([
  ['COINBASE-part', 'coinbase', '', 682], ['KRAKEN-part', 'kraken', '/', 0],
])('the %s recording is played connection by connection', async (file, venue, path, count) => {
  const time = new ManualTime();
  const source = `${DATA}/captures/${venue}/cryptofeed-${file}.jsonl.gz`;
  const simulator = await startSimulator({ clock: time, timers: time, tape: { files: [source] } });
  const rows = gunzipSync(readFileSync(source)).toString('utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const connections = [...new Set(rows.filter((row) => row.t === 'connect').map((row) => row.conn))];
  const clients: TestClient[] = [];
  for (let i = 0; i < connections.length; i++) {
    const client = await TestClient.open(simulator.venues[venue].stream + path);
    client.send({ type: 'subscribe' });
    clients.push(client);
  }
  await TestClient.caughtUp();
  await time.run(300);
  time.advance(120_000);
  await until(() => clients.every((client) => client.closed !== null));
  for (const [i, client] of clients.entries()) {
    expect(client.frames).toEqual(rows.filter((row) => row.t === 'recv' && row.conn === connections[i]).map((row) => row.data));
  }
  if (count > 0) expect(clients.reduce((sum, client) => sum + client.frames.length, 0)).toBe(count);
  await simulator.stop();
});
