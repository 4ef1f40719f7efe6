import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { WebSocket } from 'ws';
import { STOP_WITHIN_MS } from './support/service-process.js';

/** What serves the public may never end what trades: whatever becomes of the gateway of `parallax start`, fills go on, and it comes back. */
const state = mkdtempSync(join(tmpdir(), 'parallax-public-'));
/** Two venues and no costs: something is worth taking all the time. */
const MARKET = { VENUES: 'binance,okx', SYMBOLS: 'BTC/USDT', FEES: '0', MIN_EDGE_BPS: '0' };
/** What runs in it. */
const SERVICES = 9;
let child: ChildProcess;
let output = '';
let address = '';

interface Told {
  readonly service: string;
  readonly startedAtUs: number;
  readonly counters: Readonly<Record<string, number>>;
}

const get = async (path: string): Promise<any> => (await fetch(`${address}/api/v1/${path}`)).json();
const services = async (): Promise<Told[]> => (await get('health')).data as Told[];
/** Asks what may be away at the moment; undefined: it is. */
const perhaps = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);

const seen = <T>(what: string, look: () => Promise<T> | T) =>
  until(() => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}\n${output}`);
    return look();
  }, () => `${what}\n${output.slice(-3_000)}`);

beforeAll(async () => {
  child = spawn(process.execPath, ['--conditions=default', join(import.meta.dirname, 'support/faulty-start.mjs')], {
    env: { ...process.env, PARALLAX_STATE: state, NATS_URL: '', OTEL_EXPORTER_OTLP_ENDPOINT: '', NODE_OPTIONS: '', STOP_WITHIN_MS, ...MARKET },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr!.on('data', (text: Buffer) => (output += text.toString()));
  address = await seen('an address', () => /Parallax is at (http:\S+)/.exec(output)?.[1]);
  await seen('a first fill', async () => (await get('fills')).data[0]);
});

afterAll(() => {
  child.kill('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

const streamUrl = (): string => `${address.replace('http', 'ws')}/api/v1/stream`;

/** A reader of the stream, once it has its snapshot. */
async function reader(): Promise<WebSocket> {
  const socket = new WebSocket(streamUrl());
  await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject).once('close', reject));
  socket.on('error', () => {});
  return socket;
}

const ask = (kind: string) => (): void => void perhaps(fetch(`${address}/fault/${kind}`));
const FAULTS: Record<string, () => Promise<void> | void> = {
  'the listener of a request': ask('request'),
  'the listener of an upgrade': () => void new WebSocket(`${address.replace('http', 'ws')}/fault/upgrade`).on('error', () => {}),
  'a reader’s message': async () => (await reader()).send('fault'),
  'a reader’s close': async () => (await reader()).close(4_001),
  'a reader’s error': async () => (await reader()).send('x'.repeat(10_000)),
  'a timer': ask('timer'),
  'a promise that nobody awaits': ask('rejection'),
  'the listener of its own port': ask('port'),
  'its exit': ask('exit'),
  'its memory': ask('memory'),
};

test('an address in use is refused in one sentence, and nothing runs', async () => {
  const main = join(import.meta.dirname, '../dist/main.js');
  const second = spawn(process.execPath, ['--conditions=default', main, 'start', '--fresh', '--port', new URL(address).port], {
    env: { ...process.env, NATS_URL: '', NODE_OPTIONS: '', STOP_WITHIN_MS }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  second.stderr.on('data', (text: Buffer) => (said += text.toString()));
  expect(await new Promise((resolve) => second.once('close', resolve))).toBe(1);
  expect(said.trim().split('\n').at(-1)).toMatch(/^parallax: .*PORT/);
});

test.each(Object.keys(FAULTS))('a fault of the gateway in %s: what trades goes on, and the gateway comes back at its address', async (kind) => {
  const before = await seen('every service', async () => {
    const told = (await perhaps(services())) ?? [];
    return told.length === SERVICES ? told : undefined;
  });
  const restartsOf = (told: readonly Told[]): number => told.find(({ service }) => service === 'gateway')!.counters.restarts;
  const begunAtUs = Date.now() * 1_000;
  await FAULTS[kind]();
  const after = await seen(`the gateway again after a fault in ${kind}`, async () => {
    const told = (await perhaps(services())) ?? [];
    return told.length === SERVICES && restartsOf(told) > restartsOf(before) ? told : undefined;
  });
  const lives = (told: readonly Told[]): string[] => told.filter(({ service }) => service !== 'gateway').map(({ service, startedAtUs }) => `${service} ${startedAtUs}`).toSorted();
  expect(lives(after)).toEqual(lives(before));
  expect(restartsOf(after)).toBe(restartsOf(before) + 1);
  await seen('a fill of after the fault', async () => ((await perhaps(get('fills?limit=1')))?.data as { atUs: number }[] | undefined)?.find(({ atUs }) => atUs > begunAtUs));
  await seen('the stream again', async () => (await perhaps(reader()))?.close() === undefined);
});

test('while the gateway stands still fills go on', async () => {
  const begunAtUs = Date.now() * 1_000;
  // An endless loop: only its silence shows it.
  ask('loop')();
  const backAtUs = await seen('the gateway again', async () => {
    const gateway = (await perhaps(services()))?.find(({ service }) => service === 'gateway');
    return gateway !== undefined && gateway.startedAtUs > begunAtUs ? gateway.startedAtUs : undefined;
  });
  const fills = await seen('the fills of before', async () => {
    const { data } = (await get('fills?limit=1000')) as { data: { atUs: number }[] };
    return data.some(({ atUs }) => atUs < backAtUs) ? data : undefined;
  });
  expect(fills.filter(({ atUs }) => atUs > begunAtUs && atUs < backAtUs).length).toBeGreaterThan(0);
});

test('an open page stays valid, each end is in the log, and Ctrl-C ends all of it in order', async () => {
  const page = await (await fetch(address)).text();
  const token = /name="parallax-token" content="([^"]+)"/.exec(page)![1];
  ask('timer')();
  await seen('the token still', async () => {
    const answer = await perhaps(fetch(`${address}/api/v1/risk/halt`, {
      method: 'POST', headers: { 'content-type': 'application/json', 'x-parallax-token': token }, body: JSON.stringify({ who: 'test', why: 'the end' }),
    }));
    return answer?.status === 200;
  });
  const ends = output.split('\n').filter((line) => line.includes('ended unasked')).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(ends.length).toBeGreaterThan(Object.keys(FAULTS).length);
  expect(ends.every(({ level, service }) => level === 'error' && service === 'gateway')).toBe(true);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
