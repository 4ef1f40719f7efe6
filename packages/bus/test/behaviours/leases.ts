import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { LeaseRunner } from '../../src/index.js';
import type { Bus, BusPorts } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, pause } from '../support/fixture.js';

interface Candidate {
  readonly runner: LeaseRunner;
  readonly told: string[];
}

async function stand(bus: Bus, key: string, holder: string, ports: Partial<BusPorts> = {}): Promise<Candidate> {
  const told: string[] = [];
  const sink = {
    onGranted: (epoch: number) => told.push(`granted ${epoch}`),
    onDoubt: () => told.push('doubt'),
    onConfirmed: () => told.push('confirmed'),
    onLost: () => told.push('lost'),
  };
  return { told, runner: await LeaseRunner.start({ bucket: bus.state('facts'), key, holder, sink, ports }) };
}

export const leases: Suite = (fixture) => {
  test('one of several holds it; a holder that falls silent is replaced within a second and a half', async () => {
    const buses = await Promise.all([1, 2, 3].map(() => fixture().bus('tester')));
    let asleep = false;
    // A process that sleeps: its timers do not fire until it wakes.
    const sleepy: Partial<BusPorts> = {
      timers: {
        after: (delayMs, callback) => {
          const fire = (): void => (asleep ? void setTimeout(fire, 20) : callback());
          const timer = setTimeout(fire, delayMs);
          return () => clearTimeout(timer);
        },
      },
    };
    const first = await stand(buses[0], 'lease.a', 'first', sleepy);
    await until(() => first.told.length === 1);
    const others = [await stand(buses[1], 'lease.a', 'second'), await stand(buses[2], 'lease.a', 'third')];
    await pause(1_500);
    expect(others.map(({ told }) => told.length)).toEqual([0, 0]);
    const epoch = first.runner.actingEpoch();
    expect(first.told).toEqual([`granted ${epoch}`]);

    asleep = true;
    const silentSince = performance.now();
    await until(() => others.some(({ runner }) => runner.actingEpoch() !== null));
    expect(performance.now() - silentSince).toBeLessThan(1_500);
    expect(first.runner.actingEpoch()).toBeNull();
    const epochs = others.map(({ runner }) => runner.actingEpoch()).filter((held) => held !== null);
    expect(epochs).toHaveLength(1);
    expect(epochs[0]).toBeGreaterThan(epoch!);
    asleep = false;
    await until(() => first.told.includes('lost'));

    const holder = others.find(({ runner }) => runner.actingEpoch() !== null)!;
    await holder.runner.stop();
    expect(holder.told).toContain('lost');
    const rest = [first, ...others].filter((candidate) => candidate !== holder);
    const releasedAt = performance.now();
    await until(() => rest.some(({ runner }) => runner.actingEpoch() !== null));
    expect(performance.now() - releasedAt).toBeLessThan(500);
    await Promise.all(rest.map(({ runner }) => runner.stop()));
  });

  test('a lease taken away by force is told as lost', async () => {
    const bus = await fixture().bus('tester');
    const held = await stand(bus, 'lease.b', 'mine');
    await until(() => held.runner.actingEpoch() !== null);
    await bus.state('facts').put('lease.b', bytesOf('{"holder":"thief","epoch":0}'));
    await until(() => held.told.includes('lost'));
    expect(held.runner.actingEpoch()).toBeNull();
    await held.runner.stop();
  });
};
