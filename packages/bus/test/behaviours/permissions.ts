import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { BusStatus } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, codeOf } from '../support/fixture.js';

export const permissions: Suite = (fixture) => {
  test('what a user may not do is refused and told', async () => {
    const guest = await fixture().bus('guest');
    const tester = await fixture().bus('tester');
    const statuses: BusStatus[] = [];
    guest.onStatus((status) => statuses.push(status));
    const heard: string[] = [];
    tester.subscribe('t.>', ({ subject }) => heard.push(subject));
    tester.subscribe('job.>', ({ subject }) => heard.push(subject));
    const overheard = guest.subscribe('t.secret', () => {});
    await tester.flush();
    guest.publish('t.secret', bytesOf('x'));
    guest.publish('job.forged', bytesOf('x'));
    expect(await codeOf(guest.streams.append('job.work.a', bytesOf('x'), { id: 'forged' }))).toBe('BUS_REFUSED');
    expect(await codeOf(guest.request('t.secret', bytesOf('x'), { timeoutMs: 60_000 }))).toBe('BUS_REFUSED');
    tester.publish('t.secret', bytesOf('x'));
    guest.publish('t.open.a', bytesOf('x'));
    await until(() => heard.includes('t.open.a') && heard.includes('t.secret'));
    await until(() => statuses.filter(({ type }) => type === 'refused').length >= 3);
    const details = statuses.map((status) => (status.type === 'refused' ? status.detail : '')).join('\n');
    expect(details).toContain('t.secret');
    expect(details).toContain('job.forged');
    // What the server had for the guest has come before it answers.
    await guest.flush();
    expect(heard.toSorted()).toEqual(['t.open.a', 't.secret']);
    expect(overheard.handled).toBe(0);
    const read = async (): Promise<void> => {
      for await (const message of guest.streams.read('JOBS', {})) expect(message).toBeNull();
    };
    expect(await codeOf(read())).toBe('BUS_REFUSED');
  });
};
