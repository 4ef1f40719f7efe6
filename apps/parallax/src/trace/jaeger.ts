import type { StoredSpan } from '@parallax/telemetry';
import { ParallaxError, type ServiceName } from '@parallax/types';
import { z } from 'zod';

const TIMEOUT_MS = 10_000;
const reference = z.object({ refType: z.string(), traceID: z.string(), spanID: z.string() });
const answerSchema = z.object({
  data: z.array(z.object({
    spans: z.array(z.object({
      traceID: z.string(), spanID: z.string(), operationName: z.string(), references: z.array(reference).default([]),
      startTime: z.number(), duration: z.number(), processID: z.string(),
      tags: z.array(z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) })).default([]),
    })),
    processes: z.record(z.string(), z.object({ serviceName: z.string() })),
  })),
});
/** Tags that Jaeger adds of its own. */
const OWN = /^(otel\.|span\.kind$|internal\.|error$)/;

/**
 * Spans of a trace from Jaeger's query API (`GET /api/traces/<id>`, times in microseconds, links as references).
 * @throws ParallaxError `SERVICE_MISSING` when it does not answer as documented.
 */
export async function askJaeger(url: string, traceId: string): Promise<StoredSpan[]> {
  try {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/api/traces/${traceId}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.status === 404) return [];
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
    const { data } = answerSchema.parse(await answer.json());
    return data.flatMap(({ spans, processes }) => spans.map((span): StoredSpan => {
      const parent = span.references.find(({ refType, traceID }) => refType === 'CHILD_OF' && traceID === span.traceID);
      const links = span.references.filter(({ traceID }) => traceID !== span.traceID);
      return {
        service: processes[span.processID]?.serviceName as ServiceName, traceId: span.traceID, spanId: span.spanID, name: span.operationName,
        ...(parent === undefined ? {} : { parentSpanId: parent.spanID }),
        startUs: span.startTime, endUs: span.startTime + span.duration,
        attributes: Object.fromEntries(span.tags.filter(({ key }) => !OWN.test(key)).map(({ key, value }) => [key, value])),
        links: links.map(({ traceID, spanID }) => ({ traceId: traceID, spanId: spanID })),
        ...(span.tags.some(({ key, value }) => key === 'error' && value !== false) ? { error: 'error' } : {}),
      };
    }));
  } catch (cause) {
    throw new ParallaxError('SERVICE_MISSING', `the trace cannot be read from ${url}: ${(cause as Error).message}`, { cause, place: 'PARALLAX_TRACE_QUERY_URL' });
  }
}
