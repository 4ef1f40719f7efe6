import { expect, test } from '@jest/globals';
import type { MissingSymbol, VenueFeed } from '@parallax/types';
import { missingSentences, missingTroubles } from '../src/index.js';

const missing = (symbol: string, more: Partial<MissingSymbol> = {}): MissingSymbol =>
  ({ symbol, state: 'silent', feeds: ['depth'], sinceUs: 5, heardAtUs: 3, attempts: 0, reason: '', ...more });
const feed = (venue: string, wanted: number, ...list: MissingSymbol[]): VenueFeed => ({ venue, instance: 'i', connections: 1, open: 1, wanted, missing: list, atUs: 9 });

test('what is missing is a sentence each, in the venue’s own words where it refused', () => {
  expect(missingSentences(feed('kraken', 9,
    missing('BTC/USD', { attempts: 3 }),
    missing('ETH/USD', { state: 'refused', heardAtUs: null, attempts: 1, reason: 'Exceeded msg rate' }),
    missing('SOL/USD', { state: 'acknowledged', sinceUs: null, heardAtUs: null, feeds: ['depth', 'ticker'] }),
    missing('A/B', { state: 'unlisted', sinceUs: null, feeds: [] }),
  ))).toEqual([
    'kraken: nothing is heard of BTC/USD (depth) any more: silent; asked for again 3 times',
    'kraken: ETH/USD (depth) is refused: Exceeded msg rate; asked for again once',
    'kraken: nothing was heard of SOL/USD (depth, ticker) yet: acknowledged',
  ]);
  const many = missingSentences(feed('kraken', 99, ...Array.from({ length: 30 }, (_, index) => missing(`A${index}/USD`))));
  expect([many.length, many.at(-1)]).toEqual([11, 'kraken: 20 more symbols are not heard']);
});

test('each missing symbol is a trouble, a venue of which all are one alone; a first word that may still come is none', () => {
  expect(missingTroubles([feed('kraken', 9, missing('BTC/USD'), missing('ETH/USD', { sinceUs: null }), missing('A/B', { state: 'unlisted', sinceUs: null }))])).toMatchObject([
    { key: 'missing.kraken.BTC_USD', severity: 'warning', summary: expect.stringContaining('kraken: nothing is heard of BTC/USD') },
    // It stands in the list of the only venue that there is.
    { key: 'unlisted' },
  ]);
  expect(missingTroubles([feed('okx', 2, missing('BTC/USDT:USDT'), missing('ETH/USDT:USDT'))])).toMatchObject([{ key: 'missing.okx', severity: 'critical' }]);
  const many = missingTroubles([feed('okx', 99, ...Array.from({ length: 30 }, (_, index) => missing(`A${index}/USDT`)))]);
  expect([many.length, many.at(-1)?.key, new Set(many.map(({ key }) => key)).size]).toEqual([11, 'missing.okx.more', 11]);
  for (const { key } of many) expect(key).toMatch(/^[A-Za-z0-9._-]+$/);
});

test('a symbol that one venue lists is no trouble where another does not; one that none lists is', () => {
  const unlisted = (symbol: string): MissingSymbol => missing(symbol, { state: 'unlisted', sinceUs: null, feeds: [] });
  expect(missingTroubles([feed('okx', 1, unlisted('BTC/USD')), feed('kraken', 1, unlisted('BTC/USDT'))])).toEqual([]);
  expect(missingTroubles([feed('okx', 1, unlisted('BTC/USD'), unlisted('BTC/UDST')), feed('kraken', 1, unlisted('BTC/UDST'))])).toEqual([
    { key: 'unlisted', severity: 'warning', summary: 'no venue lists BTC/UDST: look at SYMBOLS' },
  ]);
});

test('what was never heard, or does not count as missing yet, has no time, and is no trouble', () => {
  const never = feed('kraken', 1, missing('BTC/USD', { state: 'asked', sinceUs: null, heardAtUs: null }));
  expect(missingSentences(never)).toEqual(['kraken: nothing was heard of BTC/USD (depth) yet: asked']);
  expect(missingTroubles([never])).toEqual([]);
});
