import { ByteKeys } from '../shared/byte-keys.js';
import { objectOf, TwoWayListener, type HeardSink, type RefusalKind } from '../shared/frame-listener.js';
import { Needle } from '../shared/needle.js';
import { wordsOf, type JsonObject } from '../shared/plain.js';
import type { Channel } from '../shared/stream.js';

const BEGIN = new Needle('{"stream":"');

/** Of frames as all three markets write them: `{"stream":"btcusdt@trade","data":…}`; answers carry the number of their request. */
export class BinanceListener extends TwoWayListener {
  private readonly streams = new ByteKeys();

  constructor(
    sink: HeardSink,
    private readonly nameOf: (channel: Channel) => string,
  ) {
    super(sink);
  }

  add(channel: Channel, number: number): void {
    this.streams.set(this.nameOf(channel), number);
  }

  protected head(frame: Uint8Array): boolean {
    if (!BEGIN.standsAt(frame, 0)) return false;
    this.tellData(this.streams.findQuoted(frame, BEGIN.length));
    return true;
  }

  protected whole(frame: JsonObject): void {
    const of = { id: typeof frame.id === 'number' ? frame.id : null, feed: null, venueSymbol: null };
    if (typeof frame.stream === 'string') this.tellData(this.streams.findText(frame.stream));
    else if ('error' in frame || 'code' in frame) this.sink.onRefused(of, refusalOf(frame));
    else if (frame.result === null && of.id !== null) this.sink.onAcknowledged(of);
  }
}

/** `{"error":{"code":4,"msg":"Too many subscriptions"},"id":1}`, or the same without the frame around it. */
function refusalOf(frame: JsonObject): { kind: RefusalKind; reason: string } {
  const { msg } = objectOf(frame.error ?? frame);
  const reason = wordsOf(msg, wordsOf(frame));
  return { kind: /too many/i.test(reason) ? 'rate' : 'other', reason };
}
