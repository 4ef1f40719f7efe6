import { expect, test } from '@jest/globals';
import type { Alert, Opportunity, Order, Position, ServiceHealth } from '@parallax/types';
import { Collection } from './collection.js';
import { GatewayCore } from './gateway-core.js';

const SECOND = 1_000_000;
const monitoring = (atUs: number, more: Partial<ServiceHealth> = {}): ServiceHealth => ({
  service: 'monitoring', instance: 'm', ready: true, missing: [], startedAtUs: SECOND, atUs, counters: {}, latencies: {}, ...more,
});
const alert = (id: string, atUs: number, more: Partial<Alert> = {}): Alert => ({
  id, subject: id, severity: 'critical', summary: id, resolved: false, sinceUs: atUs, atUs, ...more,
});
const ids = (values: readonly { readonly id: string }[]): string[] => values.map(({ id }) => id);

test('an alert that stands is in the snapshot and told by health however many newer ones came and went', () => {
  const core = new GatewayCore();
  const held = alert('plan.p1.leg.1', 0);
  core.onAlert(held, 0);
  for (let number = 0; number < 300; number++) {
    const other = alert(`venue.okx.${number}`, number + 1, { severity: 'warning' });
    core.onAlert(other, number + 1);
    core.onAlert({ ...other, resolved: true }, number + 1);
  }
  const standing = (alerts: readonly Alert[]): string[] => ids(alerts.filter(({ resolved }) => !resolved));
  const { alert: shown } = core.snapshot(SECOND).data;
  expect([standing(shown), shown.length]).toEqual([[held.id], 201]);
  // What /api/v1/health asks for.
  expect(standing(core.collections.alert.values(100))).toEqual([held.id]);
});

test('an alert does not lapse while monitoring is heard, but does not know what stands', () => {
  const core = new GatewayCore();
  const lapsedAtUs = (): number | null | undefined => core.collections.alert.get('plan.p1.leg.1')?.lapsedAtUs;
  let nowUs = 10 * SECOND;
  core.onService(monitoring(nowUs), nowUs);
  core.onAlert(alert('plan.p1.leg.1', nowUs), nowUs);
  const pass = (seconds: number, more: Partial<ServiceHealth>): void => {
    for (let second = 0; second < seconds; second++) {
      nowUs += SECOND;
      core.onService(monitoring(nowUs, { instance: 'm2', startedAtUs: 11 * SECOND, ...more }), nowUs);
      core.onWake(nowUs);
    }
  };
  pass(40, { ready: false, missing: ['past fills and results cannot be read'] });
  pass(40, { standsBy: true, ready: false });
  expect(lapsedAtUs()).toBeNull();
  // From when it knows it has the time to tell all again.
  pass(15, {});
  expect(lapsedAtUs()).toBeNull();
  pass(1, {});
  expect(lapsedAtUs()).toBe(10 * SECOND);
});

test('what stands is dropped last', () => {
  const kept = new Collection<number>('newest', 3, (value) => value > 0);
  for (const [key, value] of [['a', 1], ['b', -1], ['c', 2], ['d', -2]] as const) kept.put(key, value);
  expect(kept.values()).toEqual([-2, 2, 1]);
  expect(kept.values(0)).toEqual([2, 1]);
  kept.put('e', 3);
  kept.put('f', 4);
  expect(kept.values()).toEqual([4, 3, 2]);
});

test('an order under way, an open opportunity and what is held outlive newer ones that are over', () => {
  const core = new GatewayCore();
  const order = (id: string, state: Order['state']): Order => ({ id, intentId: id, state, updatedAtUs: 1 }) as Order;
  const opportunity = (id: string, state: Opportunity['state']): Opportunity => ({ id, state, atUs: 1, openedAtUs: 1 }) as Opportunity;
  const position = (symbol: string, size: string): Position => ({ account: 'a', strategy: 's', venue: 'v', symbol, size, updatedAtUs: 1 }) as Position;
  core.onOrder(order('resting', 'open'));
  core.onOpportunity(opportunity('open', 'opened'), 1);
  core.onPosition(position('held', '0.5'));
  for (let number = 0; number < 10_001; number++) {
    core.onOrder(order(`o${number}`, 'filled'));
    core.onOpportunity(opportunity(`f${number}`, 'closed'), 1);
    core.onPosition(position(`p${number}`, '0'));
    core.takeChanges();
  }
  const { data } = core.snapshot(1);
  expect(data.order.at(-1)?.id).toBe('resting');
  expect(data.opportunity.at(-1)?.id).toBe('open');
  expect(core.collections.position.get('a s v held')?.size).toBe('0.5');
});
