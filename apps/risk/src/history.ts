import type { Bus, StoredMessage } from '@parallax/bus';
import { type RiskCore, type RiskEvent, replayOne } from '@parallax/risk';
import { readUnbroken } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
import { decodeApproved, decodeJson, fillSchema, orderSchema, planResultSchema, refusedSchema, STREAMS } from '@parallax/wire';

const READERS = new Map<string, (bytes: Uint8Array) => RiskEvent>([
  [STREAMS.approved, (bytes) => ({ kind: 'approved', value: decodeApproved(bytes) })],
  [STREAMS.refused, (bytes) => ({ kind: 'refused', value: decodeJson(refusedSchema, bytes) })],
  [STREAMS.orders, (bytes) => ({ kind: 'order', value: decodeJson(orderSchema, bytes) })],
  [STREAMS.fills, (bytes) => ({ kind: 'fill', value: decodeJson(fillSchema, bytes) })],
  [STREAMS.results, (bytes) => ({ kind: 'result', value: decodeJson(planResultSchema, bytes) })],
]);

const VERDICTS = [STREAMS.approved, STREAMS.refused];

/** Whose plan a message of one of the streams is of; null where it cannot be read. */
export function planOf(stream: string, bytes: Uint8Array): { account: string; intentId: string } | null {
  try {
    const { kind, value } = READERS.get(stream)!(bytes);
    return kind === 'approved' || kind === 'refused' ? { account: value.intent.account, intentId: value.intent.id } : value;
  } catch {
    return null;
  }
}

/**
 * The core's way through the durable streams: each message of a stream is taken once and in its order, whether it is read
 * or a consumer brings it. So nothing counts twice, however long ago the core forgot it, and nothing that another instance
 * took from the consumer is missing.
 */
export class History {
  /** The last message of each stream that the core has taken. */
  private readonly last = new Map<string, number>();
  events = 0;
  unreadable = 0;

  constructor(
    private readonly bus: Bus,
    private readonly core: RiskCore,
    private readonly nowUs: () => number,
    private readonly onUnreadable: (stream: string, sequence: number, error: Error) => void,
    /** Fills are gone from their stream that the core has not taken. */
    private readonly onLost: (error: Error) => void,
  ) {}

  /** Goes on behind these messages of the streams: what they tell is in the core. */
  resume(places: Readonly<Record<string, number>>): void {
    for (const [stream, sequence] of Object.entries(places)) this.last.set(stream, sequence);
  }

  /** Resolves when everything that the streams hold now is in the core. */
  async catchUp(): Promise<void> {
    for (const stream of READERS.keys()) await this.read(stream);
    this.core.onWake(this.nowUs());
  }

  /** Takes the verdicts that the streams hold by now: another instance may have stored one after {@link catchUp}. */
  async readVerdicts(): Promise<void> {
    for (const stream of VERDICTS) await this.read(stream);
  }

  /** A verdict of our own was stored: what is in the core need not be read. */
  stored(kind: 'approved' | 'refused', sequence: number): void {
    const stream = STREAMS[kind];
    if (sequence === this.next(stream)) this.last.set(stream, sequence);
  }

  /** Takes what a consumer brought; what lies between it and the last that was taken is read before. */
  async take(stream: string, { sequence, bytes }: Pick<StoredMessage, 'sequence' | 'bytes'>): Promise<void> {
    if (sequence === this.next(stream)) this.feed(stream, sequence, bytes);
    else if (sequence > this.next(stream)) await this.read(stream);
  }

  private next(stream: string): number {
    return (this.last.get(stream) ?? 0) + 1;
  }

  private async read(stream: string): Promise<void> {
    const { streams } = this.bus;
    const after = this.last.get(stream) ?? 0;
    try {
      // Other streams let go of what is old; a position is the sum of all fills.
      const messages = stream === STREAMS.fills ? readUnbroken(streams, stream, after) : streams.read(stream, { fromSequence: after + 1 });
      for await (const { bytes, sequence } of messages) if (sequence >= this.next(stream)) this.feed(stream, sequence, bytes);
    } catch (error) {
      if (!(error instanceof ParallaxError) || error.code !== 'STORE_FAILED') throw error;
      this.onLost(error);
    }
  }

  private feed(stream: string, sequence: number, bytes: Uint8Array): void {
    this.last.set(stream, sequence);
    try {
      replayOne(this.core, READERS.get(stream)!(bytes), this.nowUs());
      this.events++;
    } catch (error) {
      this.unreadable++;
      this.onUnreadable(stream, sequence, error as Error);
    }
  }
}
