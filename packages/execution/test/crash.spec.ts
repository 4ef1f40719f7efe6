import { Decimal } from 'decimal.js';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { approvedOf } from './scene.js';
import { World, type Behaviour } from './world.js';

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant({ fill: '1' }), fc.constant({}), fc.constant({ reject: true }), fc.constant({ fill: '0.4' }),
  fc.constant({ way: 'lost' as const }), fc.constant({ fill: '1', way: 'late' as const }), fc.constant({ fill: '1', way: 'unanswered' as const }),
  fc.constant({ fill: '0.6', way: 'unanswered' as const }), fc.constant({ fill: '0.3', rests: true }),
);

test('killed anywhere, any number of times, with any fate of any order: nothing is lost or doubled', () => {
  let inFlight = 0;
  fc.assert(
    fc.property(
      fc.array(behaviour, { minLength: 8, maxLength: 8 }),
      fc.array(fc.record({ steps: fc.nat(14), pauseUs: fc.nat(1_500_000) }), { maxLength: 5 }),
      fc.infiniteStream(fc.nat(3)),
      (behaviours, crashes, picks) => {
        let request = 0;
        const world = new World(() => behaviours[request++ % behaviours.length]);
        world.approve(approvedOf('a'));
        world.approve(approvedOf('b'));
        for (const { steps, pauseUs } of crashes) {
          // Stores keep their order; everything else of the shell may overtake.
          for (let i = 0; i < steps && world.tasks.length > 0; i++) {
            const pick = Math.min(picks.next().value as number, world.tasks.length - 1);
            const first = world.tasks.findIndex(({ name }) => name.startsWith('store'));
            world.step(world.tasks[pick].name.startsWith('store') ? first : pick);
          }
          if (world.core.orders.open().some(({ order }) => order.state !== 'created')) inFlight++;
          world.nowUs += pauseUs;
          world.crash();
        }
        world.pass(70_000_000);
        expect(world.core.running).toBe(0);
        expect(new Set(world.results.map(({ intentId }) => intentId))).toEqual(new Set(['a', 'b']));
        expect(world.acknowledged.size).toBe(2);
        // World.arrive throws when an order reaches a venue twice. What the venues filled is what the streams hold.
        const traded = [...world.atVenue.values()].flatMap(({ clientId, fills }) => fills.map(({ tradeId }) => `${clientId}-${tradeId}`));
        expect(world.fills.map(({ id }) => id).toSorted()).toEqual(traded.toSorted());
        // What the plans brought, by cause, is what the balances moved by; the first result of a plan stands.
        const first = new Map(world.results.toReversed().map((result) => [result.intentId, result]));
        const brought = (of: readonly ('total' | 'spread' | 'slippage' | 'fees' | 'exitCost' | 'held')[]): Decimal =>
          [...first.values()].flatMap((result) => of.map((cause) => result[cause])).reduce((sum, amount) => sum.plus(amount), new Decimal(0));
        const moved = ['binance', 'okx', 'kraken'].reduce((sum, venue) => sum.plus(world.core.ledger.balance('main', venue, 'USDT')), new Decimal(-100_000));
        expect(brought(['total']).toFixed()).toBe(moved.toFixed());
        expect(brought(['spread', 'slippage', 'fees', 'exitCost', 'held']).toFixed()).toBe(moved.toFixed());
        const last = new Map(world.orders.map(({ order }) => [order.id, order]));
        for (const [id, order] of last) {
          expect(['filled', 'cancelled', 'rejected', 'expired']).toContain(order.state);
          expect(new Decimal(order.filledSize).equals(world.atVenue.get(id)?.filledSize ?? '0')).toBe(true);
        }
        expect(world.orders.map(({ id }) => id)).toHaveLength(new Set(world.orders.map(({ id }) => id)).size);
      },
    ),
    { numRuns: 600, seed: 11 },
  );
  expect(inFlight).toBeGreaterThan(100);
});
