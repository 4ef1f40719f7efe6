import { expect, test } from '@jest/globals';
import { trimmedTextFromScaled } from '@parallax/types';
import { crc32, DigitText } from './crc32.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the check value of CRC-32 and the vectors of the venues’ documents', () => {
  expect(crc32(encode('123456789')) >>> 0).toBe(0xcbf43926);
  expect(crc32(encode('3366.1:7:3366.8:9:3366:6:3368:8'))).toBe(-1881014294);
  expect(crc32(encode('43231.1:4:43232.8:9:43231:6:43232.9:8'))).toBe(-1504501796);
  expect(crc32(encode('abc'), 0)).toBe(0);
});

test('numbers are written as their texts, to the largest', () => {
  const text = new DigitText(64);
  const values = [0, 1, 9, 10, 99_999_999, 100_000_000, 1_000_000_000_001, 4_503_599_627_370_496, Number.MAX_SAFE_INTEGER];
  for (let power = 1; power < 9e15; power *= 7) values.push(power, power * 10);
  for (const value of values) {
    for (let scale = 0; scale <= 14; scale++) {
      text.clear();
      text.trimmed(value, scale);
      expect(new TextDecoder().decode(text.bytes.subarray(0, text.length))).toBe(trimmedTextFromScaled(value, scale));
    }
    text.clear();
    text.digits(value);
    expect(new TextDecoder().decode(text.bytes.subarray(0, text.length))).toBe(String(value));
  }
});
