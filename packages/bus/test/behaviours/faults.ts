import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Bus, BusFault } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf } from '../support/fixture.js';

/** What the handlers of one bus threw, as it tells. */
function faultsOf(bus: Bus): string[] {
  const told: string[] = [];
  bus.onFault(({ from, place, error }: BusFault) => void told.push(`${from} ${place}: ${(error as Error).message}`));
  return told;
}

export const faults: Suite = (fixture) => {
  test('what a handler throws is told to its own bus with its place; the next messages come all the same', async () => {
    const [bus, other] = await Promise.all([fixture().bus('tester'), fixture().bus('tester')]);
    const [told, toldOther] = [faultsOf(bus), faultsOf(other)];
    let heard = 0;
    const fail = (what: string): never => {
      heard++;
      throw new Error(`${what} fails`);
    };
    bus.subscribe('t.fault.*', () => fail('a handler'));
    await bus.state('facts').watch('fault.*', () => fail('a watch'));
    const consuming = await bus.streams.consume('JOBS', 'worker', (message) => {
      message.acknowledgeUnconfirmed();
      fail('a consumer');
    });
    await bus.flush();
    other.publish('t.fault.a', bytesOf('1'));
    other.publish('t.fault.b', bytesOf('2'));
    await other.state('facts').put('fault.c', bytesOf('3'));
    await other.streams.append('job.work.d', bytesOf('4'), { id: 'fault-d' });
    await until(() => heard >= 4, () => told.join('\n'));
    await consuming.stop();
    expect(told.toSorted()).toEqual([
      'handler fault.c: a watch fails', 'handler job.work.d: a consumer fails', 'handler t.fault.a: a handler fails', 'handler t.fault.b: a handler fails',
    ]);
    expect(toldOther).toEqual([]);
  });

  test('a listener of faults that throws, or has left, harms nobody', async () => {
    const bus = await fixture().bus('tester');
    const leave = bus.onFault(() => {
      throw new Error('the listener fails');
    });
    const told = faultsOf(bus);
    bus.subscribe('t.fault.e', () => {
      throw new Error('a handler fails');
    });
    await bus.flush();
    bus.publish('t.fault.e', bytesOf('1'));
    await until(() => told.length === 1);
    leave();
    bus.publish('t.fault.e', bytesOf('2'));
    await until(() => told.length === 2);
  });
};
