import { expect, test } from '@jest/globals';
import { Money } from './decimal.js';
import { moneyFromScaled, moneyFromText, moneyText, unitAt } from './text.js';

test('scaled integers and texts are exact', () => {
  expect(moneyText(moneyFromScaled(9_007_199_254_740_991, 12))).toBe('9007.199254740991');
  expect(moneyText(moneyFromScaled(-15, 0))).toBe('-15');
  expect(moneyText(unitAt(3))).toBe('0.001');
  expect(moneyText(new Money('1e-40'))).toBe(`0.${'0'.repeat(39)}1`);
  expect(String(new Money('1e40'))).toBe(`1${'0'.repeat(40)}`);
  expect(moneyText(new Money('-0'))).toBe('0');
});

test('text that is no plain decimal number is refused with its place', () => {
  expect(moneyText(moneyFromText('-0.0500', 'rate'))).toBe('-0.05');
  for (const text of ['', '1e5', '+1', '.5', '5.', 'NaN', '0x10', ' 1']) {
    expect(() => moneyFromText(text, 'basis.rate')).toThrow(`basis.rate: "${text}" is not a decimal number`);
  }
});
