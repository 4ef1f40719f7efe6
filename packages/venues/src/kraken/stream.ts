import { connectionPlans } from '../shared/connection-plans.js';
import type { FeedName, VenueStream } from '../shared/definition.js';
import { DEPTH } from './book.js';
import { LIMITS } from './limits.js';

const HOST = 'wss://ws.kraken.com';
/** Channel and parameters of each feed; the ticker on every change of the best quote, not only on trades. */
const CHANNELS: Readonly<Record<FeedName, Readonly<Record<string, unknown>>>> = {
  depth: { channel: 'book', depth: DEPTH, snapshot: true },
  trades: { channel: 'trade', snapshot: false },
  ticker: { channel: 'ticker', event_trigger: 'bbo', snapshot: true },
};

const request = (method: string, feed: FeedName, symbols: readonly string[]): string => {
  const { snapshot, ...channel } = CHANNELS[feed];
  const params = method === 'subscribe' ? { ...channel, symbol: symbols, snapshot } : { ...channel, symbol: symbols };
  return JSON.stringify({ method, params });
};

/** The server beats every second once something is subscribed, and answers `{"method":"ping"}`. */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) =>
    connectionPlans(instruments, feeds, LIMITS.streamsPerConnection, [`${endpoints?.stream ?? HOST}/v2`], (part) =>
      feeds.map((feed) => request('subscribe', feed, part.map(({ venueSymbol }) => venueSymbol)))),
  resubscribe: (instrument, feed) => [
    request('unsubscribe', feed, [instrument.venueSymbol]),
    request('subscribe', feed, [instrument.venueSymbol]),
  ],
  keepAlive: { afterMs: 10_000, text: '{"method":"ping"}' },
  silenceMs: 20_000,
};
