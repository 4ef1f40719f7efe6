import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Bus } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, pause, textOf } from '../support/fixture.js';

async function append(bus: Bus, kind: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) await bus.streams.append(`job.${kind}.a`, bytesOf(text), { id: `${kind}-${text}` });
}

export const redelivery: Suite = (fixture) => {
  test('one at a time, in order, again until acknowledged: order holds across redelivery', async () => {
    const bus = await fixture().bus('tester');
    await append(bus, 'work', ['r1', 'r2', 'r3', 'r4']);
    const seen: string[] = [];
    let retriedAt = 0;
    let retryGap = 0;
    const subscription = await bus.streams.consume('JOBS', 'worker', async (message) => {
      seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
      await pause(5);
      if (seen.at(-1) === 'r1/1') return; // forgets to acknowledge
      if (seen.at(-1) === 'r2/1') throw new Error('the handler fails');
      if (seen.at(-1) === 'r3/1') {
        retriedAt = performance.now();
        message.retry(50);
        return;
      }
      if (seen.at(-1) === 'r3/2') retryGap = performance.now() - retriedAt;
      if (seen.at(-1) === 'r4/1') {
        message.reject('it can never be handled');
        return;
      }
      await message.acknowledge();
    });
    await until(() => seen.includes('r4/1'));
    await pause(600);
    expect(seen).toEqual(['r1/1', 'r1/2', 'r2/1', 'r2/2', 'r3/1', 'r3/2', 'r4/1']);
    expect(retryGap).toBeGreaterThan(45);
    expect(retryGap).toBeLessThan(350);
    await subscription.stop();
  });

  test('what is acknowledged without a word back does not come again', async () => {
    const bus = await fixture().bus('tester');
    await append(bus, 'work', ['u1', 'u2', 'u3']);
    const seen: string[] = [];
    const subscription = await bus.streams.consume('JOBS', 'worker', (message) => {
      seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
      if (seen.at(-1) !== 'u2/1') message.acknowledgeUnconfirmed();
    });
    await until(() => seen.includes('u3/1'));
    await pause(600);
    expect(seen).toEqual(['u1/1', 'u2/1', 'u2/2', 'u3/1']);
    await subscription.stop();
  });

  test('stop lets the message under way finish; the rest waits for the next who comes', async () => {
    const bus = await fixture().bus('tester');
    await append(bus, 'work', ['s1', 's2', 's3']);
    const first: string[] = [];
    let finished = false;
    const subscription = await bus.streams.consume('JOBS', 'worker', async (message) => {
      first.push(textOf(message.bytes));
      await pause(80);
      await message.acknowledge();
      finished = true;
    });
    await until(() => first.length === 1);
    await subscription.stop();
    expect(finished).toBe(true);
    await pause(100);
    expect(first).toEqual(['s1']);
    const second: string[] = [];
    const next = await bus.streams.consume('JOBS', 'worker', async (message) => {
      second.push(textOf(message.bytes));
      await message.acknowledge();
    });
    await until(() => second.length === 2);
    expect(second).toEqual(['s2', 's3']);
    await next.stop();
  });

  test('two workers of one consumer share its messages', async () => {
    const buses = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const seen: string[] = [];
    const subscriptions = await Promise.all(
      buses.map((bus) =>
        bus.streams.consume('JOBS', 'worker', async (message) => {
          seen.push(textOf(message.bytes));
          await message.acknowledge();
        }),
      ),
    );
    const texts = Array.from({ length: 20 }, (_, number) => `w${number}`);
    await append(buses[0], 'work', texts);
    await until(() => seen.length === 20);
    await pause(500);
    expect(seen.toSorted()).toEqual(texts.toSorted());
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
  });

  test('after the greatest number of deliveries a message is left alone', async () => {
    const bus = await fixture().bus('tester');
    await append(bus, 'twice', ['bad', 'good']);
    const seen: string[] = [];
    const subscription = await bus.streams.consume('JOBS', 'twice', async (message) => {
      seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
      if (textOf(message.bytes) === 'good') await message.acknowledge();
    });
    await until(() => seen.includes('bad/2'));
    await pause(500);
    expect(seen.toSorted()).toEqual(['bad/1', 'bad/2', 'good/1']);
    await subscription.stop();
  });

  test('a consumer that does not exist or is not yours is refused', async () => {
    const guest = await fixture().bus('guest');
    expect(await codeOf(guest.streams.consume('JOBS', 'worker', () => {}))).toBe('BUS_REFUSED');
  });
};
