import type { ConnectionPlan, FeedName, VenueStream } from '../shared/definition.js';
import { DEPTH } from './book.js';
import { LIMITS } from './limits.js';

const HOUR_MS = 3_600_000;
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
  plan: (instruments, feeds, endpoints) => {
    const perConnection = Math.max(1, Math.floor(LIMITS.streamsPerConnection / Math.max(1, feeds.length)));
    const plans: ConnectionPlan[] = [];
    for (let from = 0; from < instruments.length && feeds.length > 0; from += perConnection) {
      const part = instruments.slice(from, from + perConnection);
      const names = part.map((instrument) => instrument.venueSymbol);
      plans.push({
        urls: [`${endpoints?.stream ?? HOST}/v2`],
        subscribe: feeds.map((feed) => request('subscribe', feed, names)),
        symbols: part.map((instrument) => instrument.symbol),
        feeds,
      });
    }
    return plans;
  },
  resubscribe: (instrument, feed) => [
    request('unsubscribe', feed, [instrument.venueSymbol]),
    request('subscribe', feed, [instrument.venueSymbol]),
  ],
  keepAlive: { afterMs: 10_000, text: '{"method":"ping"}' },
  silenceMs: 20_000,
  // The venue names no limit; a day keeps the plan of every venue alike.
  lifetimeMs: 24 * HOUR_MS,
};
