import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COIN_M, OKX_INVERSE, OKX_SWAP, SPOT } from '../test/support/instruments.js';
import { contractOf } from './contract.js';
import { Money } from './decimal.js';
import { feeOf, movedSize, quotedFee, settledFee } from './fees.js';
import { moneyText } from './text.js';

const charged = (specification: typeof SPOT, price: string, size: string, rate: string): string =>
  moneyText(feeOf(contractOf(specification), new Money(price), new Money(size), new Money(rate)));

test('a fee is a share of the worth in the settlement currency, never rounded in our favour', () => {
  expect(charged(SPOT, '60000', '1', '0.001')).toBe('60');
  expect(charged(OKX_SWAP, '60000', '100', '0.0005')).toBe('30');
  expect(charged(OKX_INVERSE, '30000', '1', '0.0005')).toBe('0.000001666666666667');
  expect(charged(COIN_M, '3000', '7', '-0.0001')).toBe('-0.000002333333333333');
});

test('a fee has all of its digits, however large the trade', () => {
  // 22 digits.
  expect(charged(SPOT, '98765432.12', '12345678.90123', '0.00075')).toBe('914494733621.0608121307');
});

test('an inverse fee is divided once', () => {
  const number = fc.integer({ min: 1, max: 10_000_000 });
  fc.assert(fc.property(number, number, fc.integer({ min: 1, max: 75 }), (price, size, rate) => {
    const fee = feeOf(contractOf(OKX_INVERSE), new Money(price).times('0.1'), new Money(size), new Money(rate).times('1e-5'));
    // size × 100 × rate ÷ 100,000 ÷ (price ÷ 10), rounded up at the 18th decimal.
    const over = BigInt(size) * BigInt(rate) * 10n ** 16n;
    expect(fee.times('1e18').eq(String((over + BigInt(price) - 1n) / BigInt(price)))).toBe(true);
  }));
});

test('what a fill moved, and what its fee is, by the currency in which it was charged', () => {
  const told = (specification: typeof SPOT, side: 'buy' | 'sell', feeCurrency: string): (string | null)[] => {
    const contract = contractOf(specification);
    const fill = { side, price: '2000', size: '3', fee: '0.003', feeCurrency };
    const [settled, quoted] = [settledFee(contract, fill), quotedFee(contract, fill)];
    return [moneyText(movedSize(contract, fill)), settled && moneyText(settled), quoted && moneyText(quoted)];
  };
  expect(told(SPOT, 'buy', 'USDT')).toEqual(['3', '0.003', '0.003']);
  expect(told(SPOT, 'buy', 'BTC')).toEqual(['2.997', '6', '6']);
  expect(told(SPOT, 'sell', 'BTC')).toEqual(['3.003', '6', '6']);
  expect(told(SPOT, 'sell', 'BNB')).toEqual(['3', null, null]);
  expect(told(OKX_SWAP, 'buy', 'USDT')).toEqual(['3', '0.003', '0.003']);
  expect(told(OKX_SWAP, 'buy', 'BTC')).toEqual(['3', null, null]);
  expect(told(COIN_M, 'buy', 'ETH')).toEqual(['3', '0.003', '6']);
  expect(told(COIN_M, 'buy', 'USD')).toEqual(['3', null, '0.003']);
  expect(told(COIN_M, 'buy', 'BNB')).toEqual(['3', null, null]);
});
