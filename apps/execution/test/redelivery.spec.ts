import { expect, test } from '@jest/globals';
import type { Bus, DurableMessage } from '@parallax/bus';
import { DEFAULT_EXECUTION_OPTIONS } from '@parallax/execution';
import { SystemClock, SystemRandom, SystemTimers } from '@parallax/runtime';
import { InstrumentTable } from '@parallax/types';
import { encodeJson } from '@parallax/wire';
import { ExecutionEngine } from '../src/engine.js';

test('an approval that is delivered again while its orders are being stored is acknowledged each time, and nobody waits for ever', async () => {
  // The stream stores nothing until it is let go.
  let letGo = (): void => {};
  let gate = new Promise<void>((resolve) => (letGo = resolve));
  const append = async (): Promise<{ sequence: number; duplicate: boolean }> => {
    await gate;
    return { sequence: 1, duplicate: false };
  };
  const bus = { streams: { append }, publish: () => {} } as unknown as Bus;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const engine = new ExecutionEngine(
    { bus, clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log, instance: 'one' }, new InstrumentTable(),
    { ...DEFAULT_EXECUTION_OPTIONS, accounts: ['main'], takerFees: {}, balances: [] }, [], { epoch: 1, grantedBy: 'bus', acting: () => true },
    { reached: () => {}, haltAccount: () => {} },
  );
  const leg = { leg: 0, venue: 'okx', symbol: 'BTC/USDT', side: 'buy', type: 'limit', timeInForce: 'IOC', price: '100', size: '1' };
  const plan = { legs: [leg], exits: [], currency: 'USDT', notional: '100' };
  const times = { createdAtUs: 1, expiresAtUs: Date.now() * 1000 + 60_000_000 };
  const deliver = (id: string, count: number): Promise<void>[] => {
    const intent = { id, account: 'main', strategy: 's', kind: 'arbitrage', opportunityId: 'o', plan, expectedNet: '0', ...times };
    const bytes = encodeJson({ kind: 'approved', id: `approval-${id}`, intent, plan, reserved: '100', scaledBy: '1', epoch: 1, atUs: 1, expiresAtUs: times.expiresAtUs });
    return Array.from({ length: count }, (_, delivery) => {
      const message = { bytes, deliveries: delivery + 1, acknowledge: () => Promise.resolve(void acknowledged.push(`${id} ${delivery + 1}`)) };
      return engine.onApproval(message as unknown as DurableMessage);
    });
  };
  const acknowledged: string[] = [];
  const deliveries = deliver('a', 3);
  letGo();
  await Promise.all(deliveries);
  expect(acknowledged.toSorted()).toEqual(['a 1', 'a 2', 'a 3']);
  // The engine's end lets go of those that still wait.
  gate = new Promise(() => {});
  const waiting = deliver('b', 2);
  engine.end();
  await Promise.all(waiting);
  expect(acknowledged).toHaveLength(3);
});
