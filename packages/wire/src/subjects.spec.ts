import { expect, test } from '@jest/globals';
import { instrumentOf, subjects, token, untoken, venueOf } from './subjects.js';

test.each(['BTC/USDT', 'BTC/USDT:USDT', 'a.b c*>', '币安人生/USDT', '=', '', 'a\tb\n\u0001'])('%p is one token and comes back', (text) => {
  const escaped = token(text);
  expect(escaped).toMatch(/^[A-Za-z0-9_=-]+$/);
  if (text !== '') expect(untoken(escaped)).toBe(text);
});

test.each(['okx', 'binanceusdm', 'a.b c*>'])('the subject of a question to a venue names it: %p', (venue) => {
  for (const subject of [subjects.snapshot(venue), subjects.listing(venue), subjects.keyframe(venue), subjects.venueOrder(venue), subjects.venueReport(venue)]) {
    expect(venueOf(subject)).toBe(venue);
  }
});

test('a market subject names its instrument', () => {
  const named = { venue: 'binanceusdm', base: 'BTC', symbol: 'BTC/USDT:USDT' };
  expect(subjects.market('quote', named)).toBe('md.quote.binanceusdm.BTC.BTC=2fUSDT=3aUSDT');
  expect(instrumentOf(subjects.market('quote', named))).toEqual(named);
});
