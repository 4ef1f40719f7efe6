import { expect, test } from '@jest/globals';
import type { DeadLetter } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { readAgain } from './again.js';

const letter = (text: string, more: Partial<DeadLetter>): DeadLetter => ({
  venue: 'binance', symbol: null, kind: 'stream', connection: 1, frame: 1, receivedAtUs: 1_760_000_000_000_000,
  reason: 'the old reader could not', place: '', text, truncated: false, ...more,
});
const again = (one: DeadLetter): string[] => Object.values(readAgain(one, VENUES, []));
const SNAPSHOT = '{"lastUpdateId":7,"bids":[["99.00","1.00000000"]],"asks":[["101.00","2.00000000"]]}';

test('the snapshot of a symbol is read again as that symbol’s', () => {
  expect(again(letter(SNAPSHOT, { kind: 'snapshot', symbol: 'BTC/USDT' }))).toEqual(['passes']);
  expect(again(letter(SNAPSHOT.replace('99.00', '99.000000001'), { kind: 'snapshot', symbol: 'BTC/USDT' }))[0]).toBe('refused');
  // Not a frame of the stream.
  expect(again(letter(SNAPSHOT, {}))[0]).toBe('refused');
});

test.each([
  [letter(SNAPSHOT, { kind: 'snapshot', symbol: 'GONE/USDT' }), 'GONE/USDT is none of today’s instruments'],
  [letter(SNAPSHOT, { kind: 'snapshot' }), 'its symbol is none of today’s instruments'],
  [letter('{"stream":', { truncated: true }), 'the frame was longer than what is kept of it'],
  [letter('{}', { venue: 'mtgox' }), '"mtgox" is none of today’s venues'],
])('what cannot be judged says why', (one, reason) => {
  expect(again(one)).toEqual(['unjudged', reason]);
});
