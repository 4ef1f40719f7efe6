import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Suite } from './suite.js';
import { bytesOf } from '../support/fixture.js';

export const queueGroups: Suite = (fixture) => {
  test('members of a group share, others hear everything', async () => {
    const sender = await fixture().bus('tester');
    const buses = await Promise.all([1, 2, 3].map(() => fixture().bus('tester')));
    const members = buses.map((bus) => bus.subscribe('t.q.*', () => {}, { queue: 'workers' }));
    const other = buses[0].subscribe('t.q.*', () => {});
    await Promise.all(buses.map((bus) => bus.flush()));
    for (let number = 0; number < 600; number++) sender.publish(`t.q.${number}`, bytesOf('x'));
    await until(() => members.reduce((sum, { handled }) => sum + handled, 0) === 600 && other.handled === 600);
    for (const { handled } of members) expect(handled).toBeGreaterThan(50);
  });
};
