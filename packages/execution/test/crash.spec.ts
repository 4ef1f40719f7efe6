import { Money } from '@parallax/money';
import type { Fill, PlanResult, UnevenLeg } from '@parallax/types';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { approvedOf, options as defaults } from './scene.js';
import { World, type Behaviour } from './world.js';

const SECOND = 1_000_000;
const VENUES = ['binance', 'okx', 'kraken'];
const options = { ...defaults, exitPatienceUs: 15 * SECOND };

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant({ fill: '1' }), fc.constant({}), fc.constant({ reject: true }), fc.constant({ fill: '0.4' }),
  fc.constant({ way: 'lost' as const }), fc.constant({ fill: '1', way: 'late' as const }), fc.constant({ fill: '1', way: 'unanswered' as const }),
  fc.constant({ fill: '0.6', way: 'unanswered' as const }), fc.constant({ fill: '0.3', rests: true }),
  fc.constant({ fill: '1', baseFee: '0.0013' }), fc.constant({ fill: '0.7', baseFee: '0.07' }),
  fc.constant({ later: '1', laterUs: 500_000 }), fc.constant({ fill: '0.2', later: '0.5', laterUs: 3 * SECOND }),
  fc.constant({ later: '0.9', laterUs: 40 * SECOND, baseFee: '0.001' }),
);
/** What a kill comes after, and what has become of the market and of halts since the one before. */
const chapter = fc.record({
  steps: fc.nat(14), pauseUs: fc.nat(1_500_000), passUs: fc.constantFrom(0, 0, 0, 3 * SECOND, 9 * SECOND), market: fc.constantFrom('none', 'dear', 'good'), halted: fc.constantFrom(false, false, true),
});

const sum = (amounts: readonly (Money | string | number)[]): Money => amounts.reduce<Money>((total, amount) => total.plus(amount), new Money(0));
const signed = ({ side, size }: { side: 'buy' | 'sell'; size: string }): Money => new Money(side === 'buy' ? size : `-${size}`);
/** Base units that the fills brought, fees in base taken off. */
const netBase = (fills: readonly Fill[]): Money =>
  sum(fills.flatMap((fill) => [signed(fill), fill.feeCurrency === 'BTC' ? new Money(fill.fee).neg() : 0]));
const left = ({ uneven, dust }: PlanResult): Money => sum([uneven, dust].filter((rest): rest is UnevenLeg => rest !== null).map(signed));

function setMarket(world: World, market: 'none' | 'dear' | 'good'): void {
  const bid = { none: null, dear: '95.00', good: '99.50' }[market];
  for (const venue of VENUES) {
    if (bid === null) world.market.delete(venue);
    else world.quote(venue, bid, market === 'dear' ? '112.00' : '101.50');
  }
}

test('killed anywhere, any number of times, with any fate of any order: nothing is lost or doubled', () => {
  const seen = { inFlight: 0, waiting: 0, reopened: 0, dust: 0, uneven: 0, exited: 0, halted: 0 };
  fc.assert(
    fc.property(
      fc.array(behaviour, { minLength: 8, maxLength: 8 }),
      fc.array(chapter, { maxLength: 5 }),
      fc.infiniteStream(fc.nat(3)),
      (behaviours, chapters, picks) => {
        let request = 0;
        const world = new World(() => behaviours[request++ % behaviours.length], options);
        world.approve(approvedOf('a'));
        world.approve(approvedOf('b'));
        for (const { steps, pauseUs, passUs, market, halted } of chapters) {
          setMarket(world, market);
          world.halt('main', { halted, by: 'someone', reason: 'a test', atUs: world.nowUs });
          // Stores keep their order; everything else of the shell may overtake.
          for (let i = 0; i < steps && world.tasks.length > 0; i++) {
            const pick = Math.min(picks.next().value as number, world.tasks.length - 1);
            const first = world.tasks.findIndex(({ name }) => name.startsWith('store'));
            world.step(world.tasks[pick].name.startsWith('store') ? first : pick);
          }
          if (passUs > 0) world.pass(passUs);
          if (world.core.orders.open().some(({ order }) => order.state !== 'created')) seen.inFlight++;
          if (world.core.counters.waitingForExit > 0) seen.waiting++;
          if (halted) seen.halted++;
          world.nowUs += pauseUs;
          world.crash();
        }
        world.passUntilOver();
        world.crash();
        world.passUntilOver();
        expect(world.core.running).toBe(0);
        const newest = world.newest();
        expect(new Set(newest.keys())).toEqual(new Set(['a', 'b']));
        expect(world.acknowledged.size).toBe(2);
        // World.arrive throws when an order reaches a venue twice. What the venues filled is what the streams hold.
        const traded = [...world.atVenue.values()].flatMap(({ clientId, fills }) => fills.map(({ tradeId }) => `${clientId}-${tradeId}`));
        expect(world.fills.map(({ id }) => id).toSorted()).toEqual(traded.toSorted());
        // What the plans brought, by cause, is what the balances moved by; the newest result of a plan stands.
        const brought = (of: readonly ('total' | 'spread' | 'slippage' | 'fees' | 'exitCost' | 'held')[]): Money =>
          sum([...newest.values()].flatMap((result) => of.map((cause) => result[cause])));
        const moved = sum([-100_000, ...VENUES.map((venue) => world.core.ledger.balance('main', venue, 'USDT'))]);
        expect(brought(['total']).toFixed()).toBe(moved.toFixed());
        expect(brought(['spread', 'slippage', 'fees', 'exitCost', 'held']).toFixed()).toBe(moved.toFixed());
        // So does the account's profit, which a rebuilt core tells from the results.
        const profits = world.core.profits(world.nowUs);
        expect(sum(profits.map(({ cash }) => cash)).toFixed()).toBe(moved.toFixed());
        expect(sum(profits.flatMap(({ realised, open }) => [realised, ...open.map(({ cost }) => new Money(cost).negated())])).toFixed()).toBe(moved.toFixed());
        expect(sum(profits.map(({ fills }) => fills)).toFixed()).toBe(String(world.fills.length));
        const position = sum(VENUES.map((venue) => world.core.ledger.exposure('main', venue, 'BTC/USDT').toFixed()));
        expect(position.toFixed()).toBe(sum(VENUES.map((venue) => world.core.ledger.balance('main', venue, 'BTC'))).toFixed());
        for (const [intentId, result] of newest) {
          // Every end is told once, the newest counts every fill, and it says to the last digit what it left.
          const ends = world.results.filter((each) => each.intentId === intentId);
          expect(ends.map(({ revision }) => revision)).toEqual(ends.map((_, at) => at + 1));
          const fills = world.fills.filter((fill) => fill.intentId === intentId);
          expect(result.fillCount).toBe(fills.length);
          expect(left(result).toDecimalPlaces(15).toFixed()).toBe(netBase(fills).toDecimalPlaces(15).toFixed());
          const heldBack = result.outcome === 'held' || result.outcome === 'exits-exhausted';
          expect([result.uneven !== null, result.reason !== undefined]).toEqual([heldBack, heldBack]);
          if (result.dust) expect(new Money(result.dust.size).times('101.50').lessThan(5)).toBe(true);
          seen.reopened += ends.length - 1;
          seen.dust += result.dust ? 1 : 0;
          seen.uneven += result.uneven ? 1 : 0;
          seen.exited += result.outcome === 'exited' ? 1 : 0;
        }
        const dust = sum([...newest.values()].flatMap((result) => (result.dust ? [signed(result.dust)] : [])));
        expect(sum(world.core.dust().map(({ size }) => size)).toFixed()).toBe(dust.toFixed());
        const last = new Map(world.orders.map(({ order }) => [order.id, order]));
        for (const [id, order] of last) {
          expect(['filled', 'cancelled', 'rejected', 'expired']).toContain(order.state);
          expect(new Money(order.filledSize).equals(world.atVenue.get(id)?.filledSize ?? '0')).toBe(true);
        }
        expect(world.orders.map(({ id }) => id)).toHaveLength(new Set(world.orders.map(({ id }) => id)).size);
      },
    ),
    { numRuns: 400, seed: 11 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
});
