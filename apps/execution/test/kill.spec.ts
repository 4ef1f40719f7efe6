import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, until } from '@parallax/testing';
import { FINAL_ORDER_STATES, type Order, type Plan } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import type { ChildProcess } from 'node:child_process';
import { Arena, VENUES } from './arena.js';
import { FATAL_STEPS } from './fatal-steps.js';

const KILLS_PER_STEP = Number(process.env.PARALLAX_TEST_KILLS ?? 3);
const FATES = ['both legs fill', 'the sale misses its price', 'the sale fills in part'] as const;
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

/** Outlives the test, however slow the machine is. */
const VALID_US = 86_400_000_000;

const exitOf = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
const lastOf = (orders: readonly Order[]): Map<string, Order> => new Map(orders.map((order) => [order.id, order]));

async function approve(arena: Arena, id: string, fate: number): Promise<void> {
  const nowUs = Date.now() * 1000;
  const plan = planOf(fate);
  const expiresAtUs = nowUs + VALID_US;
  await arena.risk.streams.append(subjects.approved('main'), encodeJson({
    kind: 'approved', id: `approval-${id}`, plan, reserved: '100', scaledBy: '1', epoch: 1, atUs: nowUs, expiresAtUs,
    intent: {
      id, account: 'main', strategy: 'arbitrage', kind: 'arbitrage', opportunityId: 'o', plan, expectedNet: '0.1',
      createdAtUs: nowUs, expiresAtUs,
    },
  }), { id });
}

describeWith('nats-server', 'execution killed with SIGKILL between decide, store, send, publish and acknowledge', () => {
  let arena: Arena;
  const intents: string[] = [];
  let kills = 0;
  let inFlight = 0;
  beforeAll(async () => {
    arena = await Arena.open();
  });
  afterAll(() => arena.close());

  const approveNext = async (fate: number): Promise<void> => {
    const id = `intent-${intents.length}`;
    intents.push(id);
    await approve(arena, id, fate % FATES.length);
  };
  const finished = async (): Promise<boolean> => new Set(await arena.results()).size === intents.length;

  test.each(FATAL_STEPS.map((step, at) => [step, at] as const))('dies at "%s", as often as it shall', async (step, at) => {
    for (let round = 0; round < KILLS_PER_STEP; round++) {
      await arena.endLease();
      const died = exitOf(arena.start(step, 1 + (round % 2)));
      let signal: string | null = null;
      void died.then((how) => (signal = String(how)));
      for (let i = 0; i < 2; i++) await approveNext(round + at + i);
      await until(async () => {
        if (signal !== null) return true;
        // Two plans may not lead there so often as it takes; then another does.
        if (await finished()) await approveNext(round + at);
        return false;
      }, `execution dies at "${step}"`);
      expect(signal).toBe('SIGKILL');
      kills++;
      const open = [...lastOf(await arena.orders()).values()].some(({ state }) => !FINAL_ORDER_STATES.includes(state));
      if (open) inFlight++;
    }
  });

  test('nothing is lost and nothing is doubled', async () => {
    // This one waits until the lease of the one that died has run out by itself.
    const survivor = arena.start('none', 1);
    await until(finished, () => `the results of ${intents.length} plans`);
    // What was never acknowledged comes again before this one or beside it, and doubles nothing.
    await approveNext(0);
    await until(finished, 'the result of the last plan');
    const gone = exitOf(survivor);
    survivor.kill('SIGTERM');
    await gone;

    const results = await arena.results();
    expect(results.toSorted()).toEqual(intents.toSorted());
    const orders = lastOf(await arena.orders());
    const accepted = VENUES.flatMap((venue) => arena.journal(venue).filter((record) => record.kind === 'accepted'));
    const ids = accepted.map(({ request }) => request.clientId);
    expect(new Set(ids).size).toBe(ids.length);
    let unsent = 0;
    for (const intent of intents) {
      const legs = [...orders.values()].filter(({ intentId, purpose }) => intentId === intent && purpose === 'leg');
      expect(legs.map(({ leg, state }) => [leg, FINAL_ORDER_STATES.includes(state)]).toSorted()).toEqual([[0, true], [1, true]]);
      for (const { id, state, reason, filledSize } of legs.filter((leg) => !ids.includes(leg.id))) {
        // Only where the machine stood still for longer than an order may take on its way, and the venue said so.
        expect([state, filledSize, reason]).toEqual(['rejected', '0', expect.stringMatching(/^REQUEST_TOO_OLD/)]);
        expect(arena.cameTooLate).toContain(id);
        unsent++;
      }
    }
    // Nothing stands at a venue of which the stream does not know.
    for (const id of ids) expect(orders.has(id)).toBe(true);
    const traded = VENUES.flatMap((venue) => {
      const journal = arena.journal(venue);
      const clientIds = new Map(journal.flatMap((record) => (record.kind === 'accepted' ? [[record.venueOrderId, record.request.clientId]] : [])));
      return journal.flatMap((record) => record.kind === 'fill' ? [`${clientIds.get(record.order)}-${record.fill.tradeId} ${record.fill.size}@${record.fill.price}`] : []);
    });
    const told = (await arena.fills()).map(({ id, size, price }) => `${id} ${size}@${price}`);
    expect(told.length).toBeGreaterThan(0);
    expect(told.toSorted()).toEqual(traded.toSorted());
    const fates: Record<string, number> = {};
    for (const { purpose, venue, state } of orders.values()) fates[`${purpose} ${venue} ${state}`] = (fates[`${purpose} ${venue} ${state}`] ?? 0) + 1;
    const report = { kills, inFlight, approvals: intents.length, orders: orders.size, atVenues: ids.length, fills: told.length, unsent, fates };
    console.log(`kill test: ${JSON.stringify(report)}`);
    expect(kills).toBe(FATAL_STEPS.length * KILLS_PER_STEP);
    expect(inFlight).toBeGreaterThan(0);
  });
});
