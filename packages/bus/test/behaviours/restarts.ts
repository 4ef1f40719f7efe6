import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { readIdentity } from '../../src/index.js';
import type { Bus, BusStatus } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, textOf } from '../support/fixture.js';
import { TEST_TOPOLOGY } from '../support/topology.js';

/** Appends until it is safe, as a service does: the same id makes repeats harmless. */
async function appendSurely(bus: Bus, subject: string, text: string): Promise<number> {
  for (;;) {
    try {
      return (await bus.streams.append(subject, bytesOf(text), { id: text })).sequence;
    } catch (error) {
      if ((error as { retryable?: boolean }).retryable !== true) throw error;
    }
  }
}

export const restarts: Suite = (fixture) => {
  test('what was safe outlives the transport: streams, ids, consumers, state, identity', async () => {
    const before = await fixture().bus('tester');
    const identity = await readIdentity(before, TEST_TOPOLOGY.identity!);
    const sequences = [];
    for (const text of ['a', 'b', 'c']) sequences.push(await appendSurely(before, 'job.again.kept', text));
    const revision = await before.state('facts').put('kept.a', bytesOf('1'), 0);
    await before.state('facts').put('kept.b', bytesOf('1'));
    await before.state('facts').delete('kept.b');
    const seen: string[] = [];
    const consuming = await before.streams.consume('JOBS', 'again', async (message) => {
      seen.push(textOf(message.bytes));
      if (seen.at(-1) === 'a') await message.acknowledge();
    });
    await until(() => seen.includes('b'));
    await consuming.stop();
    await fixture().restart();

    const after = await fixture().bus('tester');
    expect(await readIdentity(after, TEST_TOPOLOGY.identity!)).toBe(identity);
    const stored: [number, string][] = [];
    for await (const { sequence, bytes } of after.streams.read('JOBS', { subject: 'job.again.kept' })) {
      stored.push([sequence, textOf(bytes)]);
    }
    expect(stored).toEqual(sequences.map((sequence, at) => [sequence, 'abc'[at]]));
    expect(await after.streams.append('job.again.kept', bytesOf('a'), { id: 'a' })).toEqual({
      sequence: sequences[0],
      duplicate: true,
    });
    const stale = after.streams.append('job.again.kept', bytesOf('d'), { id: 'd', expectedLastSequence: sequences[1] });
    expect(await codeOf(stale)).toBe('STATE_CONFLICT');
    await after.streams.append('job.again.kept', bytesOf('d'), { id: 'd', expectedLastSequence: sequences[2] });
    const again: string[] = [];
    const deliveries: number[] = [];
    const resumed = await after.streams.consume('JOBS', 'again', async (message) => {
      again.push(textOf(message.bytes));
      deliveries.push(message.deliveries);
      await message.acknowledge();
    });
    await until(() => again.includes('d'));
    // A nats-server that is killed may forget its newest acknowledgements: never a message, but one may come again.
    expect(fixture().transport === 'nats' ? again.slice(-3) : again).toEqual(['b', 'c', 'd']);
    expect(Math.max(...deliveries)).toBeGreaterThan(1);
    await resumed.stop();
    const facts = after.state('facts');
    expect(await facts.get('kept.a')).toMatchObject({ revision });
    expect(await facts.get('kept.b')).toBeNull();
    expect(await facts.put('kept.a', bytesOf('2'), revision)).toBeGreaterThan(revision + 2);
  });
};

export const reconnects: Suite = (fixture) => {
  test('the server is killed and comes back: subscriptions, consumers, watches and appends go on', async () => {
    const bus = await fixture().bus('tester');
    const other = await fixture().bus('tester');
    const statuses: BusStatus[] = [];
    bus.onStatus((status) => statuses.push(status));
    const heard: string[] = [];
    const consumed: string[] = [];
    const watched: string[] = [];
    bus.subscribe('t.live', ({ bytes }) => heard.push(textOf(bytes)));
    await bus.streams.consume('JOBS', 'again', async (message) => {
      await message.acknowledge();
      consumed.push(textOf(message.bytes));
    });
    await bus.state('facts').watch('live.*', ({ bytes }) => watched.push(textOf(bytes)));
    await bus.flush();
    for (let round = 1; round <= 3; round++) {
      other.publish('t.live', bytesOf(`heard ${round}`));
      await appendSurely(other, 'job.again.live', `consumed ${round}`);
      await other.state('facts').put('live.a', bytesOf(`watched ${round}`));
      await until(() => heard.includes(`heard ${round}`) && consumed.includes(`consumed ${round}`));
      await until(() => watched.includes(`watched ${round}`));
      if (round === 3) break;
      await fixture().restart();
      await until(() => statuses.filter(({ type }) => type === 'connected').length === round);
      await appendSurely(other, 'job.other.live', `alive ${round}`);
    }
    expect(statuses.filter(({ type }) => type === 'disconnected')).toHaveLength(2);
    expect([...new Set(consumed)]).toEqual(['consumed 1', 'consumed 2', 'consumed 3']);
    await bus.drain();
  });
};
