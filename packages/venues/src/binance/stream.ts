import type { InstrumentSpecification } from '@parallax/types';
import { announcement } from '../shared/announcement.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { ConnectionPlan, FeedName, VenueStream } from '../shared/definition.js';
import { LIMITS } from './limits.js';

const HOUR_MS = 3_600_000;
/** The servers say nothing at all to a message of more than 4,088 bytes (binance-connector-rust, issue 27). */
const MESSAGE_BYTES = 4_000;

export type ChannelNames = Readonly<Record<FeedName, string>>;

const requestOf = (params: readonly string[], id: number): string => JSON.stringify({ method: 'SUBSCRIBE', params, id });

/** SUBSCRIBE messages for these streams, each short enough. */
function subscribeMessages(streams: readonly string[]): string[] {
  const messages: string[] = [];
  let params: string[] = [];
  let bytes = Infinity;
  for (const stream of streams) {
    const more = Buffer.byteLength(JSON.stringify(stream)) + 1;
    if (bytes + more > MESSAGE_BYTES) {
      if (params.length > 0) messages.push(requestOf(params, messages.length + 1));
      params = [];
      bytes = requestOf([], streams.length).length;
    }
    params.push(stream);
    bytes += more;
  }
  if (params.length > 0) messages.push(requestOf(params, messages.length + 1));
  return messages;
}

/** Plans with `btcusdt@depth@100ms` and the like for each instrument and feed. */
export function planConnections(
  instruments: readonly InstrumentSpecification[],
  feeds: readonly FeedName[],
  channels: ChannelNames,
  limit: number,
  urls: readonly string[],
): ConnectionPlan[] {
  return connectionPlans(instruments, feeds, limit, urls, (part) =>
    subscribeMessages(part.flatMap(({ venueSymbol }) => feeds.map((feed) => `${venueSymbol.toLowerCase()}@${channels[feed]}`))));
}

/**
 * What is the same at all three markets. The server pings, which the socket answers, and closes connections after 24 h. It
 * beats by no frame of its own, and symbols may be calm: asked for the list of streams, a living connection answers.
 */
export const STREAM_RULES: Omit<VenueStream, 'plan'> = {
  // The snapshot comes by REST; the stream itself goes on.
  resubscribe: () => [],
  keepAlive: { afterMs: 4_000, text: JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id: 0 }) },
  silenceMs: 10_000,
  lifetimeMs: 23 * HOUR_MS,
  announcesEnd: announcement('"serverShutdown"'),
};

const CHANNELS: ChannelNames = { depth: 'depth@100ms', trades: 'trade', ticker: 'bookTicker' };
const HOSTS = ['wss://stream.binance.com:9443', 'wss://stream.binance.com:443', 'wss://data-stream.binance.vision'];

export const STREAM: VenueStream = {
  ...STREAM_RULES,
  plan: (instruments, feeds, endpoints) => {
    const hosts = endpoints ? [endpoints.stream] : HOSTS;
    return planConnections(instruments, feeds, CHANNELS, LIMITS.streamsPerConnection, hosts.map((host) => `${host}/stream`));
  },
};
