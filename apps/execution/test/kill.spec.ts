import { expect, test } from '@jest/globals';
import { describeWith } from '@parallax/testing';
import { FINAL_ORDER_STATES, type Order, type Plan } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import type { ChildProcess } from 'node:child_process';
import { Arena, VENUES } from './arena.js';
import { FATAL_STEPS } from './fatal-steps.js';

const KILLS_PER_STEP = Number(process.env.PARALLAX_TEST_KILLS ?? 5);
const FATES = ['both legs fill', 'the sale misses its price', 'the sale fills in part'] as const;
const TOO_LATE = /^REQUEST_TOO_OLD|never arrived at the venue$|^risk is silent$/;
const symbol = 'BTC/USDT';
const text = { type: 'limit', timeInForce: 'IOC' } as const;

function planOf(fate: number): Plan {
  // A sale at 102 finds nobody, one at 101.10 about half of its size.
  const size = '0.2';
  const sale = ['101.00', '102.00', '101.10'][fate];
  return {
    currency: 'USDT', notional: '100',
    legs: [
      { leg: 0, venue: 'binance', symbol, side: 'buy', price: '100.00', size: '0.2', ...text },
      { leg: 1, venue: 'okx', symbol, side: 'sell', price: sale, size, ...text },
    ],
    exits: [
      { kind: 'hedge', forLeg: 1, venue: 'kraken', symbol, side: 'sell', price: '100.50', size, costLimit: '5' },
      { kind: 'reverse', forLeg: 1, venue: 'binance', symbol, side: 'sell', price: '99.00', size: '0.2', costLimit: '5' },
      { kind: 'reverse', forLeg: 0, venue: 'okx', symbol, side: 'buy', price: '102.00', size, costLimit: '5' },
    ],
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const exitOf = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
const lastOf = (orders: readonly Order[]): Map<string, Order> => new Map(orders.map((order) => [order.id, order]));

async function approve(arena: Arena, id: string, fate: number): Promise<void> {
  const nowUs = Date.now() * 1000;
  const plan = planOf(fate);
  const expiresAtUs = nowUs + 120_000_000;
  await arena.risk.streams.append(subjects.approved('main'), encodeJson({
    kind: 'approved', id: `approval-${id}`, plan, reserved: '100', scaledBy: '1', epoch: 1, atUs: nowUs, expiresAtUs,
    intent: {
      id, account: 'main', strategy: 'arbitrage', kind: 'arbitrage', opportunityId: 'o', plan, expectedNet: '0.1',
      createdAtUs: nowUs, expiresAtUs,
    },
  }), { id });
}

describeWith('nats-server', 'execution killed with SIGKILL between decide, store, send, publish and acknowledge', () => {
  test('nothing is lost and nothing is doubled', async () => {
    const arena = await Arena.open();
    const intents: string[] = [];
    const kills: Record<string, number> = {};
    let inFlight = 0;
    try {
      for (let round = 0; round < KILLS_PER_STEP; round++) {
        for (const [at, step] of FATAL_STEPS.entries()) {
          const child = arena.start(step, 1 + (round % 2));
          const died = exitOf(child);
          for (let i = 0; i < 2; i++) {
            const id = `intent-${intents.length}`;
            intents.push(id);
            await approve(arena, id, (round + at + i) % FATES.length);
          }
          let overdue = false;
          const patience = setTimeout(() => (overdue = child.kill('SIGKILL')), 20_000);
          const signal = await died;
          clearTimeout(patience);
          kills[step] = (kills[step] ?? 0) + (signal === 'SIGKILL' && !overdue ? 1 : 0);
          const open = [...lastOf(await arena.orders()).values()].some(({ state }) => !FINAL_ORDER_STATES.includes(state));
          if (open) inFlight++;
        }
      }
      const survivor = arena.start('none', 1);
      for (let waited = 0; waited < 300 && new Set(await arena.results()).size < intents.length; waited++) await sleep(100);
      await sleep(300);
      const gone = exitOf(survivor);
      survivor.kill('SIGTERM');
      await gone;

      const results = await arena.results();
      expect(results.toSorted()).toEqual(intents.toSorted());
      const orders = lastOf(await arena.orders());
      const accepted = VENUES.flatMap((venue) => arena.journal(venue).filter((record) => record.kind === 'accepted'));
      const ids = accepted.map(({ request }) => request.clientId);
      expect(new Set(ids).size).toBe(ids.length);
      const unsent: Record<string, number> = {};
      for (const intent of intents) {
        const legs = [...orders.values()].filter(({ intentId, purpose }) => intentId === intent && purpose === 'leg');
        expect(legs.map(({ leg, state }) => [leg, FINAL_ORDER_STATES.includes(state)]).toSorted()).toEqual([[0, true], [1, true]]);
        for (const { state, reason, filledSize } of legs.filter(({ id }) => !ids.includes(id))) {
          // Where the machine stood still for a while, an order that is too late must not go; then it says so.
          expect([state, filledSize, reason]).toEqual([expect.stringMatching(/^(rejected|expired)$/), '0', expect.stringMatching(TOO_LATE)]);
          unsent[String(reason)] = (unsent[String(reason)] ?? 0) + 1;
        }
      }
      expect(Object.values(unsent).reduce((sum, count) => sum + count, 0)).toBeLessThan(intents.length / 5);
      // Nothing stands at a venue of which the stream does not know.
      for (const id of ids) expect(orders.has(id)).toBe(true);
      const traded = VENUES.flatMap((venue) => {
        const journal = arena.journal(venue);
        const clientIds = new Map(journal.flatMap((record) => (record.kind === 'accepted' ? [[record.venueOrderId, record.request.clientId]] : [])));
        return journal.flatMap((record) => record.kind === 'fill' ? [`${clientIds.get(record.order)}-${record.fill.tradeId} ${record.fill.size}@${record.fill.price}`] : []);
      });
      const told = (await arena.fills()).map(({ id, size, price }) => `${id} ${size}@${price}`);
      expect(told.toSorted()).toEqual(traded.toSorted());
      const total = Object.values(kills).reduce((sum, count) => sum + count, 0);
      const fates: Record<string, number> = {};
      for (const { purpose, venue, state } of orders.values()) fates[`${purpose} ${venue} ${state}`] = (fates[`${purpose} ${venue} ${state}`] ?? 0) + 1;
      const report = { kills: total, inFlight, approvals: intents.length, orders: orders.size, atVenues: ids.length, fills: told.length, unsent, fates, byStep: kills };
      console.log(`kill test: ${JSON.stringify(report)}`);
      for (const step of FATAL_STEPS) expect(kills[step]).toBe(KILLS_PER_STEP);
      expect(inFlight).toBeGreaterThan(0);
    } finally {
      await arena.close();
    }
  });
});
