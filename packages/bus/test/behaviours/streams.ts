import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { StoredMessage } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, textOf } from '../support/fixture.js';

export const streams: Suite = (fixture) => {
  test('the same id within the window is stored once', async () => {
    const bus = await fixture().bus('tester');
    const beforeMs = Date.now();
    const first = await bus.streams.append('job.dup.a', bytesOf('one'), { id: 'dup-1', headers: { Trace: 'xyz' } });
    const second = await bus.streams.append('job.dup.a', bytesOf('one'), { id: 'dup-1' });
    const afterMs = Date.now();
    expect(first.duplicate).toBe(false);
    expect(second).toEqual({ sequence: first.sequence, duplicate: true });
    const stored: StoredMessage[] = [];
    for await (const message of bus.streams.read('JOBS', { subject: 'job.dup.*' })) stored.push(message);
    expect(stored.map(({ sequence }) => sequence)).toEqual([first.sequence]);
    expect(stored[0].header('Trace')).toBe('xyz');
    expect(stored[0].header('None')).toBeUndefined();
    // Stored by the clock of this machine, to the millisecond.
    expect(stored[0].atUs / 1_000).toBeGreaterThan(beforeMs - 2);
    expect(stored[0].atUs / 1_000).toBeLessThan(afterMs + 2);
  });

  test('once the window has passed the same id is stored again', async () => {
    const bus = await fixture().bus('tester');
    const append = () => bus.streams.append('brief.dup.a', bytesOf('one'), { id: 'dup-1' });
    const first = await append();
    const again = await until(async () => {
      const answer = await append();
      return !answer.duplicate && answer;
    });
    expect(again.sequence).toBeGreaterThan(first.sequence);
    const stored: number[] = [];
    for await (const { sequence } of bus.streams.read('BRIEF', {})) stored.push(sequence);
    expect(stored).toEqual([first.sequence, again.sequence]);
  });

  test('expectedLastSequence is a compare-and-set on the subject', async () => {
    const bus = await fixture().bus('tester');
    const append = (id: string, expectedLastSequence: number): Promise<{ sequence: number; duplicate: boolean }> =>
      bus.streams.append('job.cas.a', bytesOf(id), { id, expectedLastSequence });
    const { sequence } = await append('cas-1', 0);
    expect(await codeOf(append('cas-2', 0))).toBe('STATE_CONFLICT');
    // The answer to the first try was lost: the same id is a duplicate, not a conflict.
    expect(await append('cas-1', 0)).toEqual({ sequence, duplicate: true });
    const race = await Promise.all([append('cas-3', sequence), append('cas-4', sequence)].map(codeOf));
    expect(race.toSorted()).toEqual(['STATE_CONFLICT', 'none']);
  });

  test('appends in flight keep their order; read gives pages, subjects and limits', async () => {
    const bus = await fixture().bus('tester');
    const appended = await Promise.all(
      Array.from({ length: 700 }, (_, number) =>
        bus.streams.append(`job.page.${number % 2 ? 'odd' : 'even'}`, bytesOf(String(number)), { id: `page-${number}` }),
      ),
    );
    const read = async (options: Parameters<typeof bus.streams.read>[1]): Promise<number[]> => {
      const numbers: number[] = [];
      for await (const { bytes } of bus.streams.read('JOBS', options)) numbers.push(Number(textOf(bytes)));
      return numbers;
    };
    const all = await read({ subject: 'job.page.>' });
    expect(all).toEqual(Array.from({ length: 700 }, (_, number) => number));
    expect(await read({ subject: 'job.page.odd', limit: 3 })).toEqual([1, 3, 5]);
    expect(await read({ subject: 'job.page.*', fromSequence: appended[600].sequence, limit: 2 })).toEqual([600, 601]);
    expect(await read({ subject: 'job.page.*', newest: 3 })).toEqual(all.slice(-3));
    expect(await read({ newest: 1_000_000, limit: 1 })).toHaveLength(1);
    expect(await read({ subject: 'job.never' })).toEqual([]);
  });

  test('core subscribers hear what is appended; a subject without a stream is told', async () => {
    const bus = await fixture().bus('tester');
    const heard: string[] = [];
    bus.subscribe('job.heard.*', ({ subject }) => heard.push(subject));
    await bus.flush();
    await bus.streams.append('job.heard.a', bytesOf('x'), { id: 'heard-1' });
    await until(() => heard.length === 1);
    expect(await codeOf(bus.streams.append('t.nostream', bytesOf('x'), { id: 'none-1' }))).toBe('BUS_NO_RESPONDER');
  });
};
