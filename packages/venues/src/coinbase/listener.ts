import { objectOf, objectsOf, type HeardSink, type RefusalKind } from '../shared/frame-listener.js';
import { MarkedListener } from '../shared/marked-listener.js';
import { wordsOf, type JsonObject } from '../shared/plain.js';
import type { FeedName } from '../shared/stream.js';

/** Channels as they are asked for; books come on `l2_data`. */
export const CHANNELS: Readonly<Record<FeedName, string>> = { depth: 'level2', trades: 'market_trades', ticker: 'ticker' };

/**
 * Coinbase: `{"channel":"l2_data",…,"product_id":"BTC-USD",…`. What is subscribed is told as a whole list after each request;
 * a refusal names neither request nor product.
 */
export class CoinbaseListener extends MarkedListener {
  constructor(sink: HeardSink) {
    super(sink, {
      begin: '{"channel":"', channels: { l2_data: 'depth', market_trades: 'trades', ticker: 'ticker', heartbeats: 'beat' },
      symbol: '"product_id":"', several: true,
    });
  }

  protected whole(frame: JsonObject): void {
    if (frame.type === 'error') {
      const reason = wordsOf(frame.message, 'refused without a reason');
      return this.sink.onRefused({ id: null, feed: null, venueSymbol: null }, { kind: kindOf(reason), reason });
    }
    const events = objectsOf(frame.events);
    if (frame.channel === 'subscriptions') return this.subscriptions(events);
    if (frame.channel === 'heartbeats') return this.tell(frame.channel, null);
    for (const event of events) {
      this.tell(frame.channel, event.product_id);
      for (const entry of [...objectsOf(event.trades), ...objectsOf(event.tickers)]) this.tell(frame.channel, entry.product_id);
    }
  }

  private subscriptions(events: readonly JsonObject[]): void {
    for (const { subscriptions } of events) {
      for (const [name, products] of Object.entries(objectOf(subscriptions))) {
        const feed = (Object.keys(CHANNELS) as FeedName[]).find((one) => CHANNELS[one] === name);
        if (feed === undefined || !Array.isArray(products)) continue;
        for (const product of products) if (typeof product === 'string') this.sink.onAcknowledged({ id: null, feed, venueSymbol: product });
      }
    }
  }
}

function kindOf(reason: string): RefusalKind {
  return /rate|too many/i.test(reason) ? 'rate' : /not found|invalid|not valid|unknown/i.test(reason) ? 'lasting' : 'other';
}
