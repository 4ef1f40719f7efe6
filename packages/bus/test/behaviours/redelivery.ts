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
    await append(bus, 'again', ['a1', 'a2', 'a3']);
    const seen: string[] = [];
    const subscription = await bus.streams.consume('JOBS', 'again', async (message) => {
      seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
      if (seen.at(-1) === 'a1/1') return; // forgets to acknowledge
      if (seen.at(-1) === 'a2/1') throw new Error('the handler fails');
      await message.acknowledge();
    });
    await until(() => seen.includes('a3/1'));
    await subscription.stop();
    // What was acknowledged too late may have come once more, but never after what follows it.
    const texts = seen.map((one) => one.split('/')[0]);
    expect(texts).toEqual(texts.toSorted());
    expect(seen).toEqual(expect.arrayContaining(['a1/1', 'a1/2', 'a2/1', 'a2/2', 'a3/1']));
  });

  test('what shall come again comes soon; what is rejected never does', async () => {
    const bus = await fixture().bus('tester');
    await append(bus, 'work', ['r1', 'r2', 'r3']);
    const seen: string[] = [];
    const at: number[] = [];
    const subscription = await bus.streams.consume('JOBS', 'worker', async (message) => {
      seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
      at.push(performance.now());
      if (seen.at(-1) === 'r1/1') return message.retry(50);
      if (seen.at(-1) === 'r2/1') return message.reject('it can never be handled');
      await message.acknowledge();
    });
    // The consumer gives one at a time, so that r3 comes once r2 will not come again.
    await until(() => seen.includes('r3/1'));
    expect(seen).toEqual(['r1/1', 'r1/2', 'r2/1', 'r3/1']);
    expect(at[1] - at[0]).toBeGreaterThan(45);
    await subscription.stop();
  });

  test('what is acknowledged without a word back does not come again', async () => {
    const bus = await fixture().bus('tester');
    await append(bus, 'work', ['u1', 'u2', 'u3']);
    const seen: string[] = [];
    const subscription = await bus.streams.consume('JOBS', 'worker', (message) => {
      seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
      message.acknowledgeUnconfirmed();
    });
    await until(() => seen.includes('u3/1'));
    // u3 must be settled for this one to come.
    await append(bus, 'work', ['u4']);
    await until(() => seen.includes('u4/1'));
    expect(seen).toEqual(['u1/1', 'u2/1', 'u3/1', 'u4/1']);
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
    const second: string[] = [];
    const next = await bus.streams.consume('JOBS', 'worker', async (message) => {
      second.push(textOf(message.bytes));
      await message.acknowledge();
    });
    await until(() => second.length === 2);
    expect([first, second]).toEqual([['s1'], ['s2', 's3']]);
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
    await until(() => seen.length >= texts.length, () => `${texts.length} messages, of which came ${seen.join()}`);
    // All of them are settled for this one to come: the consumer gives one at a time.
    await append(buses[0], 'work', ['w-last']);
    await until(() => seen.includes('w-last'));
    expect(seen.toSorted()).toEqual([...texts, 'w-last'].toSorted());
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
  });

  test('after the greatest number of deliveries a message is left alone', async () => {
    const bus = await fixture().bus('tester');
    const seen: string[] = [];
    const subscription = await bus.streams.consume('JOBS', 'twice', async (message) => {
      seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
      if (textOf(message.bytes) === 'good') await message.acknowledge();
    });
    // A third delivery would come before the second of what began after it.
    for (const last of ['bad 1', 'bad 2', 'bad 3']) {
      await append(bus, 'twice', [last]);
      await until(() => seen.includes(`${last}/2`));
    }
    expect(seen.filter((one) => one.startsWith('bad')).toSorted()).toEqual(['bad 1/1', 'bad 1/2', 'bad 2/1', 'bad 2/2', 'bad 3/1', 'bad 3/2']);
    await append(bus, 'twice', ['good']);
    await until(() => seen.includes('good/1'));
    await subscription.stop();
  });

  test('a consumer that does not exist or is not yours is refused', async () => {
    const guest = await fixture().bus('guest');
    expect(await codeOf(guest.streams.consume('JOBS', 'worker', () => {}))).toBe('BUS_REFUSED');
  });
};
