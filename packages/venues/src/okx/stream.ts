import type { InstrumentSpecification } from '@parallax/types';
import { announcement } from '../shared/announcement.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { FeedName, VenueStream } from '../shared/definition.js';
import { UPGRADE_NOTICE } from './channels.js';
import { LIMITS } from './limits.js';

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
    return connectionPlans(instruments, feeds, LIMITS.streamsPerConnection, urls, (part) =>
      requests('subscribe', part.flatMap((instrument) => feeds.map((feed) => channelOf(instrument, feed)))));
  },
  resubscribe: (instrument, feed) => {
    const channels = [channelOf(instrument, feed)];
    return [...requests('unsubscribe', channels), ...requests('subscribe', channels)];
  },
  keepAlive: { afterMs: 20_000, text: 'ping' },
  silenceMs: 30_000,
  // A notice of a service upgrade comes 30 to 60 s before the end.
  announcesEnd: announcement(`"code":"${UPGRADE_NOTICE}"`),
};
