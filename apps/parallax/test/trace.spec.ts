import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { natsConfiguration, passwordVariable, provision, PROVISIONER } from '@parallax/bus';
import { contextOf, ProcessTracing } from '@parallax/telemetry';
import { describeWith, startNatsServer, startOtlpReceiver, until, type OtlpReceiver, type ReceivedSpan } from '@parallax/testing';
import type { Fill, Order } from '@parallax/types';
import { decodeJson, fillSchema, orderSchema, STREAMS, TOPOLOGY } from '@parallax/wire';
import { memoryBuses, natsBuses, type Buses } from '../src/compose/buses.js';
import { TracedSystem } from './support/traced-system.js';

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.stop());

async function read<T>(buses: Buses, stream: string, decode: (bytes: Uint8Array) => T): Promise<T[]> {
  const found: T[] = [];
  for await (const { bytes } of (await buses.as('gateway')).streams.read(stream, {})) found.push(decode(bytes));
  return found;
}

const fillsOf = (buses: Buses): Promise<Fill[]> => read(buses, STREAMS.fills, (bytes) => decodeJson(fillSchema, bytes));

/** Lets an edge appear at one venue, and waits until both legs are filled. */
async function takeAnEdge(system: TracedSystem, buses: Buses): Promise<void> {
  const { market } = system;
  market.update('coinbase');
  // The quiet leg stays as it is while the other one moves on, further than its ring reaches back in time.
  for (let i = 0; i < 50; i++) market.update('okx');
  await system.atRest();
  market.update('okx', { bid: 60_100, ask: 60_102 });
  await until(async () => {
    system.move();
    return (await fillsOf(buses)).length >= 2;
  }, () => `both legs are filled: ${system.told()}`);
  market.update('okx', { bid: 60_000, ask: 60_002 });
}

/** Lets an edge appear at one venue, waits for both fills, and looks at every span that came of it. */
async function fillIsOneTree(buses: Buses): Promise<void> {
  const system = await TracedSystem.open(buses, new ProcessTracing({ instance: 'test', endpoint: receiver.endpoint }));
  await system.ready();
  expect(receiver.spans).toEqual([]);
  await takeAnEdge(system, buses);
  await until(() => receiver.spans.some(({ name }) => name === 'execution plan'), () => `the plan has come to its end: ${system.told()}`);
  const every = await fillsOf(buses);
  const ofThePlan = ({ intentId }: Fill | Order): boolean => intentId === every[0].intentId;
  const fills = every.filter(ofThePlan);
  const orders = (await read(buses, STREAMS.orders, (bytes): Order => decodeJson(orderSchema, bytes))).filter(ofThePlan);
  await system.stop();

  const context = contextOf(fills[0].traceparent)!;
  for (const each of [...fills, ...orders]) expect(contextOf(each.traceparent)?.traceId).toBe(context.traceId);
  const tree = receiver.spans.filter(({ traceId }) => traceId === context.traceId);
  const named = (name: string): ReceivedSpan[] => tree.filter((span) => span.name === name);
  const parentOf = (span: ReceivedSpan): ReceivedSpan | undefined => tree.find(({ spanId }) => spanId === span.parentSpanId);

  expect(new Set(tree.map(({ spanId }) => spanId)).size).toBe(tree.length);
  expect(tree.filter((span) => parentOf(span) === undefined).map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([['ingestion frame', '']]);
  expect([...new Set(tree.map(({ service }) => service))].sort()).toEqual(['arbitrage', 'execution', 'ingestion', 'normalisation', 'risk']);
  const ways = named('execution fill').map((fill) => {
    const way: string[] = [];
    for (let at: ReceivedSpan | undefined = fill; at; at = parentOf(at)) way.unshift(`${at.service}:${at.name}`);
    return way.join(' > ');
  });
  const way = 'ingestion:ingestion frame > normalisation:normalisation frame > arbitrage:arbitrage frame > arbitrage:arbitrage intent > risk:risk verdict > execution:execution plan > execution:execution order > execution:execution fill';
  expect(ways).toEqual(fills.map(() => way));
  // What a message carries is the span of what it tells.
  expect(named('execution fill').map(({ spanId }) => spanId).sort()).toEqual(fills.map(({ traceparent }) => contextOf(traceparent)!.spanId).sort());
  for (const span of tree) {
    expect(span.endUs).toBeGreaterThanOrEqual(span.startUs);
    expect(span.startUs).toBeGreaterThanOrEqual(parentOf(span)?.startUs ?? 0);
  }

  // The other leg's frame has a trace of its own, and the tree's frame spans point at it.
  const [link] = named('arbitrage frame')[0].links;
  const quiet = receiver.spans.filter(({ traceId }) => traceId === link.traceId);
  expect(named('ingestion frame')[0].attributes['parallax.venue']).toBe('okx');
  expect(quiet.map(({ service, attributes }) => [service, attributes['parallax.venue']]).sort()).toEqual(
    ['arbitrage', 'ingestion', 'normalisation'].map((service) => [service, 'coinbase']),
  );
  expect(quiet.find(({ service }) => service === 'ingestion')).toMatchObject({ spanId: link.spanId, parentSpanId: '' });
  process.stderr.write(`${buses.transport}: ${tree.length} spans in one tree of ${fills.length} fills, ${receiver.spans.length} in all\n`);
}

describe('in one process', () => {
  test('the spans of a fill are one tree from the venue’s frame on, with a link to the other leg’s frame', async () => {
    const buses = await memoryBuses();
    await fillIsOneTree(buses);
    await buses.drain();
  });
});

describeWith('nats-server', 'over a real server with one connection per service', () => {
  test('the spans of a fill are one tree as well', async () => {
    const passwords = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), `of-${user}`]));
    const server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    try {
      await provision({ servers: server.url, user: PROVISIONER, password: passwords[passwordVariable(PROVISIONER)], name: 'test' }, TOPOLOGY);
      const buses = natsBuses(server.url, 'test', passwords);
      await fillIsOneTree(buses);
      await buses.drain();
    } finally {
      await server.stop();
    }
  });
});
