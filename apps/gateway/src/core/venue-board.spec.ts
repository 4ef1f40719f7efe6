import { expect, test } from '@jest/globals';
import type { MissingSymbol, VenueFeed, VenueHealth } from '@parallax/types';
import { VenueBoard } from './venue-board.js';

const MISSING: MissingSymbol = { symbol: 'BTC/USD', state: 'refused', feeds: ['depth'], sinceUs: 5, heardAtUs: null, attempts: 1, reason: 'Exceeded msg rate' };
const feed = (atUs: number, missing: readonly MissingSymbol[]): VenueFeed => ({ venue: 'kraken', instance: 'i', connections: 2, open: 1, wanted: 3, missing, atUs });
const HEALTH: VenueHealth = {
  venue: 'kraken', connected: true, connections: 1, lastFrameAtUs: 1, framesPerSecond: 9, reconnects: 0, deadLetters: 0, clockOffsetUs: 0, symbols: [], atUs: 7,
};

test('a venue is shown with what ingestion misses of it, whoever spoke first', () => {
  const board = new VenueBoard();
  // Nothing was heard of the venue at all: only ingestion knows of it.
  expect(board.onFeed(feed(6, [MISSING]))).toMatchObject({ venue: 'kraken', connected: true, connections: 1, symbols: [], feed: { missing: [MISSING] }, atUs: 6 });
  expect(board.onHealth(HEALTH)).toEqual({ ...HEALTH, feed: feed(6, [MISSING]) });
  // The same again is not told for itself, but goes along with the next word of normalisation.
  expect(board.onFeed(feed(8, [MISSING]))).toBeNull();
  expect(board.onHealth({ ...HEALTH, atUs: 9 })).toMatchObject({ framesPerSecond: 9, feed: { atUs: 8 }, atUs: 9 });
  expect(board.onFeed(feed(10, []))).toMatchObject({ framesPerSecond: 9, feed: { missing: [] } });
});

test('a venue of which ingestion says nothing is shown as normalisation sees it', () => {
  expect(new VenueBoard().onHealth(HEALTH)).toEqual(HEALTH);
});
