import { Quote, QUOTE_COLUMNS, Trust, type Row } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { instruments } from '../test/scene.js';
import { touchOf } from './exit-order.js';

const table = instruments();
const specification = table.get(table.find('binance', 'BTC/USDT'));
const quoteOf = (changes: Partial<Record<keyof typeof Quote, number>> = {}): Row => {
  const quote = new Float64Array(QUOTE_COLUMNS);
  for (const [name, value] of Object.entries({ specificationVersion: 1, trust: Trust.synced, bidPrice: 9_990, askPrice: 10_010, ...changes })) {
    quote[Quote[name as keyof typeof Quote]] = value;
  }
  return quote;
};
const touch = (quote: Row | undefined, side: 'buy' | 'sell' = 'buy'): string | undefined => touchOf(quote, side, specification)?.toFixed();

test('who buys finds the best ask, who sells the best bid', () => {
  expect([touch(quoteOf()), touch(quoteOf(), 'sell')]).toEqual(['100.1', '99.9']);
});

test('nothing is known of a price where no quote is, its book is not trusted, or its integers are of another version', () => {
  expect(touch(undefined)).toBeUndefined();
  for (const trust of Object.values(Trust).filter((one) => one !== Trust.synced)) expect(touch(quoteOf({ trust }))).toBeUndefined();
  for (const specificationVersion of [0, 2]) expect(touch(quoteOf({ specificationVersion }))).toBeUndefined();
});
