import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { natsConfiguration, passwordVariable, PROVISIONER } from '@parallax/bus';
import { settingsOf } from '@parallax/config';
import { identify } from '@parallax/recordings';
import { contextOf, ProcessTracing, readSpans, TRACES, type StoredSpan } from '@parallax/telemetry';
import { describeWith, startNatsServer, startOtlpReceiver } from '@parallax/testing';
import { VENUES } from '@parallax/venues';
import { decodeJson, fillSchema, orderSchema, STREAMS, TOPOLOGY } from '@parallax/wire';
import { memoryBuses } from '../src/compose/buses.js';
import { instrumentsOf } from '../src/replay/instruments.js';
import { replay } from '../src/replay/replay.js';
import { parallax } from './support/command-line.js';
import { replayed, scratchFolder, SILENT } from './support/replaying.js';
import { EDGE_AT_US, recordScript } from './support/scripted-recording.js';

const COSTS = { FEES: '0', MIN_EDGE_BPS: '5' };
/** Two legs, each from three levels. */
const FILLS = 6;
const WAY = [
  'ingestion frame', 'normalisation frame', 'arbitrage frame', 'arbitrage intent', 'risk verdict', 'execution plan', 'execution order', 'execution fill',
];

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let files: string[];
beforeAll(async () => {
  folder = await scratchFolder();
  files = await recordScript((venue) => folder.path(`${venue}.jsonl.gz`));
});
afterAll(() => folder.remove());

/** Every span that a replay left, in an order of their own. */
async function spansOf(state: string): Promise<StoredSpan[]> {
  const spans = await readSpans(`${folder.path(state)}/${TRACES}`, '', () => true);
  return spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));
}

/** Names from the root down to the span. */
function wayTo(span: StoredSpan, spans: readonly StoredSpan[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent ? wayTo(parent, spans) : []), span.name];
}

test('every order and fill of a replay carries its trace, tracing kept or not', async () => {
  const recordings = await Promise.all(files.map((file) => identify(file, VENUES, undefined)));
  const buses = await memoryBuses();
  const tracing = new ProcessTracing({ instance: 'test' });
  const counted = await replay({
    recordings, instruments: (await Promise.all(recordings.map((one) => instrumentsOf(one, undefined, undefined)))).map(({ instruments }) => instruments), venues: VENUES,
    stepUs: 20_000, log: SILENT, buses, tracing, settings: { ...settingsOf(COSTS, VENUES), venues: ['okx', 'coinbase'], stateDirectory: null },
    onProgress: () => {}, pace: () => Promise.resolve(), signal: new AbortController().signal,
  });
  const { streams } = await buses.as('gateway');
  const orders = new Map<string, string | undefined>();
  const fills = new Map<string, string | undefined>();
  for await (const { bytes } of streams.read(STREAMS.orders, {})) {
    const { id, traceparent } = decodeJson(orderSchema, bytes);
    orders.set(id, contextOf(traceparent)?.traceId);
  }
  for await (const { bytes } of streams.read(STREAMS.fills, {})) {
    const { id, traceparent } = decodeJson(fillSchema, bytes);
    fills.set(id, contextOf(traceparent)?.traceId);
  }
  await buses.drain();
  expect([orders.size, fills.size]).toEqual([2, FILLS]);
  expect([counted.orders, counted.orderIds, counted.fills]).toEqual([2, [...orders.keys()], FILLS]);
  expect([...new Set([...orders.values(), ...fills.values()])]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
});

describe('the spans of a fill', () => {
  test('are one tree from the recorded frame on, in event time, with a link to the other leg’s frame', async () => {
    await replayed(files, { stateDirectory: folder.path('tree') }, COSTS);
    const spans = await spansOf('tree');
    const ends = spans.filter(({ name }) => name === 'execution fill');
    expect(ends.map((fill) => wayTo(fill, spans))).toEqual(Array.from({ length: FILLS }, () => WAY));
    const tree = spans.filter(({ traceId }) => traceId === ends[0].traceId);
    expect(tree.filter(({ parentSpanId }) => !tree.some(({ spanId }) => spanId === parentSpanId)).map(({ name, attributes }) => [name, attributes?.['parallax.venue']]))
      .toEqual([['ingestion frame', 'okx']]);
    const root = tree.find(({ name }) => name === 'ingestion frame')!;
    // In the time of the recording and not of this machine.
    expect(root.startUs).toBe(EDGE_AT_US);
    for (const { name, startUs, endUs, parentSpanId } of tree) {
      expect([name, endUs >= startUs, startUs >= (tree.find(({ spanId }) => spanId === parentSpanId)?.startUs ?? 0)]).toEqual([name, true, true]);
    }
    const other = spans.filter(({ traceId }) => traceId === root.links?.[0].traceId);
    expect(other.map(({ name, attributes }) => [name, attributes?.['parallax.venue']]).sort()).toEqual([
      ['arbitrage frame', 'coinbase'], ['ingestion frame', 'coinbase'], ['normalisation frame', 'coinbase'],
    ]);
  });

  test('are the same in the next replay, which takes the place of the one before', async () => {
    await replayed(files, { stateDirectory: folder.path('again') }, COSTS);
    const first = await spansOf('again');
    await replayed(files, { stateDirectory: folder.path('again') }, { ...COSTS, MIN_EDGE_BPS: '1000' });
    expect(await spansOf('again')).toEqual([]);
    await replayed(files, { stateDirectory: folder.path('again') }, COSTS);
    expect(await spansOf('again')).toEqual(first);
    expect(first.length).toBeGreaterThan(WAY.length);
  });

  test('go to the collector that the environment names', async () => {
    const receiver = await startOtlpReceiver();
    await replayed(files, {}, { ...COSTS, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    await receiver.stop();
    expect(receiver.spans.map(({ name }) => name)).toEqual(expect.arrayContaining(WAY));
  });
});

test('parallax trace prints the tree of a replayed order by its id, and apart from that of a live system', async () => {
  const environment = { ...COSTS, PARALLAX_STATE: folder.path('state'), OTEL_EXPORTER_OTLP_ENDPOINT: '', PORT: '1' };
  const { out } = await parallax(['replay', ...files, '--speed', 'max', '--json'], { environment });
  const { orders, orderIds } = JSON.parse(out) as { orders: number; orderIds: string[] };
  expect(orderIds).toHaveLength(orders);
  const traced = await parallax(['trace', orderIds[0].slice(0, 12)], { environment });
  expect(traced.err).toBe('');
  expect(traced.out).toContain(`order ${orderIds[0]} of the latest replay`);
  expect(traced.out).toMatch(/^ingestion frame .*(\n.*)+execution order .*\n.*execution fill /m);
  const unknown = await parallax(['trace', 'ffffffff'], { environment });
  expect([unknown.code, unknown.out]).toEqual([1, '']);
  expect(unknown.err).toMatch(/^parallax: no gateway answers at .*; the latest replay has no order ffffffff/);
});

describeWith('nats-server', 'over a real NATS', () => {
  test('a replay leaves the same spans as in process, and names the same orders', async () => {
    const users = [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)];
    const passwords = Object.fromEntries(users.map((name) => [passwordVariable(name), `of-${name}`]));
    const server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    try {
      const inProcess = await replayed(files, { stateDirectory: folder.path('memory') }, COSTS);
      const overNats = await replayed(files, { stateDirectory: folder.path('nats') }, { ...COSTS, ...passwords, NATS_URL: server.url });
      expect({ ...overNats, tookMs: 0 }).toEqual({ ...inProcess, tookMs: 0 });
      const spans = await spansOf('nats');
      expect(spans).toEqual(await spansOf('memory'));
      expect(spans.filter(({ name }) => name === 'execution fill')).toHaveLength(FILLS);
    } finally {
      await server.stop();
    }
  });
});
