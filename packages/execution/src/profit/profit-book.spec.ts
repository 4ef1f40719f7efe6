import { layoutOf, Quote, QUOTE_COLUMNS, RowKind, type PlanResult, type Profit, type Row, type UnevenLeg } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { instruments } from '../../test/scene.js';
import { QuoteMemory } from '../quote-memory.js';
import { Marks } from './marks.js';
import { ProfitBook, type ProfitSnapshot } from './profit-book.js';

const table = instruments();
const NOW = 1_000_000_000;
const AGE = 2_000_000;

let number = 0;
/** A plan that cost its held amount and brought half a dollar. */
function resultOf(more: Partial<PlanResult> = {}): PlanResult {
  const result = {
    intentId: `i${++number}`, approvalId: 'a', account: 'main', strategy: 's', revision: 1, fillCount: 2, firstFillAtUs: number * 1_000,
    outcome: 'completed' as const, currency: 'USDT', spread: '1', slippage: '0.25', fees: '-0.5', exitCost: '-0.25', otherFees: {}, held: '0',
    passedOver: {}, uneven: null, dust: null, finishedAtUs: number * 1_000 + 10, ...more,
  };
  const total = [result.spread, result.slippage, result.fees, result.exitCost, result.held].reduce((sum, one) => sum + Number(one), 0);
  return { total: total.toFixed(9), ...result };
}
const leg = (side: 'buy' | 'sell', size: string, price: string, venue = 'binance', symbol = 'BTC/USDT'): UnevenLeg => ({ venue, symbol, side, size, price });
/** A plan that left so much standing alone; it brought nothing else. */
const alone = (side: 'buy' | 'sell', size: string, price: string, more: Partial<PlanResult> = {}): PlanResult => resultOf({
  outcome: 'held', spread: '0', slippage: '0', fees: '0', exitCost: '0', held: String(Number(size) * Number(price) * (side === 'buy' ? -1 : 1)),
  uneven: leg(side, size, price), ...more,
});

function quoteOf(bid: number, ask: number, more: Partial<Record<keyof typeof Quote, number>> = {}): Row {
  const row = new Float64Array(QUOTE_COLUMNS);
  const columns = { layout: layoutOf(RowKind.quote), specificationVersion: 1, trust: 1, bidPrice: bid, askPrice: ask, changedAtUs: NOW, provenAtUs: NOW, ...more };
  for (const [name, value] of Object.entries(columns)) row[Quote[name as keyof typeof Quote]] = value;
  return row;
}
/** What the results make of it, with quotes by the instrument's number: 0 binance, 1 okx, 2 kraken. */
function profitOf(results: readonly PlanResult[], quotes: Readonly<Record<number, Row>> = {}): Profit {
  const book = new ProfitBook((venue, symbol) => (table.find(venue, symbol) < 0 ? undefined : table.get(table.find(venue, symbol))));
  results.forEach((result, at) => book.onResult(result, at + 1));
  const memory = new QuoteMemory(AGE);
  for (const [instrument, row] of Object.entries(quotes)) memory.keep(Number(instrument), row);
  const profits = book.profits(new Marks(table, (instrument, nowUs) => memory.fresh(instrument, nowUs)), NOW);
  expect(profits).toHaveLength(1);
  return profits[0];
}

test('plans add up exactly by cause, and it says since when', () => {
  const profit = profitOf([resultOf({ firstFillAtUs: 700, otherFees: { BNB: '-0.1', OKB: '-1' } }), resultOf({ firstFillAtUs: 500, otherFees: { BNB: '-0.2' } })]);
  expect(profit).toEqual({
    account: 'main', currency: 'USDT', plans: 2, fills: 4, sinceUs: 500,
    causes: { spread: '2', slippage: '0.5', exitCost: '-0.5', fees: '-1', evened: '0' },
    realised: '1', open: [], openProfit: '0', total: '1', cash: '1', dust: [], otherFees: { BNB: '-0.3', OKB: '-1' }, atUs: NOW,
  });
});

test('what stands alone is worth what it would fetch now, and nobody knows where no quote is', () => {
  const results = [resultOf(), alone('buy', '2', '100')];
  const unknown = profitOf(results);
  expect(unknown.open).toEqual([{ base: 'BTC', size: '2', cost: '200', instrument: 'binance:BTC/USDT', mark: null, markedBy: null, value: null }]);
  expect(unknown).toMatchObject({ realised: '0.5', openProfit: null, total: null, cash: '-199.5' });
  // 9,000 to 9,003 at two decimals: the middle is 90.015.
  const known = profitOf(results, { 0: quoteOf(9_000, 9_003) });
  expect(known.open).toMatchObject([{ mark: '90.015', markedBy: 'binance:BTC/USDT', value: '180.03' }]);
  expect(known).toMatchObject({ realised: '0.5', openProfit: '-19.97', total: '-19.47' });
});

test('the instrument’s own quote goes first; another venue’s counts where that is not to be believed', () => {
  const marked = (own: Row): string | null => profitOf([alone('buy', '1', '100')], { 0: own, 2: quoteOf(8_000, 8_002) }).open[0].markedBy;
  expect(marked(quoteOf(9_000, 9_002))).toBe('binance:BTC/USDT');
  const unfit: Partial<Record<keyof typeof Quote, number>>[] = [
    { trust: 2 }, { specificationVersion: 2 }, { bidPrice: 0 },
    // An hour old, and from an hour ahead.
    { changedAtUs: NOW - 3_600_000_000, provenAtUs: NOW - 3_600_000_000 }, { changedAtUs: NOW + 3_600_000_000, provenAtUs: NOW + 3_600_000_000 },
  ];
  for (const more of unfit) expect(marked(quoteOf(9_000, 9_002, more))).toBe('kraken:BTC/USDT');
  // The dollar is another currency than the tether.
  expect(profitOf([alone('buy', '1', '100')], { 3: quoteOf(9_000, 9_002) }).open[0].mark).toBeNull();
});

test('what another plan trades against it is told as evened, at average cost', () => {
  const [first, second, third] = [alone('buy', '1', '100'), alone('buy', '1', '110'), alone('sell', '1.5', '108')];
  // 1.5 of 2 bought at 105 are sold at 108; half of one stays.
  const profit = profitOf([first, second, third], { 0: quoteOf(10_000, 10_000) });
  expect(profit).toMatchObject({ causes: { evened: '4.5' }, realised: '4.5', cash: '-48', openProfit: '-2.5', total: '2' });
  expect(profit.open).toMatchObject([{ size: '0.5', cost: '52.5', value: '50' }]);
  // Through zero to the other side: the loss of the rest is told as what it is.
  expect(profitOf([first, second, third, alone('sell', '1', '90')])).toMatchObject({
    causes: { evened: '-3' }, open: [{ size: '-0.5', cost: '-45' }], cash: '42',
  });
});

test('in a share that does not divide, the last digit stays somewhere', () => {
  const profit = profitOf([alone('buy', '3', '100', { held: '-100' }), alone('sell', '1', '40')]);
  expect(profit).toMatchObject({ causes: { evened: '6.666666666666666667' }, open: [{ size: '2', cost: '66.666666666666666667' }], cash: '-60' });
});

test('a later revision replaces what the plan told before, in the sums and in what stands alone', () => {
  const bought = alone('buy', '1', '100');
  const sold = alone('sell', '1', '103');
  const late: PlanResult = { ...resultOf({ fees: '-0.1' }), intentId: bought.intentId, revision: 2, finishedAtUs: 9_000_000 };
  expect(profitOf([bought, sold])).toMatchObject({ plans: 2, causes: { evened: '3' }, open: [] });
  for (const results of [[bought, sold, late], [bought, late, bought, sold], [late, bought, sold, late]]) {
    expect(profitOf(results)).toMatchObject({ plans: 2, causes: { spread: '1', fees: '-0.1', evened: '0' }, realised: '0.9', open: [{ size: '-1', cost: '-103' }], cash: '103.9' });
  }
});

test('dust stands alone and is told by instrument', () => {
  const dust = (side: 'buy' | 'sell', size: string, venue: string): PlanResult =>
    alone(side, size, '100', { outcome: 'completed', uneven: null, dust: leg(side, size, '100', venue) });
  const profit = profitOf([dust('buy', '0.0003', 'okx'), dust('buy', '0.0001', 'okx'), dust('sell', '0.0004', 'kraken'), dust('sell', '0.0002', 'binance'), dust('buy', '0.0002', 'binance')]);
  expect(profit.dust).toEqual([{ venue: 'kraken', symbol: 'BTC/USDT', size: '-0.0004' }, { venue: 'okx', symbol: 'BTC/USDT', size: '0.0004' }]);
  expect(profit).toMatchObject({ open: [], realised: '0', cash: '0' });
});

test('contracts count in base units, and what is not known is not made up', () => {
  const inverse = alone('sell', '30', '60', { currency: 'USD', held: '1800', uneven: leg('sell', '30', '60', 'binancecoinm', 'BTC/USD:BTC') });
  expect(profitOf([inverse], { 3: quoteOf(5_000, 5_000) })).toMatchObject({ open: [{ base: 'BTC', size: '-30', cost: '-1800', value: '-1500' }], openProfit: '300' });
  const gone = alone('buy', '4', '10', { uneven: leg('buy', '4', '10', 'gone', 'X/USDT') });
  expect(profitOf([gone, alone('buy', '1', '100')], { 0: quoteOf(9_000, 9_000) })).toMatchObject({
    open: [{ base: 'BTC', value: '90' }, { base: 'gone:X/USDT', size: '4', cost: '40', value: null }], openProfit: null, total: null,
  });
});

test('accounts and currencies are kept apart, and plans that moved nothing count for none', () => {
  const book = new ProfitBook(() => undefined);
  for (const more of [{ account: 'a' }, { account: 'b' }, { account: 'a', currency: 'USDC' }]) book.onResult(resultOf(more), null);
  expect(book.onResult(resultOf({ account: 'c', fillCount: 0, spread: '0', slippage: '0', fees: '0', exitCost: '0', outcome: 'nothing-filled' }), 4)).toBe(false);
  const told = book.profits(new Marks(table, () => undefined), NOW);
  expect(told.map(({ account, currency, plans }) => `${account} ${currency} ${plans}`)).toEqual(['a USDT 1', 'b USDT 1', 'a USDC 1']);
});

test('results from before causes added up count as their cash', () => {
  // Told then: bought at 99.5 for 100, sold back at 99; the improvement as slippage, its counterpart under held.
  const old = resultOf({ spread: '0', slippage: '0.5', exitCost: '-0.5', fees: '0', held: '-0.5', total: '-0.5', firstFillAtUs: undefined, fillCount: 0, finishedAtUs: 77 });
  expect(profitOf([old])).toMatchObject({ causes: { slippage: '0', exitCost: '-0.5' }, realised: '-0.5', cash: '-0.5', open: [], sinceUs: 77 });
});

const cashOf = (book: ProfitBook): unknown => book.profits(new Marks(table, () => undefined), NOW).map(({ plans, cash }) => [plans, cash]);

test('a clock that was ahead while plans ended and were settled costs no plan that ends once it is right', () => {
  const before = resultOf({ intentId: 'before', finishedAtUs: NOW * 1_000 });
  const after = resultOf({ intentId: 'after', finishedAtUs: 6_000 });
  const live = new ProfitBook(() => undefined);
  live.onResult(before, 1);
  live.settle(NOW * 2_000, () => false);
  expect(live.onResult(after, null)).toBe(true);
  live.onStored(after, 2);
  expect(cashOf(live)).toEqual([[2, '1']]);
  const written = live.toJSON();
  const book = new ProfitBook(() => undefined);
  book.restore(written);
  // What is settled is told again, and counts once.
  expect(book.onResult(before, 1)).toBe(false);
  expect(book.onResult(after, 2)).toBe(true);
  expect(cashOf(book)).toEqual([[2, '1']]);
});

test('an end that lies ahead keeps nothing waiting: what was stored before a past result is past', () => {
  const book = new ProfitBook(() => undefined);
  book.onResult(resultOf({ finishedAtUs: NOW * 1_000 }), 1);
  book.onResult(resultOf({ finishedAtUs: 5_000 }), 2);
  book.onResult(resultOf({ finishedAtUs: 9_000 }), 3);
  book.settle(5_000, () => false);
  expect(book.toJSON()).toMatchObject({ settledThrough: 2, accounts: [{ sums: { plans: 2 } }] });
});

test('a result that is not stored yet may stand anywhere in the stream: nothing is settled until its place is known', () => {
  const [first, second] = [resultOf({ finishedAtUs: 5_000 }), resultOf({ finishedAtUs: 6_000 })];
  const book = new ProfitBook(() => undefined);
  book.onResult(first, null);
  book.onResult(second, 2);
  book.settle(NOW, () => false);
  expect(book.toJSON()).toMatchObject({ settledThrough: 0, accounts: [] });
  // The place of another revision says nothing of this one.
  book.onStored({ ...first, revision: 0 }, 7);
  book.settle(NOW, () => false);
  expect(book.toJSON()).toMatchObject({ settledThrough: 0, accounts: [] });
  book.onStored(first, 1);
  book.settle(NOW, () => false);
  expect(book.toJSON()).toMatchObject({ settledThrough: 2 });
});

test('a book that was written down by times counts each result once, until places stand in for the times', () => {
  const [settled, open] = [resultOf({ finishedAtUs: 5_000 }), resultOf({ finishedAtUs: 7_000 })];
  const written = new ProfitBook(() => undefined);
  written.onResult(settled, 1);
  written.settle(5_000, () => false);
  const { accounts } = written.toJSON();
  for (const stream of [[settled, open], [open, settled]]) {
    const restored = (snapshot: ProfitSnapshot): ProfitBook => {
      const book = new ProfitBook(() => undefined);
      book.restore(snapshot);
      stream.forEach((result, at) => book.onResult(result, at + 1));
      return book;
    };
    const book = restored({ settledUntilUs: 5_000, accounts });
    expect(cashOf(book)).toEqual([[2, '1']]);
    expect(cashOf(restored(book.toJSON()))).toEqual([[2, '1']]);
    book.settle(7_000, () => false);
    // The times are needed for as long as the places say less.
    expect(book.toJSON().settledUntilUs).toBe(stream[0] === settled ? undefined : 5_000);
    expect(cashOf(restored(book.toJSON()))).toEqual([[2, '1']]);
  }
});

test('a result that was stored twice, its first answer having been lost, counts once', () => {
  const [twice, other] = [resultOf({ finishedAtUs: 5_000 }), resultOf({ finishedAtUs: 6_000 })];
  const restored = (snapshot: ProfitSnapshot | null): ProfitBook => {
    const book = new ProfitBook(() => undefined);
    if (snapshot) book.restore(snapshot);
    [twice, other, twice].forEach((result, at) => book.onResult(result, at + 1));
    return book;
  };
  const book = restored(null);
  book.settle(5_000, () => false);
  expect(cashOf(restored(book.toJSON()))).toEqual([[2, '1']]);
  book.settle(6_000, () => false);
  expect(cashOf(restored(book.toJSON()))).toEqual([[2, '1']]);
});
