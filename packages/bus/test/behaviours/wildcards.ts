import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Suite } from './suite.js';
import { bytesOf, codeOf } from '../support/fixture.js';

export const wildcards: Suite = (fixture) => {
  test('`*` is one token, `>` one or more; leaving stops the flow', async () => {
    const bus = await fixture().bus('tester');
    const heard: Record<string, string[]> = {};
    const listen = (pattern: string): ReturnType<typeof bus.subscribe> => {
      heard[pattern] = [];
      return bus.subscribe(pattern, ({ subject }) => heard[pattern].push(subject));
    };
    const subscriptions = ['t.w.a', 't.w.*', 't.*.b', 't.w.>', 't.>'].map(listen);
    await bus.flush();
    for (const subject of ['t.w', 't.w.a', 't.w.b', 't.v.b', 't.w.a.b', 't.w.end']) bus.publish(subject, bytesOf('x'));
    await until(() => heard['t.>'].includes('t.w.end'));
    expect(heard).toEqual({
      't.w.a': ['t.w.a'],
      't.w.*': ['t.w.a', 't.w.b', 't.w.end'],
      't.*.b': ['t.w.b', 't.v.b'],
      't.w.>': ['t.w.a', 't.w.b', 't.w.a.b', 't.w.end'],
      't.>': ['t.w', 't.w.a', 't.w.b', 't.v.b', 't.w.a.b', 't.w.end'],
    });
    subscriptions[1].unsubscribe();
    await bus.flush();
    bus.publish('t.w.after', bytesOf('x'));
    await until(() => heard['t.>'].includes('t.w.after'));
    expect(heard['t.w.*']).not.toContain('t.w.after');
    expect(subscriptions[4].handled).toBe(7);
  });

  test('what is no subject is refused at once', async () => {
    const bus = await fixture().bus('tester');
    for (const subject of ['', 't..x', 't.*', 't.>', 't. x', '.t', 't.']) {
      expect(await codeOf(Promise.resolve().then(() => bus.publish(subject, bytesOf('x'))))).toBe('INPUT_REFUSED');
    }
    for (const pattern of ['t.x*', 't.>.x', '', 't..x']) {
      expect(await codeOf(Promise.resolve().then(() => bus.subscribe(pattern, () => {})))).toBe('INPUT_REFUSED');
    }
    const tooLarge = new Uint8Array(1_048_577);
    expect(await codeOf(Promise.resolve().then(() => bus.publish('t.large', tooLarge)))).toBe('BUS_REFUSED');
  });
};
