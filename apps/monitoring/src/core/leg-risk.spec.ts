import { beforeEach, expect, test } from '@jest/globals';
import { InstrumentTable, type Alert, type Fill, type PlanResult } from '@parallax/types';
import { AlertBoard } from './alert-board.js';
import { LegRisk } from './leg-risk.js';

const SECOND = 1_000_000;
let alerts: Alert[];
let risk: LegRisk;
let fills = 0;

beforeEach(() => {
  alerts = [];
  const instruments = new InstrumentTable();
  instruments.add({
    venue: 'binancecoinm', symbol: 'BTC/USD:BTC', venueSymbol: 'BTCUSD_PERP', base: 'BTC', quote: 'USD', settle: 'BTC', kind: 'swap', inverse: true,
    contractSize: '100', priceScale: 1, sizeScale: 0, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0', status: 'trading',
    version: 1, source: 'catalogue',
  });
  instruments.add({
    venue: 'okx', symbol: 'ETH/USDT', venueSymbol: 'ETH-USDT', base: 'ETH', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
    contractSize: '1', priceScale: 2, sizeScale: 4, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0', status: 'trading',
    version: 1, source: 'catalogue',
  });
  risk = new LegRisk(instruments, new AlertBoard((alert) => void alerts.push(alert)));
});
const fill = (plan: string, venue: string, side: 'buy' | 'sell', size: string, symbol = 'BTC/USDT', id = `f${++fills}`): Fill => ({
  id, orderId: 'o', intentId: plan, leg: 0, account: 'paper', strategy: 's', venue, symbol, side, price: '50000', size, fee: '0',
  feeCurrency: 'USDT', liquidity: 'taker', atUs: SECOND,
});
const result = (id: string, more: Partial<PlanResult> = {}): PlanResult => ({
  intentId: id, approvalId: 'a', account: 'paper', strategy: 's', outcome: 'completed', currency: 'USDT', spread: '0', slippage: '0', fees: '0',
  exitCost: '0', held: '0', total: '0', passedOver: {}, revision: 1, fillCount: 0, otherFees: {}, dust: null, finishedAtUs: 7 * SECOND, uneven: null, ...more,
});
const held = (id: string, more: Partial<PlanResult> = {}): PlanResult =>
  result(id, { outcome: 'held', uneven: { venue: 'okx', symbol: 'BTC/USDT', side: 'buy', size: '0.01', price: '50000' }, ...more });
const over = (): string[] => alerts.filter(({ resolved }) => resolved).map(({ subject, summary }) => `${subject}: ${summary}`);

test('a leg that stands alone is told with plan, account, venue and symbol, until the exposure is even again', () => {
  risk.onFill(fill('p1', 'okx', 'buy', '0.01'));
  risk.onResult(held('p1'));
  expect(alerts).toEqual([{
    id: 'plan.p1.leg.7000000', severity: 'critical', subject: 'plan.p1', resolved: false, sinceUs: 7 * SECOND, atUs: 7 * SECOND,
    summary: 'plan p1 of paper is held as planned: 0.01 BTC/USDT bought at okx stands alone',
  }]);
  // Another plan is uneven the other way between its legs, and even at its end.
  risk.onFill(fill('p2', 'kraken', 'sell', '0.01'));
  risk.judge(10 * SECOND);
  risk.onFill(fill('p2', 'okx', 'buy', '0.01'));
  risk.onResult(result('p2'));
  risk.judge(11 * SECOND);
  expect(over()).toEqual([]);
  // Evened at another venue, by contracts of 100 dollars.
  risk.onFill(fill('p3', 'binancecoinm', 'sell', '5', 'BTC/USD:BTC'));
  risk.onResult(result('p3'));
  risk.judge(12 * SECOND);
  expect(over()).toEqual(['plan.p1: what plan p1 left standing is even again']);
});

test('exits that all failed say why; a part of two that is evened clears neither; what is told twice counts once', () => {
  for (const id of ['a', 'a']) risk.onFill(fill('p1', 'okx', 'buy', '0.01', 'BTC/USDT', id));
  // The second was under way when the first ended.
  risk.onFill(fill('p2', 'okx', 'buy', '0.01'));
  risk.onResult(held('p1', { outcome: 'exits-exhausted', passedOver: { 0: 'no fresh quote', 1: 'it would cost more than 3' } }));
  for (let i = 0; i < 2; i++) risk.onResult(held('p2'));
  expect(alerts.map(({ summary }) => summary)).toEqual([
    expect.stringContaining('plan p1 of paper has no way out left (no fresh quote; it would cost more than 3): 0.01 BTC/USDT bought'),
    expect.stringContaining('plan p2'),
  ]);
  for (const plan of ['p3', 'p4']) {
    expect(over()).toEqual([]);
    risk.onFill(fill(plan, 'okx', 'sell', '0.01'));
    risk.onResult(result(plan));
    risk.judge(10 * SECOND);
  }
  expect(over()).toHaveLength(2);
});

test('a fill without a plan evens it too, once no plan can be behind it any more', () => {
  risk.onFill(fill('p1', 'okx', 'buy', '0.01'));
  risk.onResult(held('p1'));
  risk.onFill(fill('by hand', 'okx', 'sell', '0.01'));
  risk.judge(100 * SECOND);
  expect(over()).toEqual([]);
  risk.judge(700 * SECOND);
  expect(over()).toHaveLength(1);
});

test('a person’s word that it was evened elsewhere clears one plan alone', () => {
  for (const plan of ['p1', 'p2']) risk.onFill(fill(plan, 'okx', 'buy', '0.01'));
  for (const plan of ['p1', 'p2']) risk.onResult(held(plan));
  const entry = { id: 'e', account: 'paper', who: 'ada', why: 'sold at the venue by hand', service: 'gateway', atUs: 9 * SECOND } as const;
  risk.onAudit({ ...entry, action: 'resume' });
  risk.onAudit({ ...entry, action: 'evened', plan: 'p1' });
  expect(over()).toEqual(['plan.p1: ada says that what plan p1 left standing was evened: sold at the venue by hand']);
});

test('a word from before the end that left it standing is not about that', () => {
  risk.onFill(fill('p1', 'okx', 'buy', '0.01'));
  risk.onResult(held('p1', { finishedAtUs: 7 * SECOND }));
  risk.onResult(held('p1', { revision: 2, finishedAtUs: 9 * SECOND }));
  const word = { id: 'e', account: 'paper', who: 'ada', why: 'sold by hand', service: 'gateway', action: 'evened', plan: 'p1' } as const;
  risk.onAudit({ ...word, atUs: 8 * SECOND });
  expect(alerts.at(-1)).toMatchObject({ resolved: false });
  risk.onAudit({ ...word, atUs: 9 * SECOND });
  expect(alerts.at(-1)).toMatchObject({ resolved: true });
});

test('what no order can be small enough for is nobody’s trouble', () => {
  risk.onFill(fill('p1', 'okx', 'buy', '0.01'));
  risk.onFill(fill('p1', 'kraken', 'sell', '0.0099'));
  risk.onResult(result('p1', { dust: { venue: 'okx', symbol: 'BTC/USDT', side: 'buy', size: '0.0001', price: '50000' } }));
  risk.judge(30 * SECOND);
  expect(alerts).toEqual([]);
});

test('a plan that a late fill took up again is told as it ended then: with less, or even', () => {
  risk.onFill(fill('p1', 'okx', 'buy', '0.01'));
  risk.onResult(held('p1'));
  const less = { venue: 'okx', symbol: 'BTC/USDT', side: 'buy', size: '0.006', price: '50000' } as const;
  const reason = 'no way out was found within 60 s';
  for (let i = 0; i < 2; i++) risk.onResult(held('p1', { revision: 2, uneven: less, reason, finishedAtUs: 8 * SECOND }));
  expect(alerts.map(({ summary }) => summary).slice(1)).toEqual([
    'plan p1 was taken up again and ended with another rest',
    `plan p1 of paper is held (${reason}): 0.006 BTC/USDT bought at okx stands alone`,
  ]);
  // The first end, told again, is old.
  risk.onResult(held('p1'));
  risk.onResult(result('p1', { revision: 3, finishedAtUs: 9 * SECOND }));
  expect(over().at(-1)).toBe('plan.p1: plan p1 was taken up again and ended even');
  risk.onResult(held('p1'));
  expect(alerts).toHaveLength(4);
});

test('of two legs that stand alone the later one may be evened first', () => {
  risk.onFill(fill('p1', 'okx', 'buy', '0.01'));
  risk.onResult(held('p1'));
  risk.onFill(fill('p2', 'okx', 'buy', '2', 'ETH/USDT'));
  risk.onResult(held('p2', { uneven: { venue: 'okx', symbol: 'ETH/USDT', side: 'buy', size: '2', price: '3000' } }));
  risk.onFill(fill('p3', 'okx', 'sell', '2', 'ETH/USDT'));
  risk.onResult(result('p3'));
  risk.judge(10 * SECOND);
  expect(over()).toEqual(['plan.p2: what plan p2 left standing is even again']);
});

test('a result may come before the fills that it counts: they stand alone all the same', () => {
  risk.onResult(held('p1', { fillCount: 2 }));
  risk.onFill(fill('p1', 'okx', 'buy', '0.006'));
  risk.onFill(fill('p1', 'okx', 'buy', '0.004'));
  risk.judge(10 * SECOND);
  expect(over()).toEqual([]);
  risk.onFill(fill('p2', 'okx', 'sell', '0.01'));
  risk.judge(11 * SECOND);
  expect(over()).toEqual([]);
  risk.onResult(result('p2', { fillCount: 1 }));
  risk.judge(12 * SECOND);
  expect(over()).toHaveLength(1);
});

test('a fee that a venue took out of what was bought is not held', () => {
  // Of 2 that were bought 0.2 were the fee: 1.8 stand alone, and a sale of 1.8 evens them.
  risk.onFill({ ...fill('p1', 'okx', 'buy', '2', 'ETH/USDT'), fee: '0.2', feeCurrency: 'ETH' });
  risk.onResult(held('p1', { uneven: { venue: 'okx', symbol: 'ETH/USDT', side: 'buy', size: '1.8', price: '3000' } }));
  risk.onFill(fill('p2', 'okx', 'sell', '1.8', 'ETH/USDT'));
  risk.onResult(result('p2'));
  risk.judge(10 * SECOND);
  expect(over()).toHaveLength(1);
});

test('plans that ended even are nobody’s trouble', () => {
  risk.onResult(result('p1', { outcome: 'exited' }));
  risk.judge(30 * SECOND);
  expect(alerts).toEqual([]);
});
