import { expect, test } from '@jest/globals';
import { SeededRandom } from '../../test/support/random.js';
import { ByteScanner, MISS } from './scan.js';
import { TimestampScanner, timestampAt } from './timestamp.js';

const times = new TimestampScanner();
const scanner = new ByteScanner();
const scanned = (text: string): number => {
  scanner.start(new TextEncoder().encode(`"${text}"`));
  const value = times.quoted(scanner);
  return value === MISS || scanner.done() ? value : Number.NaN;
};
const plain = (text: string): number => {
  try {
    return timestampAt(text, 'time');
  } catch {
    return MISS;
  }
};

test('nanoseconds are cut to microseconds, exactly', () => {
  for (const read of [scanned, plain]) {
    expect(read('2026-08-09T21:05:48.228568999Z')).toBe(1_786_309_548_228_568);
    expect(read('2026-08-09T21:05:48.5Z')).toBe(1_786_309_548_500_000);
    expect(read('1970-01-01T00:00:00Z')).toBe(0);
    expect(read('2024-02-29T23:59:59.999999Z')).toBe(1_709_251_199_999_999);
  }
});

test('both readings agree on good times and refuse the same bad ones', () => {
  const random = new SeededRandom(3);
  for (let round = 0; round < 5_000; round++) {
    const date = new Date(random.below(7.25e12));
    const text = date.toISOString().replace('Z', `${random.below(1000)}Z`);
    expect([text, Math.floor(scanned(text) / 1000)]).toEqual([text, date.getTime()]);
    const at = random.below(text.length);
    const spoilt = text.slice(0, at) + random.pick([...'0123456789:-TZ. ']) + text.slice(at + 1);
    expect([spoilt, scanned(spoilt)]).toEqual([spoilt, plain(spoilt)]);
  }
  for (const bad of [
    '', '2026-08-09', '2026-02-29T00:00:00Z', '2100-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-08-09T24:00:00Z', '2026-08-09T21:60:00Z',
    '2026-08-09T21:05:60Z', '2026-08-09T21:05:48.Z', '2026-08-09T21:05:48.1234567890Z', '2026-08-09T21:05:48', '2026-08-09T21:05:48+00:00',
    '1969-12-31T23:59:59Z', '2200-01-01T00:00:00Z', '2026-08-00T00:00:00Z', '2026-00-09T00:00:00Z',
  ]) {
    expect([bad, scanned(bad), plain(bad)]).toEqual([bad, MISS, MISS]);
  }
});
