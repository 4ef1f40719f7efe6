import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { MemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import { BUCKETS, encodeJson } from '@parallax/wire';
import { WebSocket } from 'ws';
import { hashOfKey, type Change, type GatewayService } from '../src/index.js';
import { StreamReader } from '../src/stream/stream-reader.js';
import { MarketFeeder } from './market-feeder.js';
import { makeBus, ports, startGateway } from './running-gateway.js';

let bus: MemoryBus;
let gateway: GatewayService;
let feeder: MarketFeeder;
beforeEach(async () => {
  bus = await makeBus();
  gateway = await startGateway(bus);
  feeder = new MarketFeeder(bus, () => ports.clock.nowUs());
  await feeder.list();
  feeder.tick();
  await bus.flush();
});
afterEach(async () => {
  await gateway.stop();
  await bus.drain();
});

const join = (headers: Record<string, string> = {}): { socket: WebSocket; messages: any[] } => {
  const messages: any[] = [];
  const socket = new WebSocket(`${gateway.address.replace('http', 'ws')}/api/v1/stream`, { headers });
  socket.on('message', (bytes: Buffer) => void messages.push(JSON.parse(bytes.toString('utf8'))));
  return { socket, messages };
};

test('first a snapshot, then every change with the next number, and quotes that end where REST ends', async () => {
  await until(() => gateway.core.allQuotes().length === 12);
  const { socket, messages } = join();
  await until(() => messages.length > 0);
  expect(messages[0].type).toBe('snapshot');
  expect(messages[0].data.quote).toHaveLength(12);
  expect(messages[0].data.instrument).toHaveLength(12);
  for (let i = 0; i < 25; i++) {
    feeder.tick();
    await bus.flush();
  }
  await until(() => messages.some((one) => one.entity === 'fill') && messages.some((one) => one.entity === 'opportunity'));
  feeder.quote('okx', 'ETH');
  const shown = (): string | undefined =>
    messages.findLast((one) => one.entity === 'quote' && one.key === 'okx:ETH/USDT')?.value.bid.price;
  await until(() => shown() === gateway.core.quote('okx', 'ETH/USDT')?.bid?.price);
  const numbers = messages.filter(({ type }) => type === 'change').map(({ sequence }) => sequence);
  expect(numbers).toEqual(numbers.map((_, index) => messages[0].sequence + 1 + index));
  socket.close();
});

test('pings come, and a page of another origin is let nowhere near', async () => {
  const { socket, messages } = join();
  await until(() => messages.some(({ type, sequence }) => type === 'ping' && sequence > 0));
  socket.close();
  const stranger = join({ origin: 'https://elsewhere.example' });
  const refusal = await new Promise<string>((resolve) => stranger.socket.on('error', (error) => resolve(error.message)));
  expect(refusal).toContain('403');
});

test('a stopping gateway says goodbye', async () => {
  const { socket, messages } = join();
  await until(() => messages.length > 0);
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await gateway.stop();
  expect(await closed).toBe(1001);
});

test('whose key is gone reads no more, nor who came before there was a key; the others read on', async () => {
  const keys = bus.state(BUCKETS.apiKeys);
  const put = (name: string): Promise<number> => keys.put(name, encodeJson({ hash: hashOfKey(`${name} has a long key`) }));
  const closings: string[] = [];
  const listen = (name: string, headers: Record<string, string> = {}): ReturnType<typeof join> => {
    const joined = join(headers);
    joined.socket.on('close', (code) => void closings.push(`${name} ${code}`));
    return joined;
  };
  const early = listen('early');
  await until(() => early.messages.length > 0);
  await put('ada');
  await until(() => closings.length === 1);
  await put('bob');
  await until(() => gateway.access.keys === 2);
  const ada = listen('ada', { 'x-api-key': 'ada has a long key' });
  const bob = listen('bob', { 'x-api-key': 'bob has a long key' });
  await until(() => ada.messages.length > 0 && bob.messages.length > 0);
  const heard = bob.messages.length;
  await keys.delete('bob');
  await until(() => gateway.access.keys === 1);
  feeder.tick();
  await bus.flush();
  await until(() => closings.length === 2 && ada.messages.some(({ entity }) => entity === 'quote'));
  expect(closings).toEqual(['early 1008', 'bob 1008']);
  expect(bob.messages.slice(heard).filter(({ entity }) => entity === 'quote')).toEqual([]);
  // Told again as it was, a key is the same.
  await put('ada');
  const told = ada.messages.length;
  feeder.tick();
  await bus.flush();
  await until(() => ada.messages.length > told);
  ada.socket.terminate();
});

const change = (sequence: number, key: string): Change => ({ type: 'change', sequence, entity: 'fill', key, value: null });

test('a slow reader is told what it missed and gets the newest of each entity', () => {
  const sent: any[] = [];
  let waiting = 0;
  const line = { buffered: () => waiting, send: (text: string) => void sent.push(JSON.parse(text)) };
  const reader = new StreamReader(line, () => ({ text: '{"type":"snapshot"}', sequence: 4 }));
  reader.offer([change(4, 'a'), change(5, 'a')], JSON.stringify);
  waiting = 1e7;
  reader.offer([change(6, 'a'), change(7, 'b')], JSON.stringify);
  reader.offer([change(8, 'a')], JSON.stringify);
  expect(sent.map(({ type, sequence }) => sequence ?? type)).toEqual(['snapshot', 5]);
  waiting = 0;
  reader.offer([change(9, 'c')], JSON.stringify);
  expect(sent.slice(2).map(({ type, sequence, skipped }) => sequence ?? [type, skipped])).toEqual([['conflated', 1], 7, 8, 9]);
});

test('a reader that is slow for long gets a new snapshot, and memory stays bounded', () => {
  const sent: any[] = [];
  let waiting = 1e7;
  let sequence = 0;
  const line = { buffered: () => waiting, send: (text: string) => void sent.push(JSON.parse(text)) };
  const reader = new StreamReader(line, () => ({ text: JSON.stringify({ type: 'snapshot', sequence }), sequence }));
  for (sequence = 1; sequence <= 25_000; sequence++) reader.offer([change(sequence, String(sequence))], JSON.stringify);
  waiting = 0;
  reader.offer([change(sequence, 'last')], JSON.stringify);
  expect(sent.map(({ type }) => type)).toEqual(['snapshot', 'conflated', 'snapshot']);
  expect(sent[1].skipped).toBe(25_001);
  expect(reader.isBehind).toBe(false);
});
