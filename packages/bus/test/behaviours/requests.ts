import { expect, test } from '@jest/globals';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, textOf, until } from '../support/fixture.js';

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
    const reply = await client.request('t.rpc.a', bytesOf('hello'), { timeoutMs: 2_000, headers: { Who: 'me' } });
    expect(textOf(reply.bytes)).toBe('t.rpc.a hello me');
    client.publish('t.rpc.a', bytesOf('x'), { Plain: '1' });
    await until(() => plain === 1);
  });

  test('nobody listens: at once BUS_NO_RESPONDER; nobody answers: BUS_TIMEOUT with unknown outcome', async () => {
    const bus = await fixture().bus('tester');
    bus.subscribe('t.silent', () => {});
    await bus.flush();
    const before = performance.now();
    expect(await codeOf(bus.request('t.nobody', bytesOf('x'), { timeoutMs: 5_000 }))).toBe('BUS_NO_RESPONDER');
    expect(performance.now() - before).toBeLessThan(2_000);
    await expect(bus.request('t.silent', bytesOf('x'), { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'BUS_TIMEOUT',
      outcomeUnknown: true,
    });
  });
};
