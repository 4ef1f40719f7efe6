import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Clock, Fill, Order, PlanResult } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import type { RiskService } from '../src/index.js';
import { ACCOUNT, clock, CONFIGURATION, intentOf, Stand } from './support.js';

let stand: Stand;
beforeEach(async () => {
  stand = await new Stand().open();
});
afterEach(async () => stand.close());

const verdicts = async (count: number): Promise<void> => {
  await until(async () => (await stand.verdicts()).length === count, `${count} verdicts`);
};
const at = (service: RiskService, venue: string) => service.report(ACCOUNT).instruments.find((one) => one.venue === venue);

const orderOf = (leg: 0 | 1, changes: Partial<Order> = {}): Order => ({
  ...intentOf('one').plan.legs[leg], id: `o${leg}`, intentId: 'one', approvalId: 'x', purpose: 'leg', account: ACCOUNT, strategy: 'taker',
  filledSize: '0', averagePrice: null, state: 'open', venueOrderId: null, reason: null, createdAtUs: clock.nowUs(), updatedAtUs: clock.nowUs(),
  ...changes,
});
const fillOf = ({ id: orderId, leg, venue, side, price }: Order, id: string, size: string): Fill => ({
  id, orderId, intentId: 'one', leg, account: ACCOUNT, strategy: 'taker', venue, symbol: 'BTC/USDT', side, price, size, fee: '0.4',
  feeCurrency: 'USDT', liquidity: 'taker', atUs: clock.nowUs(),
});
const tell = {
  order: async (order: Order): Promise<void> =>
    void (await stand.bus.streams.append(subjects.order(ACCOUNT, order.venue), encodeJson(order), { id: `${order.id}-${order.state}` })),
  fill: async (fill: Fill, messageId = fill.id): Promise<void> =>
    void (await stand.bus.streams.append(subjects.fill(ACCOUNT, fill.venue), encodeJson(fill), { id: messageId })),
  result: async (changes: Partial<PlanResult>): Promise<void> => {
    const result: PlanResult = {
      intentId: 'one', approvalId: 'x', account: ACCOUNT, strategy: 'taker', revision: 1, fillCount: 0, outcome: 'held', currency: 'USDT',
      spread: '0', slippage: '0', fees: '0', otherFees: {}, exitCost: '0', held: '0', total: '0', passedOver: {}, uneven: null, dust: null,
      finishedAtUs: clock.nowUs(), ...changes,
    };
    await stand.bus.streams.append(subjects.result(ACCOUNT), encodeJson(result), { id: `one-${result.revision}` });
  },
};

test('fills move what was reserved into the position, and a restart finds it so', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  await stand.intend(intentOf('one'));
  await verdicts(1);
  const order = orderOf(0);
  await tell.order(order);
  for (const id of ['f1', 'f1-again']) await tell.fill(fillOf(order, 'f1', '0.004'), id);
  await until(() => risk.health().counters.fills === 2, 'the fills');
  expect(at(risk, 'a')).toMatchObject({ size: '0.004', reservedBuy: '0.006', reservedSell: '0.004' });
  expect(risk.report(ACCOUNT)).toMatchObject({ profit: [{ currency: 'USDT', total: '-0.4' }], positions: [{ size: '0.004', fees: '0.4' }] });
  const before = risk.report(ACCOUNT);
  await stand.restart();
  const again = await stand.start();
  await stand.ready(again);
  expect(again.report(ACCOUNT)).toEqual(before);
});

test('a position whose worth nobody tells for half a minute is a trouble until somebody does', async () => {
  let aheadUs = 0;
  const time: Clock = { nowUs: () => clock.nowUs() + aheadUs };
  const risk = await stand.start(CONFIGURATION, (bus) => bus, undefined, time);
  await until(() => risk.health().ready, 'risk is ready');
  await tell.fill(fillOf(orderOf(0), 'f1', '0.01'));
  await until(() => risk.health().counters.fills === 1, 'the fill');
  const told = (): string[] => (risk.health().troubles ?? []).map(({ key }) => key);
  expect(told()).toEqual([]);
  aheadUs = 31_000_000;
  await until(() => told().includes(`loss-unknown.${ACCOUNT}`), 'the trouble');
  aheadUs = 0;
  await stand.ready(risk);
  await until(() => told().length === 0, 'no trouble');
});

test('what a plan may still take back is reserved until its result, over a restart too, and again after a late fill', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  await stand.intend(intentOf('one'));
  await verdicts(1);
  const [buy, sell] = [orderOf(0), orderOf(1)];
  await tell.fill(fillOf(sell, 'f1', '0.01'));
  await tell.order({ ...sell, state: 'filled', filledSize: '0.01' });
  await tell.order({ ...buy, state: 'cancelled' });
  await until(() => risk.health().counters.orders === 2 && risk.health().counters.fills === 1, 'the orders');
  expect([at(risk, 'b')?.reservedBuy, at(risk, 'a')]).toEqual(['0.01', undefined]);
  await stand.restart();
  const again = await stand.start();
  await stand.ready(again);
  expect(at(again, 'b')?.reservedBuy).toBe('0.01');
  await tell.result({ fillCount: 1 });
  await until(() => again.health().counters.results === 1, 'the result');
  expect(at(again, 'b')?.reservedBuy).toBe('0');
  await tell.fill(fillOf(buy, 'f2', '0.01'));
  await until(() => at(again, 'a')?.size === '0.01', 'the late fill');
  expect([at(again, 'a')?.reservedSell, at(again, 'b')?.reservedBuy]).toEqual(['0.01', '0.01']);
  await tell.result({ revision: 2, fillCount: 2, outcome: 'completed' });
  await stand.restart();
  const third = await stand.start();
  await stand.ready(third);
  expect([at(third, 'a')?.reservedSell, at(third, 'b')?.reservedBuy]).toEqual(['0', '0']);
});

test.each([['fills', subjects.fill(ACCOUNT, 'a')], ['orders', subjects.order(ACCOUNT, 'a')]])(
  'of %s one that cannot be read leaves the position unknown, live and at a start: nothing is approved, and it is told', async (_what, subject) => {
    const risk = await stand.start();
    await stand.ready(risk);
    await stand.bus.streams.append(subject, new TextEncoder().encode('{"id":"f1"'), { id: 'torn' });
    await until(() => risk.health().counters.unreadable === 1, 'it was met');
    await stand.intend(intentOf('one'));
    await verdicts(1);
    await stand.restart();
    const again = await stand.start();
    await stand.ready(again);
    await stand.intend(intentOf('two'));
    await verdicts(2);
    for (const verdict of await stand.verdicts()) expect(verdict).toMatchObject({ kind: 'refused', refusals: [{ code: 'RISK_STATE_UNKNOWN' }] });
    expect(again.health().troubles).toMatchObject([{ key: 'state-unknown', severity: 'critical', summary: expect.stringContaining('cannot be read'), stopsTrading: true }]);
  },
);

test('a result that cannot be read stops nothing', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  await stand.bus.streams.append(subjects.result(ACCOUNT), new TextEncoder().encode('{}'), { id: 'torn' });
  await until(() => risk.health().counters.unreadable === 1, 'it was met');
  await stand.intend(intentOf('one'));
  await verdicts(1);
  expect(await stand.verdicts()).toMatchObject([{ kind: 'approved' }]);
  expect(risk.health().troubles ?? []).toEqual([]);
});
