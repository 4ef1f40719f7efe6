import { requestsByFeed } from '../shared/by-feed.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { FeedName, VenueStream } from '../shared/stream.js';
import { CHANNELS } from './channels.js';
import { LIMITS } from './limits.js';
import { KrakenListener } from './listener.js';

const HOST = 'wss://ws.kraken.com';

const request = (method: string, feed: FeedName, symbols: readonly string[], id: number): string => {
  const { snapshot, ...channel } = CHANNELS[feed];
  const params = method === 'subscribe' ? { ...channel, symbol: symbols, snapshot } : { ...channel, symbol: symbols };
  return JSON.stringify({ method, params, req_id: id });
};

/** The server beats every second once something is subscribed and nothing else flows, and answers `{"method":"ping"}`. */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) => connectionPlans(instruments, feeds, LIMITS.streamsPerConnection, [`${endpoints?.stream ?? HOST}/v2`]),
  opening: [],
  subscribe: (channels, firstId) => requestsByFeed(channels, firstId, (feed, symbols, id) => request('subscribe', feed, symbols, id)),
  unsubscribe: (channels, firstId) => requestsByFeed(channels, firstId, (feed, symbols, id) => request('unsubscribe', feed, symbols, id)),
  renewsBooks: true,
  owes: {
    depth: { onAsking: true, everyMs: null },
    // Its history could come too; it is not asked for.
    trades: { onAsking: false, everyMs: null },
    ticker: { onAsking: true, everyMs: null },
  },
  beats: true,
  listen: (sink) => new KrakenListener(sink),
  keepAlive: { afterMs: 10_000, text: '{"method":"ping"}' },
  silenceMs: 20_000,
};
