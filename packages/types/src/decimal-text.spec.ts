import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalsOf, scaledDigits, scaledFromText, textFromScaled, textOnStep, trimmedTextFromScaled } from './decimal-text.js';

describe('decimal text to integers', () => {
  test.each([
    ['65000.12', 2, 6_500_012],
    ['65000.1', 2, 6_500_010],
    ['65000.12000000', 2, 6_500_012],
    ['0.00000001', 8, 1],
    ['0', 8, 0],
    ['-1.5', 1, -15],
    ['-0.0', 1, 0],
    ['1.5e-7', 8, 15],
    ['1e3', 0, 1000],
    ['12.5E1', 2, 12_500],
    ['9007199254740991', 0, 9_007_199_254_740_991],
  ])('%s at scale %d is %d', (text, scale, expected) => {
    expect(scaledFromText(text, scale)).toBe(expected);
  });

  test.each([
    ['65000.123', 2, 'finer than 2 decimals'],
    ['9007199254740992', 0, 'does not fit exactly'],
    ['90071992.54740993', 8, 'does not fit exactly'],
    ['', 2, 'not a decimal'],
    ['1.', 2, 'not a decimal'],
    ['.5', 2, 'not a decimal'],
    ['1,5', 2, 'not a decimal'],
    ['NaN', 2, 'not a decimal'],
    ['0x10', 2, 'not a decimal'],
    [' 1', 2, 'not a decimal'],
  ])('%p at scale %d is refused', (text, scale, reason) => {
    expect(() => scaledFromText(text, scale)).toThrow(reason);
  });
});

test('reading digit by digit gives what reading the text as a whole gives', () => {
  const digits = fc.stringMatching(/^\d{1,18}$/);
  const zeros = fc.stringMatching(/^0{0,6}$/);
  const plain = fc.tuple(zeros, digits, fc.option(fc.tuple(digits, zeros))).map(([lead, whole, rest]) =>
    lead + whole + (rest ? `.${rest[0].slice(0, 8)}${rest[1]}` : ''));
  const broken = fc.stringMatching(/^[-+0-9.e ]{0,8}$/);
  fc.assert(fc.property(fc.oneof(plain, broken), fc.integer({ min: 0, max: 12 }), (text, scale) => {
    const outcome = (read: () => number): string => {
      try {
        return String(read());
      } catch (error) {
        return (error as Error).message;
      }
    };
    const whole = (): number => {
      const value = Number(scaledDigits(text, scale));
      if (Number.isSafeInteger(value)) return value;
      throw new Error(`"${text}" does not fit exactly at ${scale} decimals`);
    };
    expect(outcome(() => scaledFromText(text, scale))).toBe(outcome(whole));
  }), { numRuns: 5000 });
});

test('integers go back to the text they came from', () => {
  for (const [value, scale, text] of [[6_500_010, 2, '65000.10'], [5, 3, '0.005'], [0, 8, '0.00000000'], [-15, 1, '-1.5'], [7, 0, '7']] as const) {
    expect(textFromScaled(value, scale)).toBe(text);
    expect(scaledFromText(text, scale)).toBe(value);
  }
  expect(trimmedTextFromScaled(6_500_010, 2)).toBe('65000.1');
  expect(trimmedTextFromScaled(100, 2)).toBe('1');
  expect(trimmedTextFromScaled(100, 0)).toBe('100');
});

test('a value is shown with the decimals of its step, or more where it is finer', () => {
  expect(textOnStep(6_468_883_000_000, 8, 1_000_000)).toBe('64688.83');
  expect(textOnStep(6_468_880_000_000, 8, 1_000_000)).toBe('64688.80');
  expect(textOnStep(6_468_883_000_010, 8, 1_000_000)).toBe('64688.8300001');
  expect(textOnStep(700, 2, 100)).toBe('7');
  expect(textOnStep(0, 8, 1)).toBe('0.00000000');
});

test('the decimals a text needs', () => {
  expect([decimalsOf('0.00100'), decimalsOf('5'), decimalsOf('1.5e-7')]).toEqual([3, 0, 8]);
});

describe('digits of a number however large', () => {
  test.each([
    ['90071992.54740993', 8, '9007199254740993'],
    ['0099999999999999999999.5', 2, '9999999999999999999950'],
    ['-1e30', 0, `-1${'0'.repeat(30)}`],
    ['-0.0', 1, '0'],
    ['0.07', 2, '7'],
  ])('%s at scale %d is %s', (text, scale, expected) => {
    expect(scaledDigits(text, scale)).toBe(expected);
  });
});
