import type { InstrumentSpecification } from '@parallax/types';
import { connectionPlans } from '../shared/connection-plans.js';
import type { FeedName, VenueStream } from '../shared/definition.js';
import { LIMITS } from './limits.js';

const HOST = 'wss://advanced-trade-ws.coinbase.com';
const CHANNELS: Readonly<Record<FeedName, string>> = { depth: 'level2', trades: 'market_trades', ticker: 'ticker' };
const HEARTBEATS = JSON.stringify({ type: 'subscribe', channel: 'heartbeats' });

const request = (instruments: readonly InstrumentSpecification[], feed: FeedName): string =>
  JSON.stringify({ type: 'subscribe', product_ids: instruments.map(({ venueSymbol }) => venueSymbol), channel: CHANNELS[feed] });

/**
 * A message names one channel. The first must be sent within 5 s of connecting, and `heartbeats` (one a second) keeps
 * channels open that would close after 60 to 90 s without an update; so it comes first.
 */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) =>
    connectionPlans(instruments, feeds, LIMITS.streamsPerConnection, [endpoints?.stream ?? HOST], (part) =>
      [HEARTBEATS, ...feeds.map((feed) => request(part, feed))]),
  // One number runs through the connection, so a symbol's snapshot anew comes with a new connection.
  resubscribe: () => [],
  silenceMs: 5_000,
};
