import { expect, test } from '@jest/globals';
import type { InstrumentSpecification, Position } from '@parallax/types';
import type { Quote } from './entities.js';
import { MARK_MAX_AGE_US, openPositions, openProfitOf } from './open-position.js';

const NOW = 1_760_000_000_000_000;
const position = (more: Partial<Position> = {}): Position => ({
  account: 'paper', strategy: 's', venue: 'okx', symbol: 'BTC/USDT', size: '0.5', averagePrice: '60000', realised: '0', fees: '0', currency: 'USDT', updatedAtUs: NOW, ...more,
});
const instrument = (more: Partial<InstrumentSpecification> = {}): InstrumentSpecification => ({ contractSize: '1', inverse: false, priceScale: 2, priceStep: 1, ...more }) as InstrumentSpecification;
const quote = (more: Partial<Quote> = {}): Quote => ({
  venue: 'okx', symbol: 'BTC/USDT', base: 'BTC', bid: { price: '60999', size: '1' }, ask: { price: '61001', size: '1' }, source: 'depth', trust: 'synced', cause: 'c',
  changedAtUs: NOW, provenAtUs: NOW, ...more,
});

test('what is open is worth the middle of its own quote, whichever side and kind it is', () => {
  const amount = (of: Position, as = instrument()): number | null => openProfitOf(of, as, quote(), true, NOW).amount;
  expect(amount(position())).toBeCloseTo(500);
  expect(amount(position({ size: '-0.5' }))).toBeCloseTo(-500);
  expect(amount(position({ size: '3' }), instrument({ contractSize: '0.01' }))).toBeCloseTo(30);
  // Ten contracts of 100 dollars each, bought at 60,000: 1000/60000 - 1000/61000 coins.
  expect(amount(position({ size: '10' }), instrument({ contractSize: '100', inverse: true }))).toBeCloseTo(1_000 / 60_000 - 1_000 / 61_000, 12);
});

test('where it cannot be marked it is unknown, and why', () => {
  const why = (given: { of?: Position; as?: InstrumentSpecification | null; by?: Quote | null; told?: boolean; nowUs?: number }): unknown => {
    const { of = position(), as = instrument(), by = quote(), told = true, nowUs = NOW } = given;
    const { amount, why: reason } = openProfitOf(of, as ?? undefined, by ?? undefined, told, nowUs);
    return amount === null ? reason : amount;
  };
  expect(why({})).toBeCloseTo(500);
  expect(why({ of: position({ averagePrice: null }) })).toBe('its average price was not told');
  expect(why({ as: null })).toBe('its instrument is not known');
  for (const by of [null, quote({ bid: null }), quote({ ask: null })]) expect(why({ by })).toBe('there is no quote of it');
  expect(why({ told: false })).toBe('normalisation is not heard');
  for (const trust of ['stale', 'suspect', 'resyncing'] as const) expect(why({ by: quote({ trust }) })).toBe('its quote is not trusted: c');
  expect(why({ nowUs: NOW + MARK_MAX_AGE_US })).toBeCloseTo(500);
  expect(why({ nowUs: NOW + MARK_MAX_AGE_US + 1 })).toBe('its quote is too old');
  expect(why({ nowUs: NOW - MARK_MAX_AGE_US - 1 })).toBe('its quote is too old');
});

test('what is flat is left out, and the largest comes first', () => {
  const all = [position({ symbol: 'a', size: '0' }), position({ symbol: 'b', size: '1', averagePrice: '10' }), position({ symbol: 'c', size: '-1', averagePrice: '20' }), position({ symbol: 'd', size: '0.000' })];
  expect(openPositions(all).map(({ symbol }) => symbol)).toEqual(['c', 'b']);
});

test('the price that it is marked at has no digits but those of its market and the middle of two', () => {
  const by = quote({ bid: { price: '0.1', size: '1' }, ask: { price: '0.5000001', size: '1' } });
  expect(openProfitOf(position(), instrument(), by, true, NOW).why).toBe('marked at 0.300, the middle of its quote');
});
