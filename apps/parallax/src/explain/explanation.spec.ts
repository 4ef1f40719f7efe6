import { expect, test } from '@jest/globals';
import type { MissingSymbol, SymbolHealth, VenueHealth } from '@parallax/types';
import { explanationOf, explanationText } from './explanation.js';

const health: VenueHealth = {
  venue: 'kraken', connected: true, connections: 1, lastFrameAtUs: 9_000_000, framesPerSecond: 1, reconnects: 0, deadLetters: 0, clockOffsetUs: null, symbols: [], atUs: 9_000_000,
};
const MISSING: MissingSymbol = { symbol: 'BTC/USD', state: 'silent', feeds: ['depth'], sinceUs: 5, heardAtUs: 4, attempts: 2, reason: '' };
const BOOK: SymbolHealth = {
  symbol: 'BTC/USD', trust: 'stale', cause: 'silence', changedAtUs: 1_000_000, provenAtUs: 2_000_000, gaps: 0, resyncs: 1, checksumsChecked: 0, checksumsFailed: 0, crossed: 0,
};
const textOf = (missing: MissingSymbol | undefined, book?: SymbolHealth): string =>
  explanationText(explanationOf({ health, symbol: 'BTC/USD', book, missing }, [], 10_000_000));

test('a symbol of which nothing was ever heard is told as missing, with what is done about it', () => {
  const one = explanationOf({ health, symbol: 'BTC/USD', book: undefined, missing: { ...MISSING, state: 'refused', heardAtUs: null, reason: 'Exceeded msg rate' } }, [], 10_000_000);
  expect(one).toMatchObject({ trusted: false, cause: 'started', missing: { state: 'refused' }, ageMs: { quoteChanged: null, proven: null, lastFrame: 1_000 } });
  const text = explanationText(one);
  expect(text).toMatch(/^kraken BTC\/USD is NOT trusted: resyncing \(started\)/);
  expect(text).toContain('Ingestion asks for it again by itself');
  expect(text).toContain('ingestion: BTC/USD (depth) is refused: Exceeded msg rate; asked for again 2 times');
});

test('a book that was heard says what ingestion misses of it', () => {
  expect(textOf(MISSING, BOOK)).toContain('ingestion: nothing is heard of BTC/USD (depth) any more: silent; asked for again 2 times');
  expect(textOf(undefined, BOOK)).not.toContain('ingestion:');
});

test('a symbol that the venue does not list is not asked for', () => {
  const text = textOf({ ...MISSING, state: 'unlisted', feeds: [], sinceUs: null, heardAtUs: null, attempts: 0 });
  expect(text).toContain('ingestion: BTC/USD is not listed');
  expect(text).toContain('look at SYMBOLS');
});
