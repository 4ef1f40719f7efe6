import { SpanKind, SpanStatusCode, TraceFlags, type Attributes, type HrTime, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { ServiceName } from '@parallax/types';
import type { Outage } from './outage.js';
import type { TraceContext } from './trace-ids.js';

/** A finished piece of work; times are integer microseconds since the epoch. */
export interface SpanRecord extends TraceContext {
  readonly name: string;
  /** Absent at the root of a trace. */
  readonly parentSpanId?: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly kind?: 'internal' | 'consumer' | 'producer' | 'client' | 'server';
  readonly attributes?: Attributes;
  /** Other traces that belong to it: the frames of a signal's other legs. */
  readonly links?: readonly TraceContext[];
  /** What went wrong; absent when nothing did. */
  readonly error?: string;
}

/** A collector that does not answer must not hold up the end of a process, which has five seconds. */
const TIMEOUT_MS = 1_500;
const SPANS_WAITING = 8_192;

/** A second place for spans, beside the collector. */
export interface SpanStore {
  /** Spans that it could not keep. */
  readonly dropped: number;
  add(service: ServiceName, record: SpanRecord): void;
}

export interface SpanWriterOptions {
  readonly service: ServiceName;
  readonly instance: string;
  /** OTLP/HTTP collector, `http://127.0.0.1:4318`; without it spans are counted and dropped. */
  readonly endpoint?: string;
  /** Takes every span too: the local store of a laptop. */
  readonly store?: SpanStore;
  /** Told whether the collector takes spans. */
  readonly outage?: Outage | undefined;
  /** How long spans may wait to be sent together. */
  readonly delayMs?: number;
  /** Spans that may wait; beyond it they are dropped, and memory does not grow. */
  readonly queue?: number;
}

const KINDS = {
  internal: SpanKind.INTERNAL, consumer: SpanKind.CONSUMER, producer: SpanKind.PRODUCER, client: SpanKind.CLIENT, server: SpanKind.SERVER,
} as const;

/**
 * Exports spans that are written after the fact, with ids that were decided elsewhere (trace-ids.ts). Each service has
 * its own writer, so that several services in one process keep their own names. A collector that is down costs spans
 * and nothing else.
 */
export class SpanWriter {
  /** Spans written, those a collector took, and those it did not, or for which there was no room to wait. */
  written = 0;
  exported = 0;
  failed = 0;
  private waiting = 0;
  private readonly resource: Resource;
  private readonly processor: BatchSpanProcessor | null;
  private readonly queue: number;

  constructor(private readonly options: SpanWriterOptions) {
    this.queue = options.queue ?? SPANS_WAITING;
    // Nothing else about the process: arguments, paths and users are nobody's business.
    this.resource = resourceFromAttributes({
      'service.name': options.service,
      'service.namespace': 'parallax',
      'service.instance.id': options.instance,
    });
    this.processor = options.endpoint === undefined ? null : this.processorFor(options.endpoint, options);
  }

  /** Whether anybody takes the spans. */
  get wanted(): boolean {
    return this.processor !== null || this.options.store !== undefined;
  }

  write(record: SpanRecord): void {
    this.written++;
    this.options.store?.add(this.options.service, record);
    if (this.processor === null) return;
    if (this.waiting >= this.queue) {
      this.failed++;
      this.options.outage?.failed('more spans wait than may', 1);
      return;
    }
    this.waiting++;
    this.processor.onEnd(this.spanOf(record));
  }

  /** Resolves when all that was written has been sent or given up. */
  async flush(): Promise<void> {
    await this.processor?.forceFlush().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.processor?.shutdown().catch(() => undefined);
  }

  private processorFor(endpoint: string, { delayMs = 200, outage }: SpanWriterOptions): BatchSpanProcessor {
    const otlp = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: TIMEOUT_MS });
    const counting: SpanExporter = {
      export: (spans, done) =>
        otlp.export(spans, (result) => {
          this.waiting -= spans.length;
          // The SDK gives an error with every result that is no success.
          if (result.error === undefined) {
            this.exported += spans.length;
            outage?.worked();
          } else {
            this.failed += spans.length;
            outage?.failed(result.error.message, spans.length);
          }
          done(result);
        }),
      shutdown: () => otlp.shutdown(),
      forceFlush: () => otlp.forceFlush(),
    };
    return new BatchSpanProcessor(counting, { maxQueueSize: this.queue, maxExportBatchSize: 512, scheduledDelayMillis: delayMs });
  }

  private spanOf(record: SpanRecord): ReadableSpan {
    const context = contextFor(record.traceId, record.spanId);
    return {
      name: record.name,
      kind: KINDS[record.kind ?? 'internal'],
      spanContext: () => context,
      parentSpanContext: record.parentSpanId === undefined ? undefined : contextFor(record.traceId, record.parentSpanId),
      startTime: timeOf(record.startUs),
      endTime: timeOf(Math.max(record.startUs, record.endUs)),
      duration: timeOf(Math.max(0, record.endUs - record.startUs)),
      status: record.error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: record.error },
      attributes: record.attributes ?? {},
      links: (record.links ?? []).map((link) => ({ context: contextFor(link.traceId, link.spanId) })),
      events: [],
      ended: true,
      resource: this.resource,
      instrumentationScope: { name: '@parallax/telemetry' },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  }
}

const contextFor = (traceId: string, spanId: string): SpanContext => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });

/** Seconds and nanoseconds, as OpenTelemetry's API counts time. */
function timeOf(us: number): HrTime {
  const seconds = Math.floor(us / 1_000_000);
  return [seconds, Math.round(us - seconds * 1_000_000) * 1000];
}
