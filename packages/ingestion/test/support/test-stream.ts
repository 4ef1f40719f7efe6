import type { InstrumentSpecification } from '@parallax/types';
import { binance, type Channel, type FeedName, type Owed, type RefusalKind, type StreamRequest, type VenueStream } from '@parallax/venues';

export const SECOND = 1_000_000;
const ON_CHANGE: Owed = { onAsking: false, everyMs: null };

/** An instrument of the venue that these tests make up; its own name is the symbol. */
export const instrument = (symbol: string, status: InstrumentSpecification['status'] = 'trading'): InstrumentSpecification =>
  ({ ...binance.catalogue[0], symbol, venueSymbol: symbol, status });

/**
 * A venue whose protocol is easily read. We say `ask depth A,B #3` and `leave depth A`; it says `depth A`, `beat`, `yes #3`, `yes depth A`,
 * `no #3 rate`, and what else it says means nothing.
 */
export function testStream(more: Partial<VenueStream> = {}, perConnection = 10): VenueStream {
  const requests = (verb: string, channels: readonly Channel[], firstId: number): StreamRequest[] => {
    const feeds = [...new Set(channels.map(({ feed }) => feed))];
    return feeds.map((feed, index) => {
      const part = channels.filter((one) => one.feed === feed);
      return { id: firstId + index, channels: part, text: `${verb} ${feed} ${part.map((one) => one.instrument.venueSymbol).join(',')} #${firstId + index}` };
    });
  };
  return {
    plan: (instruments, feeds) => Array.from({ length: Math.ceil(instruments.length / perConnection) }, (_, part) => ({
      urls: ['ws://one', 'ws://two'], feeds, instruments: instruments.slice(part * perConnection, (part + 1) * perConnection),
    })),
    opening: [],
    subscribe: (channels, firstId) => requests('ask', channels, firstId),
    unsubscribe: (channels, firstId) => requests('leave', channels, firstId),
    renewsBooks: true,
    owes: { depth: ON_CHANGE, ticker: ON_CHANGE, trades: ON_CHANGE },
    beats: false,
    silenceMs: 10_000,
    keepAlive: { afterMs: 4_000, text: 'ping' },
    listen(sink) {
      const numbers = new Map<string, number>();
      return {
        add: ({ instrument: { venueSymbol }, feed }, number) => void numbers.set(`${feed} ${venueSymbol}`, number),
        hear(frame) {
          const text = new TextDecoder().decode(frame);
          const [word, what = '', kind] = text.split(' ');
          const id = what.startsWith('#') ? Number(what.slice(1)) : null;
          const of = { id, feed: id === null && word === 'yes' ? (what as FeedName) : null, venueSymbol: id === null && word === 'yes' ? kind : null };
          const number = numbers.get(text);
          if (word === 'beat') sink.onBeat();
          else if (word === 'yes') sink.onAcknowledged(of);
          else if (word === 'no') sink.onRefused(of, { kind: kind as RefusalKind, reason: `the venue says ${kind}` });
          else if (number !== undefined) sink.onData(number);
        },
      };
    },
    ...more,
  };
}
