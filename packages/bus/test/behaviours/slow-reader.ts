import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { BusStatus } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, textOf } from '../support/fixture.js';

const spin = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

export const slowReader: Suite = (fixture) => {
  test('`newest` keeps the newest of each subject and tells the loss', async () => {
    const sender = await fixture().bus('tester');
    const receiver = await fixture().bus('tester');
    const statuses: BusStatus[] = [];
    receiver.onStatus((status) => statuses.push(status));
    const last = new Map<string, number>();
    let backwards = 0;
    let told = 0;
    const subscription = receiver.subscribe(
      't.slow.*',
      ({ subject, bytes }) => {
        const number = Number(textOf(bytes));
        if (number <= (last.get(subject) ?? -1)) backwards++;
        last.set(subject, number);
        spin(0.1);
      },
      { pendingLimit: 50, whenSlow: 'newest', onLoss: (lost) => (told += lost) },
    );
    await receiver.flush();
    for (let number = 0; number < 20_000; number++) sender.publish(`t.slow.${number % 10}`, bytesOf(String(number)));
    await until(() => last.size === 10 && [...last.values()].every((number) => number >= 19_990));
    expect(backwards).toBe(0);
    expect(subscription.lost).toBeGreaterThan(0);
    expect(subscription.handled + subscription.lost).toBe(20_000);
    await until(() => told === subscription.lost);
    expect(statuses.some((status) => status.type === 'slow' && status.subject === 't.slow.*')).toBe(true);
  });

  test('`drop` lets go what waits, keeps order and counts', async () => {
    const sender = await fixture().bus('tester');
    const receiver = await fixture().bus('tester');
    const heard: number[] = [];
    let told = 0;
    const subscription = receiver.subscribe(
      't.drop',
      ({ bytes }) => {
        heard.push(Number(textOf(bytes)));
        spin(0.1);
      },
      { pendingLimit: 100, whenSlow: 'drop', onLoss: (lost) => (told += lost) },
    );
    await receiver.flush();
    for (let number = 0; number < 10_000; number++) sender.publish('t.drop', bytesOf(String(number)));
    await until(() => heard.at(-1) === 9_999);
    expect(heard).toEqual(heard.toSorted((left, right) => left - right));
    expect(told).toBe(subscription.lost);
    expect(subscription.lost + subscription.handled).toBe(10_000);
    expect(subscription.lost).toBeGreaterThan(0);
  });
};
