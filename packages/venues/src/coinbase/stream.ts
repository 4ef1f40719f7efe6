import type { InstrumentSpecification } from '@parallax/types';
import type { ConnectionPlan, FeedName, VenueStream } from '../shared/definition.js';
import { LIMITS } from './limits.js';

const HOUR_MS = 3_600_000;
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
  plan: (instruments, feeds, endpoints) => {
    const perConnection = Math.max(1, Math.floor(LIMITS.streamsPerConnection / Math.max(1, feeds.length)));
    const plans: ConnectionPlan[] = [];
    for (let from = 0; from < instruments.length && feeds.length > 0; from += perConnection) {
      const part = instruments.slice(from, from + perConnection);
      plans.push({
        urls: [endpoints?.stream ?? HOST],
        subscribe: [HEARTBEATS, ...feeds.map((feed) => request(part, feed))],
        symbols: part.map((instrument) => instrument.symbol),
        feeds,
      });
    }
    return plans;
  },
  // One number runs through the connection, so a symbol's snapshot anew comes with a new connection.
  resubscribe: () => [],
  silenceMs: 5_000,
  // The venue names no limit; a day keeps the plan of every venue alike.
  lifetimeMs: 24 * HOUR_MS,
};
