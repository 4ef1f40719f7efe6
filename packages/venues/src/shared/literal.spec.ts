import { expect, test } from '@jest/globals';
import { literal } from './literal.js';
import { ascii, ByteScanner } from './scan.js';

const TEXT = '","data":{"e":"depthUpdate","E":';

test('a literal of every length stands only where all its bytes do', () => {
  const scanner = new ByteScanner();
  for (let length = 1; length <= TEXT.length; length++) {
    const text = TEXT.slice(0, length);
    for (const lead of ['', 'x', 'xyz']) {
      scanner.start(ascii(`${lead}${text}`));
      scanner.at = lead.length;
      expect(scanner.take(literal(text))).toBe(true);
      expect(scanner.done()).toBe(true);
    }
    for (let wrong = 0; wrong < length; wrong++) {
      for (const bit of [0, 3, 7]) {
        const bytes = ascii(`${text}rest`);
        bytes[wrong] ^= 1 << bit;
        scanner.start(bytes);
        expect(scanner.take(literal(text))).toBe(false);
        expect(scanner.at).toBe(0);
      }
    }
  }
});

test('nothing that an older, longer frame left behind the end is taken', () => {
  const scanner = new ByteScanner();
  const whole = literal(TEXT);
  for (let length = 0; length < TEXT.length; length++) {
    scanner.start(ascii(TEXT));
    scanner.start(ascii(TEXT.slice(0, length)));
    expect(scanner.take(whole)).toBe(false);
  }
  scanner.start(ascii('123456789.123456789'));
  scanner.start(ascii('12'));
  expect(scanner.integer()).toBe(12);
  scanner.start(ascii('123456789.123456789'));
  scanner.start(ascii('12.5'));
  expect(scanner.decimal(3)).toBe(12_500);
});

test('a frame larger than the page is taken as a whole', () => {
  const scanner = new ByteScanner();
  scanner.start(ascii(`${'7'.repeat(300_000)}${TEXT}`));
  scanner.at = 300_000;
  expect(scanner.take(literal(TEXT))).toBe(true);
  expect(scanner.done()).toBe(true);
});

test('symbols beyond ASCII are literals too; nothing and control characters are none', () => {
  const scanner = new ByteScanner();
  scanner.start(new TextEncoder().encode('币安人生USDT",'));
  expect(scanner.take(literal('币安人生USDT",'))).toBe(true);
  for (const text of ['', 'a\0', '\n', '\x7f']) expect(() => literal(text)).toThrow(RangeError);
});
