import { expect, test } from '@jest/globals';
import { scaledFromText } from '@parallax/types';
import { ascii, ByteScanner, MISS } from './scan.js';

const scanner = new ByteScanner();
const decimal = (text: string, scale: number): number => {
  scanner.start(ascii(`"${text}"`));
  const value = scanner.quotedDecimal(scale);
  expect(scanner.at).toBe(value === MISS ? 0 : text.length + 2);
  return value;
};
const reference = (text: string, scale: number): number => {
  try {
    return scaledFromText(text, scale);
  } catch {
    return MISS;
  }
};

test('decimals of every length and scale are read as the plain path reads them, or missed', () => {
  let state = 1;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let i = 0; i < 50_000; i++) {
    const whole = Array.from({ length: 1 + next(17) }, () => next(10)).join('');
    const fraction = Array.from({ length: next(14) }, () => (next(3) ? 0 : next(10))).join('');
    const text = fraction === '' ? whole : `${whole}.${fraction}`;
    const scale = next(13);
    expect(decimal(text, scale)).toBe(reference(text, scale));
  }
});

test.each(['', '.5', '5.', '-1', '+1', '1e5', ' 1', '1 ', '1..2', '0x1', 'NaN', '1,000'])('%p is no plain decimal', (text) => {
  expect(decimal(text, 2)).toBe(MISS);
});

test.each([['0', 0], ['7', 7], ['123456789', 123_456_789], ['1234567890', 1_234_567_890], ['9007199254740991', 9_007_199_254_740_991],
  ['100000000000000000', MISS], ['9007199254740993', MISS], ['99999999999999999999', MISS], ['00', MISS], ['012', MISS], ['-1', MISS], ['', MISS]] as const)(
  'integer %p', (text, expected) => {
    scanner.start(ascii(text));
    expect(scanner.integer()).toBe(expected);
    expect(scanner.at).toBe(expected === MISS ? 0 : text.length);
  });

test('a string that needs unescaping, or does not end, is not skipped', () => {
  for (const [text, skipped] of [['"ab"', true], ['"a\\"b"', false], ['"ab', false], ['ab"', false], ['"a\nb"', false]] as const) {
    scanner.start(ascii(text));
    expect(scanner.skipString()).toBe(skipped);
  }
});
