import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resetAfter, rudeCrowd, upgradeRequest } from '@parallax/testing';
import { startSimulator, type Simulator } from '../src/index.js';

/** With `npm start` the simulated venues stand in the process that trades: no client of theirs may end it. */
let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());

const lives = async (): Promise<void> => {
  expect((await fetch(`${simulator.url}/control/status`)).status).toBe(200);
};

test.each(['/nowhere', '/binance', '/binance/nowhere', '//', '/%'])('an upgrade at %s may reset at any moment', async (path) => {
  for (const leaving of ['sent', 'answered', 'ended'] as const) {
    for (let round = 0; round < 5; round++) await resetAfter(simulator.port, [upgradeRequest(simulator.port, path)], leaving, 1_000);
  }
  await lives();
});

test('a crowd that speaks HTTP and WebSocket badly and leaves by resets does not end the venues', async () => {
  const streams = ['/binance/stream', '/okx/ws/v5/public', '/kraken/v2', '/coinbase/'];
  for (const [index, streamPath] of streams.entries()) {
    await rudeCrowd({ port: simulator.port, seed: 7 + index, count: 150, paths: ['/control/status', '/control/faults', '/binance/api/v3/exchangeInfo', '//', '/%'], streamPath });
  }
  await lives();
});
