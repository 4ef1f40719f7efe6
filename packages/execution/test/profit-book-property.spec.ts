import { ProfitBook, type ProfitSnapshot, Marks } from '../src/index.js';
import { Ratio } from '@parallax/testing';
import type { PlanResult, Profit } from '@parallax/types';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instruments } from './scene.js';

const table = instruments();
const specificationOf = (venue: string, symbol: string) => table.get(table.find(venue, symbol));
const NOW = 10_000_000;

const amount = fc.integer({ min: -50_000, max: 50_000 }).map((thousandths) => (thousandths / 1_000).toFixed(3));
const draft = fc.record({
  plan: fc.nat(11), venue: fc.constantFrom('binance', 'okx', 'kraken'), side: fc.constantFrom('buy' as const, 'sell' as const),
  rest: fc.constantFrom('none', 'none', 'uneven', 'dust'), size: fc.integer({ min: 1, max: 9 }), price: fc.integer({ min: 70, max: 130 }),
  spread: amount, slippage: amount, exitCost: amount, fees: amount, other: amount, pauseUs: fc.integer({ min: 1, max: 50 }),
});
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

const sum = (amounts: readonly string[]): Ratio => amounts.reduce((all, one) => all.plus(Ratio.of(one)), Ratio.zero);

/** Ends of plans in the order in which they came about; a plan that ends again ends with its next revision. */
function resultsOf(drafts: readonly Draft[]): PlanResult[] {
  const revisions = new Map<number, number>();
  let atUs = 1_000;
  return drafts.map(({ plan, venue, side, rest, size, price, spread, slippage, exitCost, fees, other, pauseUs }) => {
    const revision = (revisions.get(plan) ?? 0) + 1;
    revisions.set(plan, revision);
    atUs += pauseUs;
    const held = rest === 'none' ? '0' : String(size * price * (side === 'buy' ? -1 : 1));
    const leg = { venue, symbol: 'BTC/USDT', side, size: String(size), price: String(price) };
    const total = [spread, slippage, exitCost, fees, held].reduce((all, one) => all + Math.round(Number(one) * 1_000), 0);
    return {
      intentId: `i${plan}`, approvalId: 'a', account: 'main', strategy: 's', revision, fillCount: revision + 1, firstFillAtUs: 500 + plan, outcome: 'exited',
      currency: 'USDT', spread, slippage, exitCost, fees, otherFees: { BNB: other }, held, total: (total / 1_000).toFixed(3), passedOver: {},
      uneven: rest === 'uneven' ? leg : null, dust: rest === 'dust' ? leg : null, finishedAtUs: atUs,
    };
  });
}

const told = (book: ProfitBook): Profit | undefined => book.profits(new Marks(table, () => undefined), NOW)[0];

/** Results are stored in the order in which they came about. */
function bookOf(results: readonly PlanResult[], snapshot?: ProfitSnapshot, places?: ReadonlyMap<PlanResult, number>): ProfitBook {
  const book = new ProfitBook(specificationOf);
  if (snapshot) book.restore(JSON.parse(JSON.stringify(snapshot)) as ProfitSnapshot);
  results.forEach((result, at) => book.onResult(result, places?.get(result) ?? at + 1));
  return book;
}

test('whatever is told, told again, settled and restored: realised less the cost of what stands open is the cash, and no book says otherwise', () => {
  let opened = 0;
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.nat(1_000)), (drafts, chance) => {
      const results = resultsOf(drafts);
      const pick = (below: number): number => (chance.next().value as number) % below;
      const plain = told(bookOf(results))!;
      const newest = new Map(results.map((result) => [result.intentId, result]));
      const cash = sum([...newest.values()].map(({ total }) => total));
      expect([plain.cash, cash.equals(plain.cash)]).toEqual([plain.cash, true]);
      expect(sum([plain.realised]).minus(sum(plain.open.map(({ cost }) => cost))).equals(plain.cash)).toBe(true);
      expect(sum(Object.values(plain.causes)).equals(plain.realised)).toBe(true);
      const legs = [...newest.values()].flatMap(({ uneven, dust }) => uneven ?? dust ?? []);
      const size = sum(legs.map((leg) => (leg.side === 'buy' ? leg.size : `-${leg.size}`)));
      expect(size.equals(plain.open[0]?.size ?? '0')).toBe(true);
      expect(plain).toMatchObject({ plans: newest.size, fills: [...newest.values()].reduce((count, { fillCount }) => count + fillCount, 0) });
      if (plain.open.length > 0) opened++;

      // Told in another order, and each of them twice.
      const places = new Map(results.map((result, at) => [result, at + 1]));
      const shuffled = [...results, ...results].map((result) => ({ result, at: pick(1_000) })).toSorted((a, b) => a.at - b.at).map(({ result }) => result);
      expect(told(bookOf(shuffled, undefined, places))).toEqual(plain);

      // As it came about, with plans settled and the book written down and read again in between.
      let book = new ProfitBook(specificationOf);
      results.forEach((result, at) => {
        const isLive = pick(2) === 0;
        book.onResult(result, isLive ? null : at + 1);
        if (isLive) book.onStored(result, at + 1);
        const endsAgain = new Set(results.slice(at + 1).map(({ intentId }) => intentId));
        if (pick(4) === 0) book.settle(result.finishedAtUs - pick(30), (intentId) => endsAgain.has(intentId));
        if (pick(6) !== 0) return;
        book = bookOf(results.slice(0, at + 1), book.toJSON());
        expect(told(book)).toEqual(told(bookOf(results.slice(0, at + 1))));
      });
      expect(told(book)).toEqual(plain);
      const [last] = results.slice(-1);
      book.settle(last.finishedAtUs, () => false);
      expect(told(book)).toEqual(plain);
      expect(told(bookOf([], book.toJSON()))).toEqual(plain);
      expect(told(bookOf(results, book.toJSON()))).toEqual(plain);
    }),
    { numRuns: 400, seed: 3 },
  );
  expect(opened).toBeGreaterThan(100);
});

test('whatever the clocks said when plans ended and were settled: each plan counts once, over restarts too', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(draft, fc.integer({ min: -500, max: 500 })), { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.nat(2_000)), (drafts, chance) => {
      const results = resultsOf(drafts.map(([one]) => one)).map((result, at) => ({ ...result, finishedAtUs: result.finishedAtUs + drafts[at][1] }));
      const pick = (below: number): number => (chance.next().value as number) % below;
      const counted = (book: ProfitBook): unknown => {
        const { plans = 0, fills = 0, cash = '0' } = told(book) ?? {};
        return { plans, fills, cash };
      };
      const plain = (at: number): unknown => counted(bookOf(results.slice(0, at)));
      let book = new ProfitBook(specificationOf);
      results.forEach((result, at) => {
        book.onResult(result, null);
        if (pick(3) === 0) book.settle(pick(2_000), () => false);
        book.onStored(result, at + 1);
        const endsAgain = new Set(results.slice(at + 1).map(({ intentId }) => intentId));
        if (pick(3) === 0) book.settle(pick(2_000), (intentId) => endsAgain.has(intentId));
        if (pick(4) === 0) book = bookOf(results.slice(0, at + 1), book.toJSON());
        expect(counted(book)).toEqual(plain(at + 1));
      });
    }),
    { numRuns: 400, seed: 5 },
  );
});
