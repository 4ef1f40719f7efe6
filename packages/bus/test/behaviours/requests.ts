import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { BusFault, BusMessage } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, textOf } from '../support/fixture.js';

/** Of what is answered, or refused at once: nobody waits so long. */
const ANSWERED = { timeoutMs: 240_000 };

export const requests: Suite = (fixture) => {
  test('a request is answered; respond does nothing where nobody asked', async () => {
    const server = await fixture().bus('tester');
    const client = await fixture().bus('tester');
    let plain = 0;
    server.subscribe('t.rpc.*', (message) => {
      if (message.header('Plain') !== undefined) plain++;
      message.respond(bytesOf(`${message.subject} ${textOf(message.bytes)} ${message.header('Who')}`));
    });
    await server.flush();
    const reply = await client.request('t.rpc.a', bytesOf('hello'), { ...ANSWERED, headers: { Who: 'me' } });
    expect(textOf(reply.bytes)).toBe('t.rpc.a hello me');
    client.publish('t.rpc.a', bytesOf('x'), { Plain: '1' });
    await until(() => plain === 1);
  });

  test('nobody listens: at once BUS_NO_RESPONDER; nobody answers: BUS_TIMEOUT with unknown outcome', async () => {
    const bus = await fixture().bus('tester');
    bus.subscribe('t.silent', () => {});
    await bus.flush();
    expect(await codeOf(bus.request('t.nobody', bytesOf('x'), ANSWERED))).toBe('BUS_NO_RESPONDER');
    await expect(bus.request('t.silent', bytesOf('x'), { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'BUS_TIMEOUT',
      outcomeUnknown: true,
    });
  });

  test('answers find their own questions, in whatever order they come; a late one finds nobody', async () => {
    const server = await fixture().bus('tester');
    const client = await fixture().bus('tester');
    const asked: { message: BusMessage; text: string }[] = [];
    server.subscribe('t.echo', (message) => asked.push({ message, text: textOf(message.bytes) }));
    await server.flush();
    const ask = (text: string, timeoutMs: number): Promise<BusMessage> => client.request('t.echo', bytesOf(text), { timeoutMs });
    const late = codeOf(ask('late', 50));
    await until(() => asked.length === 1);
    expect(await late).toBe('BUS_TIMEOUT');
    const answers = Promise.all(['a', 'b', 'c'].map((text) => ask(text, ANSWERED.timeoutMs)));
    await until(() => asked.length === 4);
    for (const { message, text } of asked.toReversed()) {
      message.respond(bytesOf(text));
      message.respond(bytesOf('twice'));
    }
    expect((await answers).map(({ bytes }) => textOf(bytes))).toEqual(['a', 'b', 'c']);
  });

  test('an answer over the limit of size: who asked hears size and limit, the fault is told to who answered, and the next answer comes', async () => {
    const server = await fixture().bus('tester');
    const client = await fixture().bus('tester');
    const told: BusFault[] = [];
    server.onFault((fault) => void told.push(fault));
    const LIMIT = 1_048_576;
    const asked: BusMessage[] = [];
    server.subscribe('t.large', (message) => {
      // One answer comes within the handler, one after it.
      if (textOf(message.bytes) === 'later') asked.push(message);
      else message.respond(new Uint8Array(Number(textOf(message.bytes))));
    });
    await server.flush();
    const message = `an answer of ${LIMIT + 1} bytes to "t.large" is over the limit of ${LIMIT} bytes`;
    const refusal = { code: 'BUS_REFUSED', outcomeUnknown: true, place: 't.large', message };
    await expect(client.request('t.large', bytesOf(String(LIMIT + 1)), ANSWERED)).rejects.toMatchObject(refusal);
    const later = expect(client.request('t.large', bytesOf('later'), ANSWERED)).rejects.toMatchObject(refusal);
    await until(() => asked.length === 1);
    asked[0].respond(new Uint8Array(LIMIT + 1));
    await later;
    await until(() => told.length === 2);
    expect(told).toMatchObject(Array.from({ length: 2 }, () => ({ from: 'handler', place: 't.large', error: { code: 'BUS_REFUSED', message } })));
    expect((await client.request('t.large', bytesOf(String(LIMIT)), ANSWERED)).bytes).toHaveLength(LIMIT);
  });

  test('what is still unanswered when the bus closes ends with BUS_CLOSED', async () => {
    const bus = await fixture().bus('tester');
    bus.subscribe('t.silent', () => {});
    await bus.flush();
    const unanswered = codeOf(bus.request('t.silent', bytesOf('x'), ANSWERED));
    await bus.drain();
    expect(await unanswered).toBe('BUS_CLOSED');
  });
};
