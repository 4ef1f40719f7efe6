import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, pause, textOf } from '../support/fixture.js';

export const drain: Suite = (fixture) => {
  test('drain handles what has come, sends what was answered, then closes', async () => {
    const sender = await fixture().bus('tester');
    const worker = await fixture().bus('tester');
    const answers: string[] = [];
    sender.subscribe('t.answer', ({ bytes }) => answers.push(textOf(bytes)));
    let handled = 0;
    worker.subscribe('t.drain', ({ bytes }) => {
      handled++;
      worker.publish('t.answer', bytes);
    });
    await Promise.all([sender.flush(), worker.flush()]);
    for (let number = 0; number < 5_000; number++) sender.publish('t.drain', bytesOf(String(number)));
    await sender.flush();
    await until(() => handled > 0);
    await worker.drain();
    await until(() => answers.length === handled);
    expect(handled).toBe(5_000);
    expect(await codeOf(Promise.resolve().then(() => worker.publish('t.answer', bytesOf('x'))))).toBe('BUS_CLOSED');
    expect(await codeOf(worker.streams.append('job.work.z', bytesOf('x'), { id: 'z' }))).toBe('BUS_CLOSED');
    await worker.drain();
  });

  test('drain waits for the durable message under way', async () => {
    const bus = await fixture().bus('tester');
    const worker = await fixture().bus('tester');
    let acknowledged = false;
    let started = false;
    await worker.streams.consume('JOBS', 'worker', async (message) => {
      started = true;
      await pause(100);
      await message.acknowledge();
      acknowledged = true;
    });
    await bus.streams.append('job.work.drain', bytesOf('x'), { id: 'drain-durable' });
    await until(() => started);
    await worker.drain();
    expect(acknowledged).toBe(true);
  });
};
