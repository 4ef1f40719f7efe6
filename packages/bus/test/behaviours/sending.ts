import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Bus, BusMessage, BusStatus } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, textOf } from '../support/fixture.js';

/** How often the client of a bus wrote to its socket while `work` ran and the rest of that turn. */
async function writesOf(bus: Bus, work: () => void): Promise<number> {
  const { transport } = (bus as unknown as { connection: { protocol: { transport: { send(bytes: Uint8Array): void } } } }).connection.protocol;
  let writes = 0;
  const { send } = transport;
  transport.send = (bytes) => {
    writes++;
    send.call(transport, bytes);
  };
  work();
  await new Promise((resolve) => setImmediate(resolve));
  transport.send = send;
  return writes;
}

/** A message whose bytes follow from its number, so that a damaged one shows. */
const numbered = (number: number, length: number): Uint8Array => {
  const bytes = Buffer.alloc(length, number % 251);
  bytes.writeUInt32LE(number, 0);
  return bytes;
};

/** The number of a message of {@link numbered}; -1 for one that is damaged. */
function numberIn({ bytes }: BusMessage): number {
  const number = Buffer.from(bytes).readUInt32LE(0);
  return bytes.subarray(4).every((byte) => byte === number % 251) ? number : -1;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

/** How what is published leaves over a real connection. */
export const sending: Suite = (fixture) => {
  test('what one turn publishes leaves in one write, and a lone message leaves by itself', async () => {
    const [sender, receiver] = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const heard: number[] = [];
    receiver.subscribe('t.turn.*', (message) => heard.push(numberIn(message)));
    await receiver.flush();
    const many = await writesOf(sender, () => {
      for (let number = 0; number < 500; number++) sender.publish(`t.turn.${number % 3}`, numbered(number, 200));
    });
    await until(() => heard.length === 500);
    // Nothing follows it that could take it along.
    const one = await writesOf(sender, () => sender.publish('t.turn.alone', numbered(500, 200)));
    await until(() => heard.length === 501);
    expect([many, one]).toEqual([1, 1]);
    expect(heard).toEqual(upTo(501));
  });

  test('what follows from promises of the same turn leaves in the same write, a question and an append among it', async () => {
    const [sender, receiver] = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const heard: string[] = [];
    receiver.subscribe('t.later.*', (message) => {
      heard.push(textOf(message.bytes));
      if (message.wantsAnswer) message.respond(message.bytes);
    });
    await receiver.flush();
    // Both have been used before: the first question opens a subscription.
    await sender.request('t.later.ask', bytesOf('first'), { timeoutMs: 600_000 });
    const waiting: Promise<unknown>[] = [];
    const writes = await writesOf(sender, () => {
      let later = Promise.resolve();
      for (let number = 0; number < 10; number++) {
        sender.publish('t.later.a', bytesOf(`${number} at once`));
        later = later.then(() => sender.publish('t.later.a', bytesOf(`${number} later`)));
      }
      void later.then(() => {
        waiting.push(sender.request('t.later.ask', bytesOf('question'), { timeoutMs: 600_000 }));
        waiting.push(sender.streams.append('job.other.later', bytesOf('append'), { id: 'later' }));
      });
    });
    await Promise.all(waiting);
    expect(waiting).toHaveLength(2);
    expect(writes).toBe(1);
    const [first, atOnce, later] = [['first'], upTo(10).map((number) => `${number} at once`), upTo(10).map((number) => `${number} later`)];
    expect(heard).toEqual([...first, ...atOnce, ...later, 'question']);
  });

  test('a flood of one turn arrives whole and in order, its writes bounded', async () => {
    const [sender, receiver] = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const heard: number[] = [];
    receiver.subscribe('t.flood.*', (message) => heard.push(numberIn(message)));
    await receiver.flush();
    const lengthOf = (number: number): number => (number % 400 === 7 ? 900_000 : 4 + ((number * 37) % 3_000));
    const writes = await writesOf(sender, () => {
      for (let number = 0; number < 4_000; number++) sender.publish(`t.flood.${number % 5}`, numbered(number, lengthOf(number)));
    });
    await until(() => heard.length === 4_000);
    expect(heard).toEqual(upTo(4_000));
    expect(writes).toBeGreaterThan(10);
  });

  test('plain messages, those with headers, questions and appends of one turn keep their order', async () => {
    const [sender, receiver] = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const heard: string[] = [];
    receiver.subscribe('t.mixed.*', (message) => {
      heard.push(textOf(message.bytes));
      if (message.wantsAnswer) message.respond(message.bytes);
    });
    receiver.subscribe('job.other.*', ({ bytes }) => heard.push(textOf(bytes)));
    await receiver.flush();
    const waiting: Promise<unknown>[] = [];
    for (let round = 0; round < 200; round++) {
      sender.publish('t.mixed.a', bytesOf(`${round} plain`));
      sender.publish('t.mixed.b', bytesOf(`${round} header`), { Trace: 'abc' });
      waiting.push(sender.request('t.mixed.c', bytesOf(`${round} question`), { timeoutMs: 600_000 }));
      waiting.push(sender.streams.append('job.other.mixed', bytesOf(`${round} append`), { id: `mixed-${round}` }));
      sender.publish('t.mixed.a', bytesOf(`${round} plain again`));
    }
    await Promise.all(waiting);
    await until(() => heard.length === 1_000);
    // The server hands a stored message on once it is stored, beside the others.
    const stored = heard.filter((text) => text.endsWith('append'));
    expect(stored).toEqual(upTo(200).map((round) => `${round} append`));
    expect(heard.filter((text) => !text.endsWith('append'))).toEqual(upTo(200).flatMap((round) => ['plain', 'header', 'question', 'plain again'].map((what) => `${round} ${what}`)));
  });

  test('what was published leaves before a flush resolves and before a drained bus closes; a closed one says so', async () => {
    const [sender, receiver] = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const heard: number[] = [];
    receiver.subscribe('t.last', (message) => heard.push(numberIn(message)));
    await receiver.flush();
    for (let number = 0; number < 100; number++) sender.publish('t.last', numbered(number, 64));
    await sender.flush();
    // The server had all of them: it answers the receiver after them.
    await receiver.flush();
    await until(() => heard.length === 100);
    for (let number = 100; number < 3_000; number++) sender.publish('t.last', numbered(number, 1_000));
    await sender.drain();
    await until(() => heard.length === 3_000);
    expect(heard).toEqual(upTo(3_000));
    const again = (): Promise<string> => codeOf(Promise.resolve().then(() => sender.publish('t.last', bytesOf('late'))));
    expect(await again()).toBe('BUS_CLOSED');
  });

  test('what cannot be sent is refused each time, between messages that can', async () => {
    const bus = await fixture().bus('tester');
    const heard: string[] = [];
    bus.subscribe('t.fit.*', ({ bytes }) => heard.push(textOf(bytes)));
    await bus.flush();
    const attempt = (subject: string, bytes = bytesOf('x')): Promise<string> => codeOf(Promise.resolve().then(() => bus.publish(subject, bytes)));
    for (const number of ['1', '2']) {
      bus.publish('t.fit.a', bytesOf(number));
      expect(await Promise.all([attempt('t.fit.*'), attempt('t.fit. a'), attempt('t.fit.a\r\nPUB t.fit.b'), attempt('')])).toEqual(Array(4).fill('INPUT_REFUSED'));
      expect(await attempt('t.fit.a', new Uint8Array(2_000_000))).toBe('BUS_REFUSED');
    }
    await until(() => heard.length === 2);
    expect(heard).toEqual(['1', '2']);
  });

  test('the server dies amid a stream of messages: each that arrives is whole, in order and once, and it goes on afterwards', async () => {
    const [sender, receiver] = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const [sent, received]: BusStatus[][] = [[], []];
    const faults: string[] = [];
    sender.onStatus((status) => sent.push(status));
    receiver.onStatus((status) => received.push(status));
    for (const bus of [sender, receiver]) bus.onFault(({ error }) => void faults.push(String(error)));
    const heard: number[] = [];
    receiver.subscribe('t.broken', (message) => heard.push(numberIn(message)));
    await receiver.flush();
    let next = 0;
    let publishing = true;
    const publish = (): void => {
      if (!publishing) return;
      for (let count = 0; count < 20; count++) sender.publish('t.broken', numbered(next++, 100 + (next % 700)));
      setTimeout(publish, 1);
    };
    publish();
    await until(() => heard.length > 500);
    await fixture().restart();
    await until(() => [sent, received].every((statuses) => statuses.some(({ type }) => type === 'connected')));
    const after = next;
    await until(() => heard.at(-1)! >= after + 500);
    publishing = false;
    await sender.flush();
    await until(() => heard.at(-1) === next - 1);
    expect(heard.filter((number, index) => index > 0 && number <= heard[index - 1])).toEqual([]);
    expect(heard).not.toContain(-1);
    expect(faults).toEqual([]);
  });
};
