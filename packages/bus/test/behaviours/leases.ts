import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { LeaseRunner } from '../../src/index.js';
import { bytesOf } from '../support/fixture.js';
import { Candidates } from '../support/candidates.js';
import type { Suite } from './suite.js';

const KEY = 'lease.a';

export const leases: Suite = (fixture) => {
  test('one of several holds it; a holder that falls silent is replaced within a second and a half', async () => {
    const candidates = new Candidates((await fixture().bus('tester')).state('facts'), KEY);
    const stand = async (holder: string) => candidates.stand(holder, (await fixture().bus('tester')).state('facts'));
    const first = await stand('first');
    await candidates.pass(0.1);
    const epoch = first.runner.actingEpoch();
    expect(first.told).toEqual([`granted ${epoch}`]);
    const others = [await stand('second'), await stand('third')];
    await candidates.pass(1.5);
    expect([first, ...others].map(({ told }) => told)).toEqual([[`granted ${epoch}`], [], []]);

    first.asleep = true;
    await candidates.pass(1.5);
    expect(first.runner.actingEpoch()).toBeNull();
    const [holder, ...more] = others.filter(({ runner }) => runner.actingEpoch() !== null);
    expect(more).toEqual([]);
    expect(holder.runner.actingEpoch()).toBeGreaterThan(epoch!);
    first.asleep = false;
    await candidates.pass(0.1);
    expect(first.told.at(-1)).toBe('lost');

    await candidates.release(holder);
    expect(holder.told.at(-1)).toBe('lost');
    await candidates.pass(0.5);
    const rest = [first, ...others].filter((one) => one !== holder);
    expect(rest.filter(({ runner }) => runner.actingEpoch() !== null)).toHaveLength(1);
    await Promise.all(rest.map(({ runner }) => runner.stop()));
  });

  test('a lease taken away by force is told as lost', async () => {
    const bus = await fixture().bus('tester');
    let losses = 0;
    const sink = { onGranted: () => {}, onDoubt: () => {}, onConfirmed: () => {}, onLost: () => void losses++ };
    const held = await LeaseRunner.start({ bucket: bus.state('facts'), key: 'lease.b', holder: 'mine', sink });
    await until(() => held.actingEpoch() !== null);
    await bus.state('facts').put('lease.b', bytesOf('{"holder":"thief","epoch":0}'));
    await until(() => losses === 1);
    expect(held.actingEpoch()).toBeNull();
    await held.stop();
  });
};
