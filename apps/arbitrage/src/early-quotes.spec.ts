import { LadderBook, Side } from '@parallax/book';
import { expect, test } from '@jest/globals';
import { Quote, QUOTE_COLUMNS } from '@parallax/types';
import { EarlyQuotes } from './early-quotes.js';

function bookOf(bid: number, ask: number): LadderBook {
  const book = new LadderBook(1);
  book.set(Side.bid, bid, 5);
  book.set(Side.ask, ask, 5);
  return book;
}

function quoteOf(bid: number, ask: number): Float64Array {
  const quote = new Float64Array(QUOTE_COLUMNS);
  [quote[Quote.depthBidPrice], quote[Quote.depthAskPrice]] = [bid, ask];
  quote[Quote.depthBidSize] = quote[Quote.depthAskSize] = 5;
  return quote;
}

test('a quote that came before its book is looked at again when the book has come, once', () => {
  const early = new EarlyQuotes();
  const quote = quoteOf(110, 111);
  early.note(0, quote, bookOf(100, 101));
  quote.fill(0);
  expect(early.due(0, bookOf(100, 101))).toBeNull();
  expect(early.due(0, bookOf(110, 111))?.[Quote.depthBidPrice]).toBe(110);
  expect(early.due(0, bookOf(110, 111))).toBeNull();
});

test('a quote whose book is held waits for nothing, and a newer quote takes the place of the one that waited', () => {
  const early = new EarlyQuotes();
  early.note(0, quoteOf(110, 111), null);
  early.note(0, quoteOf(100, 101), bookOf(100, 101));
  expect(early.due(0, bookOf(110, 111))).toBeNull();
  expect(early.due(1, bookOf(110, 111))).toBeNull();
});
