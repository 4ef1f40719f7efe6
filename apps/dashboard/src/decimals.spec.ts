import { expect, test } from '@jest/globals';
import { averageText, priceDecimals, rounded } from './decimals.js';

test('decimal text is rounded as text, halves away from zero', () => {
  expect([['61685.98765432109876543', 2], ['0.995', 2], ['-0.005', 2], ['-0.004', 2], ['1.10', 2], ['99.5', 0], ['12', 3], ['-1.2049', 3]].map(([text, decimals]) => rounded(text as string, decimals as number)))
    .toEqual(['61685.99', '1', '-0.01', '0', '1.10', '100', '12', '-1.205']);
});

test('prices of a market have the decimals of its order step, also where its scale is finer', () => {
  expect([{ priceScale: 8, priceStep: 1_000_000 }, { priceScale: 2, priceStep: 1 }, { priceScale: 3, priceStep: 25 }, { priceScale: 0, priceStep: 10 }].map(priceDecimals)).toEqual([2, 2, 3, 0]);
});

test('an average has as many digits as its market, or nine', () => {
  const average = '61685.98765432109876543';
  expect(averageText(average, { priceScale: 8, priceStep: 10_000_000 })).toBe('61686');
  expect(averageText(average, { priceScale: 2, priceStep: 1 })).toBe('61685.99');
  expect([average, '0.000012345678901234', '1234567890.5', '100'].map((one) => averageText(one))).toEqual(['61685.9877', '0.0000123456789', '1234567891', '100']);
});
