import type { EventOrigin, ServiceName } from '@parallax/types';
import type { FrameRing, FrameTimes } from './frame-ring.js';
import type { SpanWriter } from './span-writer.js';
import { spanIdOf, traceIdOf, type TraceContext } from './trace-ids.js';

/** The service whose span a service's own hangs under; the first of the way has none and starts the trace. */
const PARENT: Partial<Record<ServiceName, ServiceName>> = { normalisation: 'ingestion', regime: 'normalisation', arbitrage: 'normalisation' };

/** What a link to a frame's trace points at: its root, the work of the service that received it. */
export function frameContext(origin: EventOrigin, service: ServiceName = 'ingestion'): TraceContext {
  return { traceId: traceIdOf(origin), spanId: spanIdOf(origin, service) };
}

/**
 * Writes a service's spans of frames that led to something, from the times in its ring. Each frame is written once,
 * however often it is named; a frame that nobody names costs nothing.
 */
export class FrameSpans {
  private readonly times: FrameTimes = { receivedAtUs: 0, startedAtUs: 0, finishedAtUs: 0 };
  private readonly seen = new Set<string>();
  /** Frames that were named but no longer known here. */
  forgotten = 0;

  constructor(
    private readonly service: ServiceName,
    private readonly ring: FrameRing,
    private readonly writer: SpanWriter,
  ) {}

  /** Writes the spans of the frame that triggered a signal and of the other legs' frames (`ops.trace.keep`). */
  keep(message: { readonly origin: EventOrigin; readonly links: readonly EventOrigin[]; readonly services?: readonly ServiceName[] }): void {
    if (message.services !== undefined && !message.services.includes(this.service)) return;
    this.keepFrame(message.origin, message.links);
    for (const link of message.links) this.keepFrame(link, []);
  }

  private keepFrame(origin: EventOrigin, links: readonly EventOrigin[]): void {
    const { traceId, spanId } = frameContext(origin, this.service);
    if (this.seen.has(spanId)) return;
    const parent = PARENT[this.service];
    const found = this.ring.find(origin.connection, origin.frame, this.times);
    if (!found && !this.recall(origin, parent === undefined)) {
      this.forgotten++;
      return;
    }
    this.remember(spanId);
    // The first service's span begins when the frame came in, the others' when they took it up.
    const startUs = parent === undefined ? this.times.receivedAtUs : this.times.startedAtUs;
    this.writer.write({
      traceId,
      spanId,
      parentSpanId: parent === undefined ? undefined : spanIdOf(origin, parent),
      name: `${this.service} frame`,
      kind: parent === undefined ? 'internal' : 'consumer',
      startUs,
      endUs: Math.max(startUs, this.times.finishedAtUs),
      attributes: {
        'parallax.venue': origin.venue,
        'parallax.connection': origin.connection,
        'parallax.frame': origin.frame,
        'parallax.received_at_us': origin.receivedAtUs,
        ...(found ? {} : { 'parallax.end_unknown': true }),
      },
      links: links.map((link) => frameContext(link)),
    });
  }

  /**
   * The first service cannot tell which symbol a frame is of, so it keeps none outside the ring. A quiet leg's frame that
   * has left the ring still roots its trace: the origin says when it came in, only its end is unknown.
   */
  private recall({ connection, receivedAtUs }: EventOrigin, first: boolean): boolean {
    if (!first || !this.ring.knows(connection)) return false;
    this.times.receivedAtUs = receivedAtUs;
    this.times.startedAtUs = receivedAtUs;
    this.times.finishedAtUs = receivedAtUs;
    return true;
  }

  private remember(spanId: string): void {
    this.seen.add(spanId);
    if (this.seen.size <= 4096) return;
    for (const oldest of this.seen) {
      this.seen.delete(oldest);
      break;
    }
  }
}
