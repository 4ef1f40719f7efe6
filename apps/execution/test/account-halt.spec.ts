import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { HaltRecord, VenueOrder } from '@parallax/types';
import { BUCKETS, decodeJson, encodeJson, haltRecordSchema, STREAMS } from '@parallax/wire';
import { faulty } from './faulty-bus.js';
import { Stand } from './stand.js';

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(async () => stand.close());

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const stored = async (key = 'halt.main'): Promise<HaltRecord | null> => {
  const entry = await stand.bus.as('risk').state(BUCKETS.halt).get(key);
  return entry?.bytes ? decodeJson(haltRecordSchema, entry.bytes) : null;
};
const resume = (): Promise<unknown> =>
  stand.bus.as('risk').state(BUCKETS.halt).put('halt.main', encodeJson({ halted: false, by: 'ada', reason: 'compared with the venue', atUs: stand.time.nowUs() }));
const strange = (changes: Partial<VenueOrder> = {}): VenueOrder =>
  stand.okx.orderOf({ clientId: 'somebody-elses', account: 'main', symbol: 'BTC/USDT', side: 'buy', price: '100', size: '1' }, changes);
const finished = (count: number): Promise<unknown> => until(async () => (await stand.read(STREAMS.results)).length === count);

async function started(instance = 'one', context = {}): Promise<ReturnType<Stand['service']>> {
  const service = stand.service(instance, {}, { log: quiet, ...context });
  await service.start();
  await until(() => service.health().ready);
  return service;
}

test('an order that is not ours halts its account in shared state; that is a critical trouble until somebody resumes', async () => {
  const service = await started();
  expect(service.health().troubles).toBeUndefined();
  stand.okx.tell(strange());
  await until(stored);
  const reason = 'okx has an order somebody-elses of 1 BTC/USDT, filled 1, that is not ours';
  expect(await stored()).toEqual({ halted: true, by: 'execution', reason, atUs: expect.any(Number) });
  expect(service.health().troubles).toEqual([{ key: 'halted.main', severity: 'critical', summary: expect.stringContaining(reason) }]);
  expect(service.health().counters).toMatchObject({ strangers: 1 });
  const entry = { action: 'halt', account: 'main', who: 'execution', why: reason, service: 'execution', atUs: expect.any(Number) };
  expect(await until(async () => (await stand.read(STREAMS.audit)).length > 0 && stand.read(STREAMS.audit))).toMatchObject([entry]);
  await stand.approve('a');
  await finished(1);
  expect([stand.placed, await stand.read(STREAMS.results)]).toMatchObject([[], [{ outcome: 'nothing-filled' }]]);
  await resume();
  await until(() => service.health().troubles === undefined);
  await stand.approve('b');
  await finished(2);
  expect(stand.placed).toHaveLength(2);
  // It may halt an account, and no more than that.
  await expect(stand.bus.as('execution').state(BUCKETS.halt).put('halt', encodeJson({}))).rejects.toThrow();
});

test('a fill beyond its order’s size is stored and halts the account; the next instance says so too, and not again once it was lifted', async () => {
  const first = await started('first');
  await stand.approve('a');
  await finished(1);
  const [clientId] = stand.okx.placed;
  const order = stand.okx.orders.get(clientId)!;
  stand.okx.tell({ ...order, filledSize: '1.5', fills: [...order.fills, stand.okx.fillOf('100', '0.5')] });
  await until(stored);
  expect((await stored())?.reason).toBe(`okx filled 1.5 of the order ${clientId} of 1 BTC/USDT`);
  // The plan is taken up again and told as it is now: half a bitcoin sold stands alone.
  await finished(2);
  expect((await stand.read(STREAMS.results))[1]).toMatchObject({ revision: 2, uneven: { venue: 'okx', side: 'sell', size: '0.5' } });
  expect((await stand.read(STREAMS.fills)).map(({ size }) => size)).toEqual(['1', '1', '0.5']);
  await first.stop();
  const second = await started('second');
  expect(second.health().troubles).toMatchObject([{ key: 'halted.main', severity: 'critical' }]);
  await resume();
  await until(() => second.health().troubles === undefined);
  await second.stop();
  const third = await started('third');
  await stand.approve('b');
  await finished(3);
  expect([third.health().troubles, stand.placed.length]).toEqual([undefined, 4]);
});

test('what came while nobody listened is asked for: a stranger halts, a late fill takes its plan up again', async () => {
  stand.okx.answer = () => ({ status: 'expired', filledSize: '0', fills: [] });
  stand.binance.answer = stand.okx.answer;
  const first = await started('first');
  await stand.approve('a');
  await finished(1);
  await first.stop();
  for (const venue of [stand.binance, stand.okx]) {
    const order = venue.orders.get(venue.placed[0])!;
    venue.tell({ ...order, filledSize: '1', fills: [venue.fillOf('100', '1')], atUs: stand.time.nowUs() });
  }
  // One that was over by then is told and halts nothing; one that is open halts; one that was over without a fill is nothing.
  stand.binance.tell(strange({ clientId: 'over-by-then' }));
  stand.binance.tell(strange({ clientId: 'never-filled', status: 'expired', filledSize: '0', fills: [] }));
  stand.okx.tell(strange({ status: 'open', filledSize: '0', fills: [] }));
  const second = await started('second');
  await until(stored);
  expect((await stored())?.reason).toContain('okx has an order somebody-elses');
  const past = await until(() => second.health().troubles?.find(({ severity }) => severity === 'warning'));
  expect(past).toEqual({ key: 'strangers.main.binance', severity: 'warning', summary: expect.stringContaining('filled an order of account main that is not ours, the last one over-by-then') });
  await until(async () => (await stand.read(STREAMS.results)).at(-1)?.outcome === 'completed');
  const results = await stand.read(STREAMS.results);
  expect(results.map(({ revision }) => revision)).toEqual(results.map((_, at) => at + 1));
  expect((await stand.read(STREAMS.fills)).map(({ venue }) => venue).toSorted()).toEqual(['binance', 'okx']);
});

test('while the lease is in doubt nobody says whose an order is: another may have placed it by now', async () => {
  const faults = { unwritable: new Set<string>(), reads: 0, putOff: 0 };
  let sleptUs = 0;
  const clock = { nowUs: () => stand.time.nowUs() + sleptUs };
  const service = await started('one', { clock, around: (bus: Parameters<typeof faulty>[0]) => faulty(bus, faults) });
  faults.unwritable.add(BUCKETS.leases);
  sleptUs = 700_000;
  await until(() => service.health().missing.some((what) => what.includes('cannot be renewed')));
  stand.okx.tell(strange({ atUs: clock.nowUs() }));
  expect(service.health().counters).toMatchObject({ strangers: 0 });
  faults.unwritable.clear();
  await until(() => service.health().ready);
  stand.okx.tell(strange({ atUs: clock.nowUs() }));
  await until(stored);
});

test('a halt that cannot be written stands all the same, and is written as soon as it can be', async () => {
  const faults = { unwritable: new Set<string>([BUCKETS.halt]), reads: 0, putOff: 0 };
  const service = await started('one', { around: (bus: Parameters<typeof faulty>[0]) => faulty(bus, faults) });
  stand.okx.tell(strange());
  expect(service.health().troubles).toHaveLength(1);
  // A resumption from before ours could be written is none of it.
  await resume();
  await stand.approve('a');
  await finished(1);
  expect([stand.placed, (await stored())?.halted]).toEqual([[], false]);
  faults.unwritable.clear();
  await until(async () => (await stored())?.halted);
  expect(await stored()).toMatchObject({ by: 'execution' });
  await resume();
  await until(() => service.health().troubles === undefined);
  await stand.approve('b');
  await finished(2);
  expect(stand.placed).toHaveLength(2);
});

test('a halt whose entry of the audit cannot be stored gets it as soon as it can be, once', async () => {
  const faults = { unwritable: new Set<string>(), reads: 0, putOff: 0, appends: 0 };
  await started('one', { around: (bus: Parameters<typeof faulty>[0]) => faulty(bus, faults) });
  faults.appends = 3;
  stand.okx.tell(strange());
  await until(async () => (await stand.read(STREAMS.audit)).length > 0);
  stand.okx.tell(strange({ clientId: 'another' }));
  await until(async () => (await stand.read(STREAMS.audit)).length > 1);
  expect((await stand.read(STREAMS.audit)).map(({ why }) => why)).toEqual(['somebody-elses', 'another'].map((id) => expect.stringContaining(id)));
});

test('a halt that was written without an answer is not written again once it was lifted', async () => {
  const faults = { unwritable: new Set<string>(), unanswered: new Set<string>([BUCKETS.halt]), reads: 0, putOff: 0 };
  const service = await started('one', { around: (bus: Parameters<typeof faulty>[0]) => faulty(bus, faults) });
  stand.okx.tell(strange());
  await until(stored);
  await resume();
  await until(() => service.health().troubles === undefined);
  await stand.approve('a');
  await finished(1);
  // By the services' clock a second try would have been made by then.
  const triedUs = stand.time.nowUs() + 500_000;
  await until(() => stand.time.nowUs() > triedUs);
  expect([(await stored())?.by, stand.placed.length]).toEqual(['ada', 2]);
});
