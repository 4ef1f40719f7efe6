import type { Counters, EventOrigin, ServiceName, TraceKeep, TraceStep, Tracing } from '@parallax/types';
import { FrameRing, type FrameRingOptions } from './frame-ring.js';
import { FrameSpans, frameContext } from './frame-spans.js';
import { SpanWriter, type SpanWriterOptions } from './span-writer.js';
import { contextOf, stepSpanId, traceparentOf } from './trace-ids.js';

const STEPS_REMEMBERED = 4096;

/** One service's traces: the ring of its frames, and the writer of its spans. Where nobody takes spans it keeps nothing. */
export class ServiceTracing implements Tracing {
  readonly writer: SpanWriter;
  readonly frames: FrameSpans;
  private readonly service: ServiceName;
  private readonly counted: (() => Counters) | undefined;
  private readonly ring: FrameRing;
  private readonly wanted: boolean;
  private readonly written = new Set<string>();

  constructor(options: SpanWriterOptions & { readonly ring?: FrameRingOptions; readonly counted?: () => Counters }) {
    this.service = options.service;
    this.counted = options.counted;
    this.writer = new SpanWriter(options);
    this.wanted = this.writer.wanted;
    this.ring = new FrameRing(options.ring);
    this.frames = new FrameSpans(options.service, this.ring, this.writer);
  }

  /** Spans of the process that are lost, where this service tells of them for all. */
  get counters(): Counters {
    return this.counted?.() ?? {};
  }

  frameStarted(connection: number, frame: number, receivedAtUs: number, startedAtUs: number): void {
    if (this.wanted) this.ring.start(connection, frame, receivedAtUs, startedAtUs);
  }

  frameTouched(instrument: number): void {
    this.ring.touch(instrument);
  }

  frameFinished(finishedAtUs: number): void {
    this.ring.finish(finishedAtUs);
  }

  keep(message: TraceKeep): void {
    if (this.wanted) this.frames.keep(message);
  }

  contextOfFrame(origin: EventOrigin): string {
    return traceparentOf(frameContext(origin, this.service));
  }

  contextOfStep(within: string | undefined, step: string, key: string): string | undefined {
    const context = contextOf(within);
    if (context === null) return undefined;
    return traceparentOf({ traceId: context.traceId, spanId: stepSpanId(context.traceId, this.service, step, key) });
  }

  step({ within, step, key, startUs, endUs, attributes, links, error }: TraceStep): void {
    const parent = this.wanted ? contextOf(within) : null;
    if (parent === null) return;
    const { traceId } = parent;
    const spanId = stepSpanId(traceId, this.service, step, key);
    if (this.written.has(spanId)) return;
    this.remember(spanId);
    this.writer.write({
      traceId, spanId, parentSpanId: parent.spanId, name: `${this.service} ${step}`, startUs, endUs,
      attributes: { [`parallax.${step}`]: key, ...attributes },
      ...(links === undefined ? {} : { links: links.map((link) => frameContext(link)) }),
      ...(error === undefined ? {} : { error }),
    });
  }

  close(): Promise<void> {
    return this.writer.close();
  }

  private remember(spanId: string): void {
    this.written.add(spanId);
    if (this.written.size <= STEPS_REMEMBERED) return;
    for (const oldest of this.written) {
      this.written.delete(oldest);
      break;
    }
  }
}
