import type { Bus } from '@parallax/bus';
import { type RiskCore, type RiskEvent, replayOne } from '@parallax/risk';
import { decodeApproved, decodeJson, fillSchema, orderSchema, refusedSchema, STREAMS } from '@parallax/wire';

const READERS: readonly { readonly stream: string; readonly read: (bytes: Uint8Array) => RiskEvent }[] = [
  { stream: STREAMS.approved, read: (bytes) => ({ kind: 'approved', value: decodeApproved(bytes) }) },
  { stream: STREAMS.refused, read: (bytes) => ({ kind: 'refused', value: decodeJson(refusedSchema, bytes) }) },
  { stream: STREAMS.orders, read: (bytes) => ({ kind: 'order', value: decodeJson(orderSchema, bytes) }) },
  { stream: STREAMS.fills, read: (bytes) => ({ kind: 'fill', value: decodeJson(fillSchema, bytes) }) },
];

/** Rebuilds the core from the durable streams: all of them at first, later what came since. */
export class History {
  private readonly last = new Map<string, number>();
  events = 0;
  unreadable = 0;

  constructor(
    private readonly bus: Bus,
    private readonly core: RiskCore,
    private readonly onUnreadable: (stream: string, sequence: number, error: Error) => void,
  ) {}

  /** Resolves when everything that the streams hold now is in the core. Events that come twice change nothing. */
  async catchUp(nowUs: () => number): Promise<void> {
    for (const { stream, read } of READERS) {
      for await (const { bytes, sequence } of this.bus.streams.read(stream, { fromSequence: (this.last.get(stream) ?? 0) + 1 })) {
        this.last.set(stream, sequence);
        try {
          replayOne(this.core, read(bytes), nowUs());
          this.events++;
        } catch (error) {
          this.unreadable++;
          this.onUnreadable(stream, sequence, error as Error);
        }
      }
    }
    this.core.onWake(nowUs());
  }
}
