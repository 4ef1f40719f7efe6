import { objectOf, type HeardSink, type RefusalKind } from '../shared/frame-listener.js';
import { MarkedListener } from '../shared/marked-listener.js';
import { wordsOf, type JsonObject } from '../shared/plain.js';
import type { FeedName } from '../shared/stream.js';
import { CHANNEL_NAMES } from './channels.js';

const FEEDS: Readonly<Record<string, FeedName>> = {
  __proto__: null as never, ...Object.fromEntries(Object.entries(CHANNEL_NAMES).map(([feed, name]) => [name, feed as FeedName])),
};
const RATE_CODES: ReadonlySet<string> = new Set(['50011', '60014', '60023']);
/** No such channel or instrument. */
const LASTING_CODES: ReadonlySet<string> = new Set(['60018', '51001']);
/** How the venue names a channel that it does not have. */
const NAMED = /channel:([\w-]+),instId:([\w-]+)/;

/** OKX: `{"arg":{"channel":"books","instId":"BTC-USDT"},…`; each channel is acknowledged by itself. */
export class OkxListener extends MarkedListener {
  constructor(sink: HeardSink) {
    super(sink, { begin: '{"arg":{"channel":"', channels: FEEDS, symbol: '"instId":"', several: false });
  }

  protected whole(frame: JsonObject): void {
    const { channel, instId } = objectOf(frame.arg);
    const of = { id: idOf(frame.id), feed: feedOf(channel), venueSymbol: textOf(instId) };
    if (frame.event === undefined) this.tell(channel, instId);
    else if (frame.event === 'subscribe') this.sink.onAcknowledged(of);
    else if (frame.event === 'error') {
      const code = wordsOf(frame.code);
      const reason = `${code} ${wordsOf(frame.msg)}`.trim();
      const [, named, symbol] = NAMED.exec(reason) ?? [];
      const kind: RefusalKind = RATE_CODES.has(code) ? 'rate' : LASTING_CODES.has(code) ? 'lasting' : 'other';
      this.sink.onRefused(named === undefined ? of : { ...of, feed: feedOf(named), venueSymbol: symbol }, { kind, reason });
    }
  }
}

const idOf = (value: unknown): number | null => (typeof value === 'string' || typeof value === 'number' ? Number(value) : null);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const feedOf = (channel: unknown): FeedName | null => (typeof channel === 'string' ? (FEEDS[channel] ?? null) : null);
