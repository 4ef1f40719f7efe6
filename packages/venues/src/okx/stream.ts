import { announcement } from '../shared/announcement.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { Channel, StreamRequest, VenueStream } from '../shared/stream.js';
import { CHANNEL_NAMES, UPGRADE_NOTICE } from './channels.js';
import { LIMITS } from './limits.js';
import { OkxListener } from './listener.js';

/** A request may hold 64 KB; 60 channels of some 70 bytes stay far below. */
const CHANNELS_PER_REQUEST = 60;
/** Port 8443 is the old one and was reported to be retired on 2026-10-31. */
const HOSTS = ['wss://ws.okx.com', 'wss://ws.okx.com:8443'];

function requests(op: 'subscribe' | 'unsubscribe', channels: readonly Channel[], firstId: number): StreamRequest[] {
  const made: StreamRequest[] = [];
  for (let from = 0; from < channels.length; from += CHANNELS_PER_REQUEST) {
    const part = channels.slice(from, from + CHANNELS_PER_REQUEST);
    const id = firstId + made.length;
    const args = part.map(({ feed, instrument }) => ({ channel: CHANNEL_NAMES[feed], instId: instrument.venueSymbol }));
    made.push({ id, channels: part, text: JSON.stringify({ id: String(id), op, args }) });
  }
  return made;
}

/** The server closes a connection that was silent for 30 s or subscribed to nothing; it answers the text `ping`. */
export const STREAM: VenueStream = {
  plan: (instruments, feeds, endpoints) => {
    const hosts = endpoints ? [endpoints.stream] : HOSTS;
    return connectionPlans(instruments, feeds, LIMITS.streamsPerConnection, hosts.map((host) => `${host}/ws/v5/public`));
  },
  opening: [],
  subscribe: (channels, firstId) => requests('subscribe', channels, firstId),
  unsubscribe: (channels, firstId) => requests('unsubscribe', channels, firstId),
  renewsBooks: true,
  owes: {
    // Where a book does not change for about 60 s an update without levels comes. That the first snapshot comes is announced to end.
    depth: { onAsking: false, everyMs: 60_000 },
    trades: { onAsking: false, everyMs: null },
    ticker: { onAsking: true, everyMs: null },
  },
  beats: false,
  listen: (sink) => new OkxListener(sink),
  keepAlive: { afterMs: 20_000, text: 'ping' },
  silenceMs: 30_000,
  // A notice of a service upgrade comes 30 to 60 s before the end.
  announcesEnd: announcement(`"code":"${UPGRADE_NOTICE}"`),
};
