import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { STREAMS } from '@parallax/wire';
import type { ExecutionService } from '../src/index.js';
import { Stand } from './stand.js';

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
});
afterEach(() => stand.close());

const shut = (venue: string): string => `no new plan with a leg at ${venue} begins, whose door does not answer: nobody listens`;
const keysOf = (service: ExecutionService): string[] => (service.health().troubles ?? []).map(({ key }) => key);

test('a door that does not answer is told, and where none does execution is not ready', async () => {
  stand.okx.away = true;
  stand.binance.away = true;
  const service = stand.service('one');
  await service.start();
  await until(() => service.health().missing.join() === [shut('binance'), shut('okx')].join(), () => service.health().missing.join());
  expect(service.health()).toMatchObject({ ready: false, actsSinceUs: expect.any(Number) });
  stand.binance.away = false;
  await until(() => service.health().ready);
  expect(service.health()).toMatchObject({
    missing: [], degraded: [shut('okx')], troubles: [{ key: 'door.okx', severity: 'warning', summary: shut('okx'), stopsTrading: 'part' }],
  });
  stand.okx.away = false;
  await until(() => keysOf(service).length === 0);
  expect(service.health().degraded ?? []).toEqual([]);
});

test('while a venue does not answer no plan with a leg there begins: others go on, and it goes once the venue answers or ends with its approval', async () => {
  stand.okx.away = true;
  const service = stand.service('one');
  await service.start();
  await until(() => {
    const { missing, degraded = [] } = service.health();
    const lacks = [...missing, ...degraded];
    return lacks.length === 1 && /okx.*: nobody listens$/.test(lacks[0]);
  });
  await stand.approve('waits');
  // Its approval holds for two more seconds.
  await stand.approve('expires', stand.time.nowUs() - 58_000_000);
  await stand.approve('elsewhere', stand.time.nowUs(), [], ['binance', 'binance']);
  const ended = await until(async () => {
    const begun = (await stand.read(STREAMS.orders)).filter(({ intentId }) => intentId === 'waits');
    expect(begun).toEqual([]);
    const results = await stand.read(STREAMS.results);
    return results.length >= 2 && results;
  });
  expect(ended.map(({ intentId, outcome }) => [intentId, outcome]).toSorted()).toEqual([['elsewhere', 'completed'], ['expires', 'nothing-filled']]);
  const orders = await stand.read(STREAMS.orders);
  expect(orders.filter(({ intentId }) => intentId === 'waits')).toEqual([]);
  expect(orders.filter(({ intentId }) => intentId === 'expires').map(({ reason }) => reason)).toEqual(['the approval expired', 'the approval expired']);
  expect([stand.binance.placed.length, stand.okx.placed.length, (await stand.read(STREAMS.fills)).length]).toEqual([2, 0, 2]);
  expect(service.health().counters).toMatchObject({ approvals: 2, running: 0, requests: 2 });
  expect(service.health().counters.postponed).toBeGreaterThan(1);
  stand.okx.away = false;
  await until(async () => (await stand.read(STREAMS.results)).length === 3);
  const fills = await stand.read(STREAMS.fills);
  expect(fills.filter(({ intentId }) => intentId === 'waits').map(({ venue, side, size }) => [venue, side, size]).toSorted()).toEqual([
    ['binance', 'buy', '1'], ['okx', 'sell', '1'],
  ]);
  expect([fills.length, stand.placed.length, new Set(stand.placed).size]).toEqual([4, 4, 4]);
  expect(service.health().counters).toMatchObject({ approvals: 3, duplicates: 0, resent: 0 });
});

test('of an order under way a venue is asked while it does not answer; it stands as a critical trouble until its fate is known', async () => {
  const service = stand.service('one', {}, {}, { unansweredUs: 1, queryDelayUs: 10_000, longestQueryDelayUs: 50_000 });
  await service.start();
  await until(() => service.health().ready && (service.health().degraded ?? []).length === 0);
  // The order arrives, and from then on nobody answers.
  stand.okx.answer = () => {
    stand.okx.away = true;
    return null;
  };
  await stand.approve('plan');
  const { trouble } = await until(() => {
    const found = service.health().troubles?.find(({ key, summary }) => key.startsWith('order.') && !summary.includes('for 0 s'));
    return found && keysOf(service).includes('door.okx') && { trouble: found };
  });
  const sent = (await stand.read(STREAMS.orders)).find(({ venue }) => venue === 'okx')!;
  expect(trouble).toMatchObject({ key: `order.${sent.id}`, severity: 'critical' });
  expect(trouble.summary.replace(/for \d+ s/, 'for 1 s')).toBe(
    `the order ${sent.id} to sell 1 BTC/USDT at okx stands in sending for 1 s: okx has not said what became of it. Its plan waits; compare with the venue`);
  const { questions } = stand.okx;
  // The watch of the door asks once meanwhile, the order's own questions come more often.
  await until(() => stand.okx.questions > questions + 5);
  stand.okx.away = false;
  await until(async () => (await stand.read(STREAMS.results)).length === 1);
  await until(() => keysOf(service).length === 0);
  expect([stand.placed.length, (await stand.read(STREAMS.results))[0].outcome]).toEqual([2, 'completed']);
});
