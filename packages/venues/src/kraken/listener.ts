import { objectOf, objectsOf, type HeardSink, type RefusalKind } from '../shared/frame-listener.js';
import { MarkedListener } from '../shared/marked-listener.js';
import { wordsOf, type JsonObject } from '../shared/plain.js';
import { feedOf } from './channels.js';

/**
 * Kraken v2: `{"channel":"book","type":"update","data":[{"symbol":"BTC/USD",…`. Each symbol of a request is answered by itself,
 * a refusal without the channel: the request's number says it.
 */
export class KrakenListener extends MarkedListener {
  constructor(sink: HeardSink) {
    super(sink, {
      begin: '{"channel":"', channels: { book: 'depth', trade: 'trades', ticker: 'ticker', heartbeat: 'beat' }, symbol: '"symbol":"', several: true,
    });
  }

  protected whole(frame: JsonObject): void {
    if (frame.channel !== undefined) return this.data(frame);
    const result = objectOf(frame.result ?? frame);
    const venueSymbol = typeof result.symbol === 'string' ? result.symbol : null;
    const of = { id: typeof frame.req_id === 'number' ? frame.req_id : null, feed: feedOf(result.channel), venueSymbol };
    if (frame.error !== undefined || frame.success === false) {
      if (frame.method !== 'unsubscribe') this.sink.onRefused(of, refusalOf(wordsOf(frame.error, 'refused without a reason')));
    } else if (frame.method === 'subscribe') {
      this.sink.onAcknowledged(of);
    }
  }

  private data({ channel, data }: JsonObject): void {
    if (channel === 'heartbeat') return this.tell(channel, null);
    for (const entry of objectsOf(data)) this.tell(channel, entry.symbol);
  }
}

function refusalOf(reason: string): { kind: RefusalKind; reason: string } {
  return { kind: /rate/i.test(reason) ? 'rate' : /not supported|not found|invalid/i.test(reason) ? 'lasting' : 'other', reason };
}
