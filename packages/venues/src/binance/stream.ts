import type { InstrumentSpecification } from '@parallax/types';
import type { ConnectionPlan, FeedName, VenueStream } from '../shared/definition.js';

const HOUR_MS = 3_600_000;
/** How many streams one SUBSCRIBE message names; keeps the message small. */
const STREAMS_PER_MESSAGE = 200;

export type ChannelNames = Readonly<Record<FeedName, string>>;

/** `btcusdt@depth@100ms` and the like for each instrument and feed. */
export function streamNames(instruments: readonly InstrumentSpecification[], feeds: readonly FeedName[], channels: ChannelNames): string[] {
  return instruments.flatMap((instrument) => feeds.map((feed) => `${instrument.venueSymbol.toLowerCase()}@${channels[feed]}`));
}

/** SUBSCRIBE messages for these streams. */
export function subscribeMessages(streams: readonly string[]): string[] {
  const messages: string[] = [];
  for (let from = 0; from < streams.length; from += STREAMS_PER_MESSAGE) {
    const params = streams.slice(from, from + STREAMS_PER_MESSAGE);
    messages.push(JSON.stringify({ method: 'SUBSCRIBE', params, id: messages.length + 1 }));
  }
  return messages;
}

/** Splits instruments so that no connection carries more streams than allowed. */
export function planConnections(
  instruments: readonly InstrumentSpecification[],
  feeds: readonly FeedName[],
  channels: ChannelNames,
  limit: number,
  urls: readonly string[],
): ConnectionPlan[] {
  const perConnection = Math.max(1, Math.floor(limit / Math.max(1, feeds.length)));
  const plans: ConnectionPlan[] = [];
  for (let from = 0; from < instruments.length && feeds.length > 0; from += perConnection) {
    const part = instruments.slice(from, from + perConnection);
    const subscribe = subscribeMessages(streamNames(part, feeds, channels));
    plans.push({ urls, subscribe, symbols: part.map((instrument) => instrument.symbol), feeds });
  }
  return plans;
}

export const CHANNELS: ChannelNames = { depth: 'depth@100ms', trades: 'trade', ticker: 'bookTicker' };
const HOSTS = ['wss://stream.binance.com:9443', 'wss://stream.binance.com:443', 'wss://data-stream.binance.vision'];

/** The server pings every 20 s and closes connections after 24 h; the socket library answers pings. */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) => {
    const hosts = endpoints ? [endpoints.stream] : HOSTS;
    return planConnections(instruments, feeds, CHANNELS, 1024, hosts.map((host) => `${host}/stream`));
  },
  // The snapshot comes by REST; the stream itself goes on.
  resubscribe: () => [],
  silenceMs: 10_000,
  lifetimeMs: 23 * HOUR_MS,
};
