import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { createMemoryBus } from '../src/index.js';
import { bytesOf, codeOf, pause, textOf } from './support/fixture.js';
import { HOUSE } from './support/house-topology.js';

test('in one process too, only risk can approve', async () => {
  const root = await createMemoryBus(HOUSE, { onFault: () => {} });
  const handed: string[] = [];
  await root.as('execution').streams.consume('APPROVED', 'execution', async (message) => {
    handed.push(textOf(message.bytes));
    await message.acknowledge();
  });
  for (const { name } of HOUSE.users.filter((user) => user.name !== 'risk')) {
    const bus = root.as(name);
    bus.publish('exec.approved.main', bytesOf('forged'));
    expect(await codeOf(bus.streams.append('exec.approved.main', bytesOf('forged'), { id: name }))).toBe('BUS_REFUSED');
    expect(await codeOf(bus.request('exec.approved.main', bytesOf('forged'), { timeoutMs: 60_000 }))).toBe('BUS_REFUSED');
  }
  // A plain publish to a stream's subject is heard but never stored, not even risk's own.
  root.as('risk').publish('exec.approved.main', bytesOf('not appended'));
  await root.as('risk').streams.append('exec.approved.main', bytesOf('approved'), { id: 'a' });
  await until(() => handed.length > 0);
  expect(handed).toEqual(['approved']);
  expect(() => root.as('stranger')).toThrow(expect.objectContaining({ code: 'CONFIG_REFUSED' }));
  await root.drain();
});

test('handlers that feed each other for ever do not starve timers', async () => {
  const root = await createMemoryBus(HOUSE);
  let rounds = 0;
  root.subscribe('ping', (message) => root.publish('pong', message.bytes));
  root.subscribe('pong', (message) => {
    rounds++;
    root.publish('ping', message.bytes);
  });
  for (let ball = 0; ball < 100; ball++) root.publish('ping', bytesOf('x'));
  // Were they starved, none of these would return.
  for (let tick = 0; tick < 10; tick++) await pause(5);
  await until(() => rounds > 1_000);
  root.subscribe('ping', () => {}).unsubscribe();
  void root.drain();
});
