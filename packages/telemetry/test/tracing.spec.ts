import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startOtlpReceiver, startRudeServer, until, type OtlpReceiver } from '@parallax/testing';
import type { EventOrigin, ServiceName } from '@parallax/types';
import {
  contextOf, frameContext, FrameRing, FrameSpans, Outage, spanIdOf, SpanWriter, stepSpanId, traceIdOf, traceparentOf,
} from '../src/index.js';

const trigger: EventOrigin = { venue: 'binance', connection: 7, frame: 42, receivedAtUs: 1_700_000_000_000_123 };
const quiet: EventOrigin = { venue: 'okx', connection: 9, frame: 3, receivedAtUs: 1_699_999_999_000_000 };

describe('ids', () => {
  test('follow from the origin alone and differ by frame and service', () => {
    expect(traceIdOf(trigger)).toBe(traceIdOf({ ...trigger }));
    expect(traceIdOf(trigger)).toMatch(/^[0-9a-f]{32}$/);
    expect(spanIdOf(trigger, 'ingestion')).toMatch(/^[0-9a-f]{16}$/);
    const others = [{ ...trigger, frame: 43 }, { ...trigger, connection: 8 }, { ...trigger, venue: 'okx' }, { ...trigger, receivedAtUs: 1 }];
    expect(new Set([trigger, ...others].map(traceIdOf)).size).toBe(5);
    expect(spanIdOf(trigger, 'ingestion')).not.toBe(spanIdOf(trigger, 'normalisation'));
    // Fields must not run into each other.
    expect(traceIdOf({ ...trigger, connection: 1, frame: 23 })).not.toBe(traceIdOf({ ...trigger, connection: 12, frame: 3 }));
  });

  test('go through a traceparent header; what is none is refused', () => {
    const context = frameContext(trigger, 'arbitrage');
    expect(contextOf(traceparentOf(context))).toEqual(context);
    for (const bad of [undefined, '', '00-0-0-01', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`, `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-01`]) {
      expect(contextOf(bad)).toBeNull();
    }
    expect(contextOf(`01-${'a'.repeat(32)}-${'b'.repeat(16)}-01-more`)).toEqual({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
  });
});

describe('spans written afterwards', () => {
  let receiver: OtlpReceiver;
  let writers: SpanWriter[];
  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    writers = [];
  });
  afterEach(async () => {
    await Promise.all(writers.map((writer) => writer.close()));
    await receiver.stop();
  });

  const serviceOf = (service: ServiceName): { ring: FrameRing; writer: SpanWriter; spans: FrameSpans } => {
    const ring = new FrameRing({ frames: 16 });
    const writer = new SpanWriter({ service, instance: `${service}-1`, endpoint: receiver.endpoint, delayMs: 20 });
    writers.push(writer);
    return { ring, writer, spans: new FrameSpans(service, ring, writer) };
  };
  const handle = (ring: FrameRing, origin: EventOrigin, afterUs: number, instrument: number): void => {
    ring.start(origin.connection, origin.frame, origin.receivedAtUs, origin.receivedAtUs + afterUs);
    ring.touch(instrument);
    ring.finish(origin.receivedAtUs + afterUs + 5);
  };

  test('of several services form one tree from the frame on, under their own names, with a link to the quiet leg', async () => {
    const ingestion = serviceOf('ingestion');
    const normalisation = serviceOf('normalisation');
    const arbitrage = serviceOf('arbitrage');
    for (const [index, { ring }] of [ingestion, normalisation, arbitrage].entries()) {
      handle(ring, quiet, index * 100, 1);
      // The ring has long gone over the quiet leg's frame; what is kept by symbol has not.
      for (let frame = 4; frame < 200; frame++) handle(ring, { ...quiet, frame }, 0, 2);
      handle(ring, trigger, index * 100, 0);
    }
    for (const { spans } of [ingestion, normalisation, arbitrage]) {
      spans.keep({ origin: trigger, links: [quiet] });
      spans.keep({ origin: trigger, links: [quiet] });
    }
    const traceId = traceIdOf(trigger);
    const intent = stepSpanId(traceId, 'arbitrage', 'intent', 'i-1');
    const parent = spanIdOf(trigger, 'arbitrage');
    arbitrage.writer.write({ traceId, spanId: intent, parentSpanId: parent, name: 'intent', startUs: 1, endUs: 2, error: 'refused' });
    await Promise.all(writers.map((writer) => writer.flush()));

    const tree = receiver.spans.filter((span) => span.traceId === traceId);
    expect(tree.map(({ service }) => service).sort()).toEqual(['arbitrage', 'arbitrage', 'ingestion', 'normalisation']);
    const roots = tree.filter((span) => !tree.some(({ spanId }) => spanId === span.parentSpanId));
    expect(roots.map(({ service, parentSpanId }) => [service, parentSpanId])).toEqual([['ingestion', '']]);
    expect(tree.find(({ service }) => service === 'normalisation')).toMatchObject({
      startUs: trigger.receivedAtUs + 100,
      endUs: trigger.receivedAtUs + 105,
      links: [{ traceId: traceIdOf(quiet), spanId: spanIdOf(quiet, 'ingestion') }],
    });
    expect(tree.find(({ spanId }) => spanId === intent)).toMatchObject({ parentSpanId: parent, error: true });
    expect(receiver.spans.filter((span) => span.traceId === traceIdOf(quiet))).toHaveLength(3);
    expect(ingestion.writer).toMatchObject({ written: 2, exported: 2, failed: 0 });
  });

  test('a million frames that led to nothing send nothing', async () => {
    const { ring, writer, spans } = serviceOf('normalisation');
    for (let frame = 1; frame <= 1_000_000; frame++) {
      ring.start(1, frame, frame, frame);
      ring.touch(frame % 50);
      ring.finish(frame);
    }
    await writer.flush();
    expect([writer.written, receiver.requests]).toEqual([0, 0]);
    spans.keep({ origin: { venue: 'binance', connection: 1, frame: 5, receivedAtUs: 5 }, links: [] });
    expect([spans.forgotten, writer.written]).toEqual([1, 0]);
    spans.keep({ origin: { venue: 'binance', connection: 1, frame: 1_000_000, receivedAtUs: 1_000_000 }, links: [], services: ['risk'] });
    expect(writer.written).toBe(0);
  });

  test('a collector that is down costs spans and nothing else', async () => {
    await receiver.stop();
    const { writer } = serviceOf('risk');
    writer.write({ ...frameContext(trigger), name: 'lost', startUs: 1, endUs: 2 });
    await writer.close();
    expect(writer).toMatchObject({ written: 1, exported: 0, failed: 1 });
  });

  test('a collector that is down is told once with its address, and once when it is back; more spans than may wait are counted as lost', async () => {
    await receiver.stop();
    const lines: unknown[] = [];
    const outage = new Outage('the collector of spans', receiver.endpoint, { warn: (...line: unknown[]) => void lines.push(line) }, { nowUs: () => 0 });
    const writer = new SpanWriter({ service: 'risk', instance: 'risk-1', endpoint: receiver.endpoint, delayMs: 60_000, queue: 3, outage });
    writers.push(writer);
    for (let spans = 0; spans < 5; spans++) writer.write({ ...frameContext(trigger), name: 'lost', startUs: 1, endUs: 2 });
    await until(() => writer.failed === 5);
    expect(writer).toMatchObject({ written: 5, exported: 0 });
    expect(lines).toEqual([[
      'the collector of spans takes nothing; what it should take is lost until it does', { place: receiver.endpoint, occurrence: 1, reason: 'more spans wait than may' },
    ]]);
    outage.worked();
    expect(lines[1]).toEqual(['the collector of spans takes what it is given again', { place: receiver.endpoint, occurrence: 1, lastedMs: 0, lost: 5 }]);
  });

  test('nor does one that resets its connections and answers with noise', async () => {
    const rude = await startRudeServer(5, ['HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{', 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n']);
    const writer = new SpanWriter({ service: 'risk', instance: 'risk-1', endpoint: `http://127.0.0.1:${rude.port}`, delayMs: 5 });
    writers.push(writer);
    for (let written = 1; written <= 10; written++) {
      writer.write({ ...frameContext(trigger), name: 'lost', startUs: 1, endUs: 2 });
      await writer.flush();
      expect(writer.exported + writer.failed).toBe(written);
    }
    expect(rude.accepted).toBeGreaterThanOrEqual(10);
    await rude.stop();
  });
});

describe('the ring', () => {
  const times = { receivedAtUs: 0, startedAtUs: 0, finishedAtUs: 0 };

  test('keeps the last frames of each connection and forgets what was overwritten', () => {
    const ring = new FrameRing({ frames: 4 });
    for (let frame = 1; frame <= 6; frame++) {
      ring.start(1, frame, frame * 10, frame * 10 + 1);
      ring.start(2, frame, frame * 20, frame * 20 + 1);
      ring.finish(frame * 20 + 2);
    }
    expect(ring.find(1, 2, times)).toBe(false);
    expect(ring.find(1, 3, times)).toBe(true);
    expect(times).toEqual({ receivedAtUs: 30, startedAtUs: 31, finishedAtUs: 0 });
    expect(ring.find(2, 6, times)).toBe(true);
    expect(times).toEqual({ receivedAtUs: 120, startedAtUs: 121, finishedAtUs: 122 });
    expect(ring.find(3, 6, times)).toBe(false);
    expect(ring.find(1, 0, times)).toBe(false);
  });

  test('forgets the connection unused for longest', () => {
    const ring = new FrameRing({ frames: 4, connections: 2 });
    for (const connection of [1, 2, 1, 3]) ring.start(connection, 1, 1, 1);
    expect([1, 2, 3].map((connection) => ring.find(connection, 1, times))).toEqual([true, false, true]);
  });

  test('keeps the last frame of any number of symbols', () => {
    const ring = new FrameRing({ frames: 2 });
    for (let instrument = 0; instrument < 300; instrument++) {
      ring.start(1, instrument + 1, instrument, instrument);
      ring.touch(instrument);
      ring.finish(instrument + 1);
    }
    expect(ring.find(1, 1, times)).toBe(true);
    expect(ring.find(1, 300, times)).toBe(true);
    expect(times.finishedAtUs).toBe(300);
    expect(() => new FrameRing({ frames: 3 })).toThrow('power of two');
  });
});
