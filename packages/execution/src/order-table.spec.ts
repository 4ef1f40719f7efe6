import { FINAL_ORDER_STATES, type OrderState } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { orderIdOf } from './order-id.js';
import { nextState, ORDER_TABLE, type OrderEvent } from './order-table.js';

test('final states have no way out, every other state has one to an end, and nothing unsent can fill', () => {
  const reachable = (state: OrderState): Set<OrderState> => {
    const seen = new Set<OrderState>([state]);
    for (const at of seen) for (const next of Object.values(ORDER_TABLE[at])) seen.add(next);
    return seen;
  };
  for (const state of Object.keys(ORDER_TABLE) as OrderState[]) {
    if (FINAL_ORDER_STATES.includes(state)) expect(ORDER_TABLE[state]).toEqual({});
    else expect([...reachable(state)].some((end) => FINAL_ORDER_STATES.includes(end))).toBe(true);
  }
  for (const event of ['accept', 'partialFill', 'fill', 'requestCancel', 'cancel'] as OrderEvent[]) expect(nextState('created', event)).toBeNull();
});

test('order ids follow from what the order is for, and every venue takes them', () => {
  const ids = ['a', 'b'].flatMap((intent) => [0, 1].flatMap((leg) => (['leg', 'hedge', 'reverse'] as const).map((purpose) => orderIdOf(intent, leg, purpose, leg))));
  expect(new Set(ids).size).toBe(12);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(orderIdOf('a', 0, 'leg', 0)).toBe(ids[0]);
});
