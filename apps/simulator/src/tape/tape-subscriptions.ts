import { parseObject, textList } from '../venues/text.js';

/**
 * What a client of a tape asked for. Venues whose streams stand alone (Binance, OKX) are filtered by it; venues that
 * number a connection or whose client may not choose (Coinbase, Kraken) get a recorded connection as a whole.
 */
export interface TapeSubscriptions {
  /** Takes a client's message; returns what to answer when the tape holds no acknowledgement. */
  onText(text: string): readonly string[];
  /** Nothing asked for yet: nothing is played. */
  readonly empty: boolean;
  /** The frame as it goes to this client; null when it did not ask for it. */
  select(frame: string | Buffer): string | Buffer | null;
}

const STREAM_NAME = /^\{"stream":"([^"]+)","data":/;
/** `btcusdt@depth@100ms` and `btcusdt@depth@0ms` are one stream at different speeds. */
const streamKey = (stream: string): string => stream.split('@').slice(0, 2).join('@');

export class BinanceSubscriptions implements TapeSubscriptions {
  private readonly streams = new Set<string>();

  constructor(private readonly combined: boolean, streams: readonly string[]) {
    for (const stream of streams) this.streams.add(streamKey(stream));
  }

  get empty(): boolean {
    return this.streams.size === 0;
  }

  onText(text: string): readonly string[] {
    const message = parseObject(text);
    const params = textList(message?.params).map(streamKey);
    if (message?.method === 'SUBSCRIBE') for (const each of params) this.streams.add(each);
    else if (message?.method === 'UNSUBSCRIBE') for (const each of params) this.streams.delete(each);
    else if (message?.method === 'LIST_SUBSCRIPTIONS') return [JSON.stringify({ result: [...this.streams], id: message.id ?? null })];
    else return [JSON.stringify({ error: { code: 2, msg: 'Invalid request' }, id: message?.id ?? null })];
    return [JSON.stringify({ result: null, id: message.id ?? null })];
  }

  select(frame: string | Buffer): string | Buffer | null {
    const match = typeof frame === 'string' ? STREAM_NAME.exec(frame) : null;
    if (!match || !this.streams.has(streamKey(match[1]))) return null;
    return this.combined ? frame : (frame as string).slice(match[0].length, -1);
  }
}

const OKX_ARGUMENT = /"arg":\{"channel":"([^"]+)","instId":"([^"]+)"/;

export class OkxSubscriptions implements TapeSubscriptions {
  private readonly wanted = new Set<string>();

  /** `acknowledged` names what the tape itself acknowledges. */
  constructor(private readonly acknowledged: ReadonlySet<string>) {}

  get empty(): boolean {
    return this.wanted.size === 0;
  }

  onText(text: string): readonly string[] {
    if (text === 'ping') return ['pong'];
    const message = parseObject(text);
    if (!message || !Array.isArray(message.args)) {
      return [JSON.stringify({ event: 'error', code: '60012', msg: `Invalid request: ${text}` })];
    }
    const answers: string[] = [];
    for (const arg of message.args as { channel?: unknown; instId?: unknown }[]) {
      const key = `${String(arg.channel)}:${String(arg.instId)}`;
      if (message.op === 'subscribe') this.wanted.add(key);
      else this.wanted.delete(key);
      if (message.op !== 'subscribe' || !this.acknowledged.has(key)) answers.push(JSON.stringify({ event: message.op, arg }));
    }
    return answers;
  }

  select(frame: string | Buffer): string | Buffer | null {
    const key = okxKey(frame);
    return key !== null && this.wanted.has(key) ? frame : null;
  }
}

/** `channel:instId` of a frame; null where it has none. */
export function okxKey(frame: string | Buffer): string | null {
  const match = typeof frame === 'string' ? OKX_ARGUMENT.exec(frame) : null;
  return match && `${match[1]}:${match[2]}`;
}

/** Everything of the recorded connection, once the client has said anything. */
export class WholeConnection implements TapeSubscriptions {
  empty = true;

  onText(text: string): readonly string[] {
    this.empty = false;
    const message = parseObject(text);
    if (message?.method === 'ping') return [JSON.stringify({ method: 'pong', req_id: message.req_id })];
    return message?.event === 'ping' ? [JSON.stringify({ event: 'pong', reqid: message.reqid })] : [];
  }

  select(frame: string | Buffer): string | Buffer {
    return frame;
  }
}
