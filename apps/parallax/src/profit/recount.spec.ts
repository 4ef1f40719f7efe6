import type { Fill, InstrumentSpecification, Order, Profit } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { differencesOf } from './differences.js';
import { recount, type AccountRecount } from './recount.js';

const spot = (venue: string): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false, contractSize: '1',
  priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5', status: 'trading', version: 1, source: 'listing',
});
const inverse = (venue: string): InstrumentSpecification =>
  ({ ...spot(venue), symbol: 'BTC/USD:BTC', quote: 'USD', settle: 'BTC', kind: 'swap', inverse: true, contractSize: '100' });
const INSTRUMENTS = [spot('binance'), spot('okx'), spot('kraken'), inverse('binancecoinm'), inverse('okx')];

let number = 0;
const fill = (intentId: string, leg: number, purpose: Fill['purpose'], venue: string, side: 'buy' | 'sell', size: string, price: string, more: Partial<Fill> = {}): Fill => ({
  id: `f${++number}`, orderId: `o${number}`, intentId, leg, purpose, account: 'paper', strategy: 's', venue, symbol: 'BTC/USDT', side, price, size, fee: '0.1',
  feeCurrency: 'USDT', liquidity: 'taker', atUs: number, ...more,
});
const told = ({ cash, fees, held, otherFees, base, ...rest }: AccountRecount) => ({
  ...rest, cash: String(cash), fees: String(fees), held: String(held), otherFees: Object.fromEntries([...otherFees].map(([name, amount]) => [name, String(amount)])),
  base: Object.fromEntries([...base].map(([name, amount]) => [name, String(amount)])),
});

const FILLS = [
  // Bought 1 at 99.4 on average; a quarter sold, half hedged, a tenth taken back: 0.15 stand alone.
  fill('a', 0, 'leg', 'binance', 'buy', '0.5', '99'), fill('a', 0, 'leg', 'binance', 'buy', '0.5', '99.8'), fill('a', 1, 'leg', 'okx', 'sell', '0.25', '102'),
  fill('a', 1, 'hedge', 'kraken', 'sell', '0.5', '100.2', { fee: '0.01', feeCurrency: 'BNB' }), fill('a', 1, 'reverse', 'binance', 'sell', '0.1', '98'),
  // Of what was bought a fee is kept back; the sale leads by it.
  fill('b', 0, 'leg', 'okx', 'buy', '1', '100', { fee: '0.001', feeCurrency: 'BTC' }), fill('b', 1, 'leg', 'binance', 'sell', '1', '101'),
];

test('cash, fees and what stands alone, from fills alone, each once', () => {
  expect(recount([...FILLS, ...FILLS.slice(0, 3)], INSTRUMENTS, []).map(told)).toEqual([{
    account: 'paper', currency: 'USDT', plans: 2, fills: 7, divided: false,
    // a: −99.4 + 25.5 + 50.1 + 9.8 − 4 × 0.1; b: 101 − 100 − 0.1.
    cash: '-13.5', fees: '-0.6', otherFees: { BNB: '-0.01' },
    // 0.15 at 99.4, and 0.001 sold at 101.
    held: '-14.809', base: { BTC: '0.149' },
  }]);
});

test('an inverse contract is valued at its leg’s plan price, which its order tells', () => {
  const swaps = [
    fill('c', 0, 'leg', 'binancecoinm', 'buy', '500', '49900', { symbol: 'BTC/USD:BTC', fee: '0.0001', feeCurrency: 'BTC' }),
    fill('c', 1, 'reverse', 'binancecoinm', 'sell', '300', '49800', { symbol: 'BTC/USD:BTC', fee: '0', feeCurrency: 'BTC' }),
  ];
  expect(() => recount(swaps, INSTRUMENTS, [])).toThrow(/the order of its plan’s leg, which tells the price that it is valued at, is not known/);
  const order = { id: 'x', intentId: 'c', leg: 0, purpose: 'leg', price: '50000' } as Order;
  // One BTC at the plan's 50,000: bought for 49,900; 0.6 of it sold at 49,800; the fee is worth 4.99.
  expect(recount(swaps, INSTRUMENTS, [order]).map(told)).toMatchObject([{ currency: 'USD', cash: '-20024.99', fees: '-4.99', held: '-19960', base: { BTC: '0.4' } }]);
});

test('a fill that does not say what its order was for is asked of the order, and what is not known is said', () => {
  const old = FILLS.slice(0, 5).map((one) => ({ ...one, purpose: undefined }));
  expect(() => recount(old, INSTRUMENTS, [])).toThrow(/its order is not known/);
  const orders = FILLS.map(({ orderId, purpose, leg }) => ({ id: orderId, purpose, leg }) as Order);
  expect(recount(old, INSTRUMENTS, orders).map(told)).toMatchObject([{ cash: '-14.4', held: '-14.91' }]);
  expect(() => recount(FILLS, [], [])).toThrow(/the instrument binance:BTC\/USDT is not known/);
});

test('a profit that keeps to its fills differs in nothing; each amount that does not is named', () => {
  const [counted] = recount(FILLS, INSTRUMENTS, []);
  const profit: Profit = {
    account: 'paper', currency: 'USDT', plans: 2, fills: 7, sinceUs: 1, causes: { spread: '1.7', slippage: '0.8', exitCost: '-0.6', fees: '-0.6', evened: '0.009' },
    realised: '1.309', open: [{ base: 'BTC', size: '0.149', cost: '14.818', instrument: 'binance:BTC/USDT', mark: '100', markedBy: 'okx:BTC/USDT', value: '14.9' }],
    openProfit: '0.082', total: '1.4', cash: '-13.5', dust: [], otherFees: { BNB: '-0.01' }, atUs: 9,
  };
  // Spread, slippage and exits together: −13.5 + 0.6 + 14.809.
  const right: Profit = { ...profit, causes: { ...profit.causes, slippage: '0.809' }, realised: '1.318' };
  expect(differencesOf(right, counted)).toEqual([]);
  // As it was told once: what a leg won that was taken back counted, and its counterpart was held.
  expect(differencesOf({ ...right, causes: { ...right.causes, slippage: '2.609' }, realised: '3.118' }, counted)).toEqual([
    'spread, slippage and exit costs: 3.709 was told, 1.909 follows', 'realised less the cost of what is open: -11.7 was told, -13.5 follows',
  ]);
  expect(differencesOf({ ...right, otherFees: {}, total: '2' }, counted)).toEqual(['fees in BNB: 0 was told, -0.01 follows', 'total: 2 was told, 1.4 follows']);
  expect(differencesOf({ ...right, open: [] }, counted)).toContain('BTC that stand alone: 0 was told, 0.149 follows');
});
