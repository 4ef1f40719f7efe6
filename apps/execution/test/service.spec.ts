import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Order, Profit } from '@parallax/types';
import { BUCKETS, decodeJson, encodeJson, patterns, profitSchema, STREAMS } from '@parallax/wire';
import { until } from '@parallax/testing';
import { Stand } from './stand.js';

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(async () => stand.close());

test('approvals become orders, fills, positions and results; halted they become nothing; the stand-by takes over', async () => {
  const { bus, placed } = stand;
  const positions: unknown[] = [];
  bus.subscribe(patterns.positions, ({ bytes }) => positions.push(JSON.parse(Buffer.from(bytes).toString())));
  const profits: Profit[] = [];
  bus.subscribe(patterns.profits, ({ bytes }) => profits.push(decodeJson(profitSchema, bytes)));
  const results = async (): Promise<number> => (await stand.read(STREAMS.results)).length;

  const [first, second] = [stand.service('first'), stand.service('second')];
  await first.start();
  await until(() => first.health().ready);
  await second.start();
  expect(second.health()).toMatchObject({ ready: false, standsBy: true, missing: [] });
  expect([first.health().orders, second.health().orders]).toEqual(['paper', 'paper']);
  await stand.approve('a');
  await until(async () => (await results()) === 1);
  expect(await stand.read(STREAMS.results)).toMatchObject([{ intentId: 'a', outcome: 'completed', fees: '-0.2' }]);
  // Positions are told, not stored: they come in a turn of their own.
  await until(() => positions.length >= 2 && profits.length > 0);
  expect([placed.length, (await stand.read(STREAMS.fills)).length]).toEqual([2, 2]);
  const sinceUs = Math.min(...(await stand.read(STREAMS.fills)).map(({ atUs }) => Number(atUs)));
  expect(profits.at(-1)).toMatchObject({ account: 'main', currency: 'USDT', plans: 1, fills: 2, sinceUs, realised: '-0.2', open: [], cash: '-0.2' });

  const bucket = bus.as('gateway').state(BUCKETS.halt);
  const halt = (halted: boolean) => bucket.put('halt', encodeJson({ halted, by: 'me', reason: 'a test', atUs: 1 }));
  await halt(true);
  await stand.approve('b');
  await until(async () => (await results()) === 2);
  expect(placed).toHaveLength(2);
  const orders = (await stand.read(STREAMS.orders)) as unknown as Order[];
  expect(orders.filter(({ intentId }) => intentId === 'b')).toMatchObject([{ state: 'expired', reason: 'halted: a test' }, { state: 'expired' }]);

  await first.stop();
  await until(() => second.health().ready);
  // Who did not hear the first learns them from the second, without another fill.
  positions.length = profits.length = 0;
  await until(() => positions.length >= 2 && profits.length > 0);
  expect(profits.at(-1)).toMatchObject({ plans: 1, fills: 2, realised: '-0.2' });
  expect(second.health().counters).toMatchObject({ leaseRenewals: expect.any(Number), leaseLatestUs: expect.any(Number) });
  // A halt is taken back by a word that says so, not by taking the record away.
  await bucket.delete('halt');
  await stand.approve('removed');
  await until(async () => (await results()) === 3);
  expect(placed).toHaveLength(2);
  await halt(false);
  await stand.approve('c');
  await until(async () => (await results()) === 4);
  expect(placed).toHaveLength(4);
});

test('while the clock is in doubt nothing new is sent, and once it is not, the next is', async () => {
  let doubt: string | null = null;
  const service = stand.service('first', {}, { clock: { nowUs: () => stand.time.nowUs(), doubt: () => doubt } });
  await service.start();
  await until(() => service.health().ready);
  let approvals = 0;
  /** Approves plan after plan until the service has looked at its clock and says `reason` of one. */
  const approveUntil = (reason: string | null): Promise<unknown> => until(async () => {
    const id = `plan-${++approvals}`;
    await stand.approve(id);
    await until(async () => (await stand.read(STREAMS.results)).some(({ intentId }) => intentId === id));
    return (await stand.read(STREAMS.orders)).findLast(({ intentId }) => intentId === id)?.reason === reason;
  }, `a plan of which is said: ${reason}`);
  doubt = 'the clock was set back';
  await approveUntil('the clock of this machine is in doubt');
  const { length } = stand.placed;
  await stand.approve('doubted');
  await until(async () => (await stand.read(STREAMS.results)).some(({ intentId }) => intentId === 'doubted'));
  expect(stand.placed).toHaveLength(length);
  expect((await stand.read(STREAMS.orders)).filter(({ intentId }) => intentId === 'doubted')).toMatchObject([{ state: 'expired' }, { state: 'expired' }]);
  doubt = null;
  await approveUntil(null);
  expect(stand.placed).toHaveLength(length + 2);
});

test('a take-over reads on behind an approval that cannot be read, and finishes what is under way', async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  await stand.bus.as('risk').streams.append('exec.approved.main', new TextEncoder().encode('{"kind":"approved"}'), { id: 'broken' });
  // Its orders are at the venues, and no answer came.
  for (const venue of [stand.binance, stand.okx]) venue.answer = () => null;
  const first = stand.service('first', {}, { log });
  await first.start();
  await until(() => first.health().ready);
  await stand.approve('a');
  await until(() => stand.placed.length === 2);
  await first.stop();
  const second = stand.service('second', {}, { log });
  await second.start();
  await until(async () => (await stand.read(STREAMS.results)).length === 1);
  expect(await stand.read(STREAMS.results)).toMatchObject([{ intentId: 'a', outcome: 'completed' }]);
  expect(stand.placed).toHaveLength(2);
});

test('an approval that cannot be read is put aside and stops nothing, now and after a restart', async () => {
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (message: string) => void errors.push(message) };
  await stand.bus.as('risk').streams.append('exec.approved.main', new TextEncoder().encode('{"kind":"approved"}'), { id: 'broken' });
  for (const [number, id] of ['a', 'b'].entries()) {
    const service = stand.service(id, {}, { log });
    await service.start();
    await until(() => service.health().ready);
    await stand.approve(id);
    await until(async () => (await stand.read(STREAMS.results)).length === number + 1);
    await service.stop();
  }
  expect(new Set(errors)).toEqual(new Set(['an approval cannot be read']));
});
