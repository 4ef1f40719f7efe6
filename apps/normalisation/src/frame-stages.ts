import type { VenueNormaliser } from '@parallax/normalisation';
import { latencyOf, type ServiceContext, type StageLatency } from '@parallax/runtime';

/** How long it took each frame of a stream that led to a quote, however many quotes those were: once for each such frame. */
export class FrameStages {
  private readonly toReceived: StageLatency;
  private readonly toQuote: StageLatency;
  private quoted = false;

  constructor(context: Pick<ServiceContext, 'latencies'>) {
    this.toReceived = latencyOf(context, 'exchange-to-received');
    this.toQuote = latencyOf(context, 'received-to-quote');
  }

  /** A frame is taken up. */
  started(): void {
    this.quoted = false;
  }

  /** A quote was handed to the bus. */
  onQuote(): void {
    this.quoted = true;
  }

  /** All that the frame led to is on the bus. Where the venue tells no time of it, how long it took to come here is not known. */
  finished({ eventAtUs, clock }: Pick<VenueNormaliser, 'eventAtUs' | 'clock'>, receivedAtUs: number, nowUs: number): void {
    if (!this.quoted) return;
    this.toQuote.record(receivedAtUs, nowUs);
    const { offsetUs } = clock;
    if (eventAtUs === 0 || offsetUs === null) this.toReceived.recordUnknown();
    else this.toReceived.record(eventAtUs + offsetUs, receivedAtUs);
  }
}
