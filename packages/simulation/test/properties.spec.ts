import { LadderBook } from '@parallax/book';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Lifetime, MatchingEngine, probabilisticQueue, riskAverseQueue, type MatchSink } from '../src/index.js';
import { FRONT_UNKNOWN } from '../src/resting-orders.js';
import { bookRow, specification, tradesRow } from './rows.js';

interface Placed { side: 1 | -1; price: number; size: number; filled: number; ended: boolean }

const level = fc.tuple(fc.integer({ min: 990, max: 1010 }), fc.integer({ min: 0, max: 60 }));
const step = fc.oneof(
  fc.record({ kind: fc.constant('book' as const), bids: fc.array(level, { maxLength: 4 }), asks: fc.array(level, { maxLength: 4 }), keyframe: fc.boolean() }),
  fc.record({ kind: fc.constant('trade' as const), price: fc.integer({ min: 990, max: 1010 }), size: fc.integer({ min: 1, max: 80 }), side: fc.constantFrom<1 | -1>(1, -1) }),
  fc.record({
    kind: fc.constant('order' as const), side: fc.constantFrom<1 | -1>(1, -1), price: fc.integer({ min: 990, max: 1010 }),
    size: fc.integer({ min: 2, max: 60 }), lifetime: fc.constantFrom(...Object.values(Lifetime)),
  }),
  fc.record({ kind: fc.constant('cancel' as const), order: fc.integer({ min: 0, max: 12 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Plays the steps and checks after each what must always hold; returns everything that was told. */
function play(steps: readonly Step[], probabilistic: boolean): string[] {
  const told: string[] = [];
  const orders: Placed[] = [];
  /** Fills of the step under way; trades bound what makers get, the shown depth what takers get. */
  let filledInStep = 0;
  const sink: MatchSink = {
    onRefused: (order, refusal) => { orders[order].ended = true; told.push(`${order} refused ${refusal}`); },
    onResting: (order, remaining) => { expect(remaining).toBe(orders[order].size - orders[order].filled); told.push(`${order} rests`); },
    onTaken: () => {},
    onFill: (order, price, size, maker) => {
      const placed = orders[order];
      expect(placed.ended).toBe(false);
      expect(size).toBeGreaterThan(0);
      placed.filled += size;
      filledInStep += size;
      expect(placed.filled).toBeLessThanOrEqual(placed.size);
      if (maker) expect(price).toBe(placed.price);
      else expect(price * placed.side).toBeLessThanOrEqual(placed.price * placed.side);
      told.push(`${order} ${size}@${price} ${maker}`);
    },
    onFilled: (order) => { expect(orders[order].filled).toBe(orders[order].size); orders[order].ended = true; told.push(`${order} filled`); },
    onExpired: (order, remaining) => { expect(remaining + orders[order].filled).toBe(orders[order].size); orders[order].ended = true; },
    onCancelled: (order, remaining) => { expect(remaining + orders[order].filled).toBe(orders[order].size); orders[order].ended = true; },
  };
  const queue = probabilistic ? probabilisticQueue(3) : riskAverseQueue;
  const engine = new MatchingEngine(specification, new LadderBook(1), { queue, depth: 'books' }, sink);
  engine.onBook(bookRow([[999, 40]], [[1001, 40]], { id: 1, keyframe: true }), 0);
  let id = 1;
  for (const next of steps) {
    filledInStep = 0;
    if (next.kind === 'book') engine.onBook(bookRow(next.bids, next.asks, { id: ++id, keyframe: next.keyframe }), id);
    else if (next.kind === 'trade') {
      engine.onTrades(tradesRow(next), id);
      expect(filledInStep).toBeLessThanOrEqual(next.size);
    } else if (next.kind === 'order') {
      orders.push({ side: next.side, price: next.price, size: next.size, filled: 0, ended: false });
      engine.submit(orders.length - 1, next.side, next.price, next.size, next.lifetime, id);
      const book = engine.book;
      const [prices, sizes] = [new Float64Array(64), new Float64Array(64)];
      const found = book.top(next.side === 1 ? 1 : 0, prices, sizes);
      let shown = 0;
      for (let i = 0; i < found; i++) if (prices[i] * next.side <= next.price * next.side) shown += sizes[i];
      expect(filledInStep).toBeLessThanOrEqual(shown);
    } else if (next.order < orders.length) engine.cancel(next.order, id);
    orders.forEach((placed, order) => {
      const front = engine.frontOf(order);
      if (placed.ended) expect(front).toBeNaN();
      else expect(Number.isInteger(front) && (front >= 0 || front === FRONT_UNKNOWN)).toBe(true);
    });
  }
  return told;
}

test.each([false, true])('whatever comes, sizes are conserved, limits kept, queues not negative, repeats alike (%s)', (probabilistic) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      expect(play(steps, probabilistic)).toEqual(play(steps, probabilistic));
    }),
    { numRuns: 400, seed: 7 },
  );
});
