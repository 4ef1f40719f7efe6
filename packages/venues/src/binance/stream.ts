import { announcement } from '../shared/announcement.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { Channel, FeedName, Owed, StreamRequest, VenueStream } from '../shared/stream.js';
import { LIMITS } from './limits.js';
import { BinanceListener } from './listener.js';

const HOUR_MS = 3_600_000;
/** The servers say nothing at all to a message of more than 4,088 bytes (binance-connector-rust, issue 27). */
const MESSAGE_BYTES = 4_000;

export type ChannelNames = Readonly<Record<FeedName, string>>;

const requestOf = (method: string, params: readonly string[], id: number): string => JSON.stringify({ method, params, id });

/** Messages for these channels, each short enough. */
function requests(method: 'SUBSCRIBE' | 'UNSUBSCRIBE', channels: readonly Channel[], nameOf: (channel: Channel) => string, firstId: number): StreamRequest[] {
  const parts: Channel[][] = [];
  let bytes = Infinity;
  for (const channel of channels) {
    const more = Buffer.byteLength(JSON.stringify(nameOf(channel))) + 1;
    if (bytes + more > MESSAGE_BYTES) {
      parts.push([]);
      bytes = requestOf(method, [], firstId + channels.length).length;
    }
    parts[parts.length - 1].push(channel);
    bytes += more;
  }
  return parts.map((part, index) => ({ id: firstId + index, channels: part, text: requestOf(method, part.map(nameOf), firstId + index) }));
}

/**
 * What is the same at all three markets. The server pings, which the socket answers, and closes connections after 24 h. It
 * beats by no frame of its own and owes nothing where nothing happens: asked for the list of streams, a living socket answers,
 * which says nothing of the streams.
 */
export function binanceStream(channels: ChannelNames, plan: VenueStream['plan']): VenueStream {
  const nameOf = ({ instrument, feed }: Channel): string => `${instrument.venueSymbol.toLowerCase()}@${channels[feed]}`;
  const onChange: Owed = { onAsking: false, everyMs: null };
  return {
    plan,
    opening: [],
    subscribe: (asked, firstId) => requests('SUBSCRIBE', asked, nameOf, firstId),
    unsubscribe: (left, firstId) => requests('UNSUBSCRIBE', left, nameOf, firstId),
    // The snapshot comes by REST; the stream itself goes on.
    renewsBooks: false,
    owes: { depth: onChange, trades: onChange, ticker: onChange },
    beats: false,
    listen: (sink) => new BinanceListener(sink, nameOf),
    keepAlive: { afterMs: 4_000, text: JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id: 0 }) },
    silenceMs: 10_000,
    lifetimeMs: 23 * HOUR_MS,
    announcesEnd: announcement('"serverShutdown"'),
  };
}

const CHANNELS: ChannelNames = { depth: 'depth@100ms', trades: 'trade', ticker: 'bookTicker' };
const HOSTS = ['wss://stream.binance.com:9443', 'wss://stream.binance.com:443', 'wss://data-stream.binance.vision'];

export const STREAM: VenueStream = binanceStream(CHANNELS, (instruments, feeds, endpoints) => {
  const hosts = endpoints ? [endpoints.stream] : HOSTS;
  return connectionPlans(instruments, feeds, LIMITS.streamsPerConnection, hosts.map((host) => `${host}/stream`));
});
