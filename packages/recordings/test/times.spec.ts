import { expect, test } from '@jest/globals';
import { TimestampedFormat } from '../src/timestamped.js';

const timeOf = (text: string): number | undefined => new TimestampedFormat('BTCUSDT').read(Buffer.from(`${text} {"stream":"btcusdt@depth","data":{}}`), 1)?.receivedAtUs;

test('a time is told in seconds to nanoseconds, as its digits are many', () => {
  expect(['1700000000', '1700000000123', '1700000000123456', '1700000000123456789'].map(timeOf)).toEqual([
    1_700_000_000_000_000, 1_700_000_000_123_000, 1_700_000_000_123_456, 1_700_000_000_123_456,
  ]);
});

test.each(['170000000', '17000000001234567890', '1700000000.5', '-170000000', '17000000x0', ''])('"%s" is no time', (text) => {
  expect(() => timeOf(text)).toThrow(`"${text}" is no time`);
});
