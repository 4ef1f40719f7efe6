import type { Fill } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { instruments } from '../test/scene.js';
import { Ledger } from './ledger.js';

const table = instruments();
let number = 0;
const fill = (venue: string, symbol: string, side: 'buy' | 'sell', price: string, size: string, fee = '0'): Fill => ({
  id: `f${++number}`, orderId: 'o', intentId: 'i', leg: 0, account: 'main', strategy: 's', venue, symbol, side, price, size, fee,
  feeCurrency: symbol === 'BTC/USDT' ? 'USDT' : 'BTC', liquidity: 'taker', atUs: number,
});
function ledgerOf(...fills: Fill[]): Ledger {
  const ledger = new Ledger();
  for (const each of fills) ledger.apply(each, table.get(table.find(each.venue, each.symbol)));
  return ledger;
}

test('average cost, realised profit, and through zero to the other side', () => {
  const spot = (side: 'buy' | 'sell', price: string, size: string) => fill('binance', 'BTC/USDT', side, price, size, '0.1');
  const ledger = ledgerOf(spot('buy', '100', '1'), spot('buy', '110', '1'), spot('sell', '120', '0.5'));
  expect(ledger.position('main', 's', 'binance', 'BTC/USDT')).toMatchObject({ size: '1.5', averagePrice: '105', realised: '7.5', fees: '0.3' });
  ledger.apply(spot('sell', '100', '2'), table.get(0));
  // 1.5 closed at 100 against 105 lose 7.5; 0.5 are now short at 100.
  expect(ledger.position('main', 's', 'binance', 'BTC/USDT')).toMatchObject({ size: '-0.5', averagePrice: '100', realised: '0' });
  ledger.apply(spot('buy', '90', '0.5'), table.get(0));
  expect(ledger.position('main', 's', 'binance', 'BTC/USDT')).toMatchObject({ size: '0', averagePrice: null, realised: '5' });
  expect([ledger.balance('main', 'binance', 'USDT'), ledger.balance('main', 'binance', 'BTC')]).toEqual(['4.5', '0']);
});

test('an inverse contract settles in the base currency', () => {
  const swap = (side: 'buy' | 'sell', price: string, size: string) => fill('binancecoinm', 'BTC/USD:BTC', side, price, size);
  const ledger = ledgerOf(swap('buy', '50000', '10'), swap('sell', '62500', '10'), swap('sell', '50000', '10'), swap('buy', '40000', '10'));
  // 1000 USD: 0.02 − 0.016 = 0.004 BTC long; short 0.025 − 0.02 = 0.005 BTC.
  expect(ledger.position('main', 's', 'binancecoinm', 'BTC/USD:BTC')).toMatchObject({ realised: '0.009', currency: 'BTC' });
  expect(ledger.balance('main', 'binancecoinm', 'BTC')).toBe('0.009');
});

test('a fee taken in what is traded is not held: a purchase brings less, a sale takes more', () => {
  const inBase = (side: 'buy' | 'sell', price: string, size: string, fee: string): Fill => ({ ...fill('binance', 'BTC/USDT', side, price, size, fee), feeCurrency: 'BTC' });
  const ledger = ledgerOf(inBase('buy', '100', '2', '0.002'));
  // 2 were paid for and 1.998 came: they cost 100 each, and 0.2 was the fee.
  expect(ledger.position('main', 's', 'binance', 'BTC/USDT')).toMatchObject({ size: '1.998', averagePrice: '100', realised: '0', fees: '0.2' });
  expect([ledger.balance('main', 'binance', 'BTC'), ledger.balance('main', 'binance', 'USDT')]).toEqual(['1.998', '-200']);
  ledger.apply(inBase('sell', '110', '1.997', '0.001'), table.get(0));
  expect(ledger.position('main', 's', 'binance', 'BTC/USDT')).toMatchObject({ size: '0', realised: '19.98', fees: '0.31' });
  expect([ledger.balance('main', 'binance', 'BTC'), ledger.balance('main', 'binance', 'USDT')]).toEqual(['0', '19.67']);
});

test('a fill told twice counts once', () => {
  const once = fill('binance', 'BTC/USDT', 'buy', '100', '1');
  expect(ledgerOf(once, once).exposure('main', 'binance', 'BTC/USDT').toFixed()).toBe('1');
});

test('a ledger that an earlier version wrote down, quotients with 40 digits and costs without a sign, is read on', () => {
  const third = `0.02${'3'.repeat(39)}`;
  const earlier = {
    holdings: [{
      account: 'main', strategy: 's', venue: 'binancecoinm', symbol: 'BTC/USD:BTC', size: '-7', cost: third, realised: third, fees: '0.1', updatedAtUs: 5,
    }],
    balances: [{ account: 'main', venue: 'binancecoinm', currency: 'BTC', amount: third }],
  };
  const ledger = new Ledger();
  ledger.restore(earlier, table);
  expect(ledger.toJSON()).toEqual(earlier);
  // Sold at 30,000.
  expect(ledger.position('main', 's', 'binancecoinm', 'BTC/USD:BTC')).toMatchObject({ averagePrice: '30000', realised: '0.023333333333333333' });
  ledger.apply(fill('binancecoinm', 'BTC/USD:BTC', 'buy', '25000', '7'), table.get(3));
  expect(ledger.position('main', 's', 'binancecoinm', 'BTC/USD:BTC')).toMatchObject({ size: '0', averagePrice: null, realised: '0.028' });
});
