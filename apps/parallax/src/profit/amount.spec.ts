import { expect, test } from '@jest/globals';
import { Amount, readable } from './amount.js';

const of = (text: string): Amount => Amount.of(text);

test('sums, differences and products keep every digit, however many', () => {
  expect(of('123456789012345678.123456789012345678').plus(of('0.000000000000000002')).toString()).toBe('123456789012345678.12345678901234568');
  expect(of('0.1').plus(of('0.2')).minus(of('0.3')).sign).toBe(0);
  expect(of('-0.05').times(of('0.05')).toString()).toBe('-0.0025');
  expect(Amount.sum(['1', '-2.50', '0.5'].map(of)).toString()).toBe('-1');
  expect([of('-0').toString(), of('100').toString(), of('-0.10').toString(), Amount.zero.toString()]).toEqual(['0', '100', '-0.1', '0']);
});

test('a quotient is rounded to the nearest, halves to the even digit', () => {
  expect(of('1').by(of('3'), 18).toString()).toBe('0.333333333333333333');
  expect(of('-2').by(of('3'), 4).toString()).toBe('-0.6667');
  expect([of('1').by(of('8'), 2), of('3').by(of('8'), 2), of('-1').by(of('8'), 2), of('3').by(of('-8'), 2)].map(String)).toEqual(['0.12', '0.38', '-0.12', '-0.38']);
  expect(of('6').by(of('0.02'), 0).toString()).toBe('300');
});

test('amounts compare by their worth, not by how they are written', () => {
  expect([of('1.50').equals(of('1.5')), of('2').least(of('1.9')).toString(), of('-3').size.toString()]).toEqual([true, '1.9', '3']);
});

test('for reading an amount has eight decimals at most', () => {
  expect(['-12.345678901234567890', '0.000000004', '1250.50', '3'].map(readable)).toEqual(['-12.3456789', '0', '1250.5', '3']);
});
