import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { MemoryBus } from '@parallax/bus';
import { resetAfter, rudeCrowd, until, upgradeRequest, type Leaving } from '@parallax/testing';
import { WebSocket } from 'ws';
import type { GatewayService } from '../src/index.js';
import { closeAll, makeBus, startGateway } from './running-gateway.js';

/**
 * Clients that go away in the middle, by a reset: whatever they do, the process lives. (An error that nobody hears ends a
 * process; under jest it fails the test that ran.)
 */
let bus: MemoryBus;
let gateway: GatewayService;
let port: number;
beforeEach(async () => {
  bus = await makeBus();
  gateway = await startGateway(bus);
  port = Number(new URL(gateway.address).port);
});
afterEach(closeAll);

const STREAM = '/api/v1/stream';
const REFUSALS: Record<string, () => string> = {
  'wrong path': () => upgradeRequest(port, '/api/v1/elsewhere'),
  'wrong host': () => upgradeRequest(port, STREAM, { Host: 'elsewhere.example' }),
  'foreign origin': () => upgradeRequest(port, STREAM, { Origin: 'https://elsewhere.example' }),
  'old version': () => upgradeRequest(port, STREAM, { 'Sec-WebSocket-Version': '7' }),
  'bad key': () => upgradeRequest(port, STREAM, { 'Sec-WebSocket-Key': 'short' }),
  'no key': () => upgradeRequest(port, STREAM, { 'Sec-WebSocket-Key': undefined }),
};
const LEAVINGS: readonly Leaving[] = ['sent', 'answered', 'ended'];

const lives = async (): Promise<void> => {
  expect((await fetch(`${gateway.address}/healthz`)).status).toBe(200);
};

test.each(Object.keys(REFUSALS))('an upgrade refused for its %s may reset at any moment', async (kind) => {
  for (const leaving of LEAVINGS) {
    for (let round = 0; round < 5; round++) {
      const answer = await resetAfter(port, [REFUSALS[kind]()], leaving);
      if (leaving !== 'sent') expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
  }
  await lives();
});

test('a reader that is one too many may reset as well', async () => {
  const readers = await Promise.all(Array.from({ length: 200 }, async () => {
    const reader = new WebSocket(`${gateway.address.replace('http', 'ws')}${STREAM}`);
    await new Promise((resolve, reject) => reader.once('open', resolve).once('error', reject));
    return reader;
  }));
  for (const leaving of LEAVINGS) {
    const answer = await resetAfter(port, [upgradeRequest(port, STREAM)], leaving);
    if (leaving !== 'sent') expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  }
  for (const reader of readers) reader.terminate();
  await lives();
});

test('readers of the stream that reset before, in and after their snapshot are let go', async () => {
  for (const leaving of ['sent', 'answered'] as const) {
    await Promise.all(Array.from({ length: 20 }, () => resetAfter(port, [upgradeRequest(port, STREAM)], leaving)));
  }
  await until(() => gateway.health().counters.readers === 0);
  await lives();
});

test('a crowd that speaks HTTP and WebSocket badly and leaves by resets does not end the gateway', async () => {
  await rudeCrowd({ port, seed: 20_261_121, count: 400, paths: ['/', '/healthz', '/metrics', '/api/v1/quotes', '/api/v1/risk/halt', '/%'], streamPath: STREAM });
  await until(() => gateway.health().counters.readers === 0);
  await lives();
});
