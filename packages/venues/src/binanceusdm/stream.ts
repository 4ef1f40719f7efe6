import { FUTURES_LIMITS } from '../binance/limits.js';
import { binanceStream, type ChannelNames } from '../binance/stream.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { FeedName, VenueStream } from '../shared/stream.js';

const HOST = 'wss://fstream.binance.com';
const CHANNELS: ChannelNames = { depth: 'depth@100ms', trades: 'aggTrade', ticker: 'bookTicker' };
const ROUTES: readonly { route: string; feeds: readonly FeedName[] }[] = [
  { route: 'public', feeds: ['depth', 'ticker'] },
  { route: 'market', feeds: ['trades'] },
];

/**
 * Since April 2026 the venue routes by kind: books and best quotes on /public, aggregated trades on /market; one
 * connection cannot carry both.
 */
export const STREAM: VenueStream = binanceStream(CHANNELS, (instruments, feeds, endpoints) =>
  ROUTES.flatMap(({ route, feeds: routed }) => {
    const carried = feeds.filter((feed) => routed.includes(feed));
    return connectionPlans(instruments, carried, FUTURES_LIMITS.streamsPerConnection, [`${endpoints?.stream ?? HOST}/${route}/stream`]);
  }));
