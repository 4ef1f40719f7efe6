import { expect, test } from '@jest/globals';
import { readIdentity } from '../../src/index.js';
import type { Suite } from './suite.js';
import { TEST_TOPOLOGY } from '../support/topology.js';

const PLACE = TEST_TOPOLOGY.identity!;

export const identity: Suite = (fixture, open) => {
  test('a bus says the same of itself to everybody, and two say different things', async () => {
    const names = await Promise.all(['tester', 'guest'].map(async (user) => readIdentity(await fixture().bus(user), PLACE)));
    expect(names[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(names[1]).toBe(names[0]);
    const other = await open(TEST_TOPOLOGY);
    expect(await readIdentity(await other.bus('tester'), PLACE)).not.toBe(names[0]);
    await other.close();
  });

  test('state that lost it says so, and is not given another in passing', async () => {
    const bus = await fixture().bus('tester');
    await bus.state(PLACE.bucket).delete(PLACE.key);
    await expect(readIdentity(bus, PLACE)).rejects.toMatchObject({ code: 'SERVICE_MISSING', message: expect.stringContaining('provision') });
  });
};
