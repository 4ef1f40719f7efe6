import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Suite } from './suite.js';
import { bytesOf, textOf } from '../support/fixture.js';

const spin = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

export const order: Suite = (fixture) => {
  test('messages of one publisher arrive in order, outside its call, one handler call at a time', async () => {
    const sender = await fixture().bus('tester');
    const receiver = await fixture().bus('tester');
    const heard: number[] = [];
    let inside = 0;
    let deepest = 0;
    receiver.subscribe('t.order.*', (message) => {
      deepest = Math.max(deepest, ++inside);
      heard.push(Number(textOf(message.bytes)));
      // A publish from within a handler must not call the handler again before it returns.
      if (heard.length === 1) receiver.publish('t.order.b', bytesOf('-1'));
      inside--;
    });
    await receiver.flush();
    for (let number = 0; number < 3_000; number++) sender.publish(`t.order.${number % 2 ? 'b' : 'a'}`, bytesOf(String(number)));
    expect(heard).toHaveLength(0);
    await until(() => heard.length === 3_001);
    expect(heard.filter((number) => number >= 0)).toEqual(Array.from({ length: 3_000 }, (_, number) => number));
    expect(deepest).toBe(1);
  });

  test('subscriptions of one lane are handled in the order of arrival; a flood of theirs does not hold up another', async () => {
    const sender = await fixture().bus('tester');
    const receiver = await fixture().bus('tester');
    const lane = {};
    const heard: number[] = [];
    let heardBeforeOther = -1;
    for (const token of ['a', 'b', 'c']) {
      receiver.subscribe(`t.lane.${token}`, ({ bytes }) => {
        heard.push(Number(textOf(bytes)));
        // Long enough in all for the last message to arrive while many wait.
        spin(0.5);
      }, { lane });
    }
    receiver.subscribe('t.other', () => (heardBeforeOther = heard.length));
    await receiver.flush();
    for (let number = 0; number < 3_000; number++) sender.publish(`t.lane.${'abc'[(number * 7) % 3]}`, bytesOf(String(number)));
    sender.publish('t.other', bytesOf('x'));
    await until(() => heard.length === 3_000 && heardBeforeOther >= 0);
    expect(heard).toEqual(Array.from({ length: 3_000 }, (_, number) => number));
    expect(heardBeforeOther).toBeLessThan(3_000);
  });

  test('a lane whose members are slow grows no longer than their queues', async () => {
    const sender = await fixture().bus('tester');
    const receiver = await fixture().bus('tester');
    const lane = {};
    const last = { a: -1, b: -1 };
    const options = { lane, pendingLimit: 20 };
    const a = receiver.subscribe('t.full.a.*', ({ bytes }) => ((last.a = Math.max(last.a, Number(textOf(bytes)))), spin(0.2)), { ...options, whenSlow: 'newest' });
    const b = receiver.subscribe('t.full.b.*', ({ bytes }) => ((last.b = Number(textOf(bytes))), spin(0.2)), { ...options, whenSlow: 'drop' });
    await receiver.flush();
    for (let number = 0; number < 10_000; number++) sender.publish(`t.full.${number % 2 ? 'b' : 'a'}.${number % 3}`, bytesOf(String(number)));
    await until(() => last.a === 9_998 && last.b === 9_999);
    await until(() => a.handled + a.lost === 5_000 && b.handled + b.lost === 5_000);
    expect(a.lost * b.lost).toBeGreaterThan(0);
  });

  test('bytes are copied before publish returns; headers arrive', async () => {
    const bus = await fixture().bus('tester');
    const heard: string[] = [];
    bus.subscribe('t.copy', (message) => heard.push(`${textOf(message.bytes)} ${message.header('Trace')} ${message.header('None')}`));
    await bus.flush();
    const bytes = bytesOf('first');
    bus.publish('t.copy', bytes, { Trace: 'abc' });
    bytes.fill(120);
    await until(() => heard.length === 1);
    expect(heard).toEqual(['first abc undefined']);
  });

  test('a handler that throws stops nothing', async () => {
    const bus = await fixture().bus('tester');
    let heard = 0;
    bus.subscribe('t.throw', () => {
      heard++;
      throw new Error('a fault of the handler');
    });
    await bus.flush();
    bus.publish('t.throw', bytesOf('1'));
    bus.publish('t.throw', bytesOf('2'));
    await until(() => heard === 2);
    expect(heard).toBe(2);
  });
};
