import type { Bus, StoredMessage } from '@parallax/bus';
import { type RiskCore, type RiskEvent, replayOne } from '@parallax/risk';
import { decodeApproved, decodeJson, fillSchema, orderSchema, planResultSchema, refusedSchema, STREAMS } from '@parallax/wire';

const READERS = new Map<string, (bytes: Uint8Array) => RiskEvent>([
  [STREAMS.approved, (bytes) => ({ kind: 'approved', value: decodeApproved(bytes) })],
  [STREAMS.refused, (bytes) => ({ kind: 'refused', value: decodeJson(refusedSchema, bytes) })],
  [STREAMS.orders, (bytes) => ({ kind: 'order', value: decodeJson(orderSchema, bytes) })],
  [STREAMS.fills, (bytes) => ({ kind: 'fill', value: decodeJson(fillSchema, bytes) })],
  [STREAMS.results, (bytes) => ({ kind: 'result', value: decodeJson(planResultSchema, bytes) })],
]);

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
  ) {}

  /** Resolves when everything that the streams hold now is in the core. */
  async catchUp(): Promise<void> {
    for (const stream of READERS.keys()) await this.read(stream);
    this.core.onWake(this.nowUs());
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
    for await (const { bytes, sequence } of this.bus.streams.read(stream, { fromSequence: this.next(stream) })) {
      if (sequence >= this.next(stream)) this.feed(stream, sequence, bytes);
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
