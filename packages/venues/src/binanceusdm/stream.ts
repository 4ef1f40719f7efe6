import { planConnections, type ChannelNames } from '../binance/stream.js';
import type { FeedName, VenueStream } from '../shared/definition.js';

const HOUR_MS = 3_600_000;
const HOST = 'wss://fstream.binance.com';
/** Plan for the lower of the documented limits (200 and 1024 are both in the venue's texts). */
const STREAMS_PER_CONNECTION = 200;

export const CHANNELS: ChannelNames = { depth: 'depth@100ms', trades: 'aggTrade', ticker: 'bookTicker' };
const ROUTES: readonly { route: string; feeds: readonly FeedName[] }[] = [
  { route: 'public', feeds: ['depth', 'ticker'] },
  { route: 'market', feeds: ['trades'] },
];

/**
 * Since April 2026 the venue routes by kind: books and best quotes on /public, aggregated trades on /market; one
 * connection cannot carry both.
 */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) =>
    ROUTES.flatMap(({ route, feeds: routed }) => {
      const urls = [`${endpoints?.stream ?? HOST}/${route}/stream`];
      return planConnections(instruments, feeds.filter((feed) => routed.includes(feed)), CHANNELS, STREAMS_PER_CONNECTION, urls);
    }),
  resubscribe: () => [],
  silenceMs: 10_000,
  lifetimeMs: 23 * HOUR_MS,
};
