import type { InstrumentSpecification } from '@parallax/types';
import type { ConnectionPlan, FeedName, VenueStream } from '../shared/definition.js';
import { LIMITS } from './limits.js';

const HOUR_MS = 3_600_000;
/** A request may hold 64 KB; 60 channels of some 70 bytes stay far below. */
const CHANNELS_PER_REQUEST = 60;
/** Port 8443 is the old one and was reported to be retired on 2026-10-31. */
const HOSTS = ['wss://ws.okx.com', 'wss://ws.okx.com:8443'];
const CHANNELS: Readonly<Record<FeedName, string>> = { depth: 'books', trades: 'trades', ticker: 'bbo-tbt' };

interface Channel {
  readonly channel: string;
  readonly instId: string;
}

const channelOf = (instrument: InstrumentSpecification, feed: FeedName): Channel => ({
  channel: CHANNELS[feed],
  instId: instrument.venueSymbol,
});

function requests(op: 'subscribe' | 'unsubscribe', channels: readonly Channel[]): string[] {
  const messages: string[] = [];
  for (let from = 0; from < channels.length; from += CHANNELS_PER_REQUEST) {
    messages.push(JSON.stringify({ op, args: channels.slice(from, from + CHANNELS_PER_REQUEST) }));
  }
  return messages;
}

/** The server closes a connection that was silent for 30 s or subscribed to nothing; it answers the text `ping`. */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) => {
    const hosts = endpoints ? [endpoints.stream] : HOSTS;
    const urls = hosts.map((host) => `${host}/ws/v5/public`);
    const perConnection = Math.max(1, Math.floor(LIMITS.streamsPerConnection / Math.max(1, feeds.length)));
    const plans: ConnectionPlan[] = [];
    for (let from = 0; from < instruments.length && feeds.length > 0; from += perConnection) {
      const part = instruments.slice(from, from + perConnection);
      const channels = part.flatMap((instrument) => feeds.map((feed) => channelOf(instrument, feed)));
      const symbols = part.map((instrument) => instrument.symbol);
      plans.push({ urls, subscribe: requests('subscribe', channels), symbols, feeds });
    }
    return plans;
  },
  resubscribe: (instrument, feed) => {
    const channels = [channelOf(instrument, feed)];
    return [...requests('unsubscribe', channels), ...requests('subscribe', channels)];
  },
  keepAlive: { afterMs: 20_000, text: 'ping' },
  silenceMs: 30_000,
  // The venue names no limit; a day keeps the plan of every venue alike.
  lifetimeMs: 24 * HOUR_MS,
};
