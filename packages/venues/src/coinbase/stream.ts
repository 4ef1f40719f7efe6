import { requestsByFeed } from '../shared/by-feed.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { FeedName, VenueStream } from '../shared/stream.js';
import { LIMITS } from './limits.js';
import { CHANNELS, CoinbaseListener } from './listener.js';

const HOST = 'wss://advanced-trade-ws.coinbase.com';
const HEARTBEATS = JSON.stringify({ type: 'subscribe', channel: 'heartbeats' });

const request = (type: string, feed: FeedName, products: readonly string[]): string =>
  JSON.stringify({ type, product_ids: products, channel: CHANNELS[feed] });

/**
 * A message names one channel. The first must be sent within 5 s of connecting, and `heartbeats` (one a second) keeps
 * channels open that would close after 60 to 90 s without an update; so it comes first.
 */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) => connectionPlans(instruments, feeds, LIMITS.streamsPerConnection, [endpoints?.stream ?? HOST]),
  opening: [HEARTBEATS],
  subscribe: (channels, firstId) => requestsByFeed(channels, firstId, (feed, products) => request('subscribe', feed, products)),
  unsubscribe: (channels, firstId) => requestsByFeed(channels, firstId, (feed, products) => request('unsubscribe', feed, products)),
  // One number runs through the connection, so a book that was lost comes anew with a new connection.
  renewsBooks: false,
  owes: {
    depth: { onAsking: true, everyMs: null },
    trades: { onAsking: true, everyMs: null },
    ticker: { onAsking: true, everyMs: null },
  },
  beats: true,
  listen: (sink) => new CoinbaseListener(sink),
  silenceMs: 5_000,
};
