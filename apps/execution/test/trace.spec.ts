import { expect, test } from '@jest/globals';
import type { Approved, Fill, Order, OrderState, PlanResult, TraceStep, Tracing } from '@parallax/types';
import { ExecutionTrace } from '../src/trace.js';

/** A context names the way to its step in words. */
function traced(): { trace: ExecutionTrace; steps: TraceStep[]; time: { us: number } } {
  const steps: TraceStep[] = [];
  const time = { us: 0 };
  const tracing = {
    contextOfStep: (within: string | undefined, step: string, key: string) => (within === undefined ? undefined : `${within} > ${step} ${key}`),
    step: (step: TraceStep) => void steps.push(step),
  } as Tracing;
  const log = { info: () => {}, warn: () => {}, error: (message: string, fields?: object) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } };
  return { trace: new ExecutionTrace({ tracing, clock: { nowUs: () => time.us }, log }), steps, time };
}
const orderOf = (state: OrderState, changes: Partial<Order> = {}): Order => ({
  id: 'o1', intentId: 'i', approvalId: 'a', leg: 0, purpose: 'leg', account: 'main', strategy: 's', venue: 'okx', symbol: 'BTC/USDT', side: 'buy',
  type: 'limit', timeInForce: 'IOC', price: '100', size: '1', filledSize: '0', averagePrice: null, state, venueOrderId: null, reason: null,
  createdAtUs: 10, updatedAtUs: 20, traceparent: 'verdict', ...changes,
});
const approvedOf = (id: string, changes: Partial<Approved> = {}): Approved =>
  ({ id, intent: { account: 'main', strategy: 's' }, traceparent: 'verdict', ...changes }) as Approved;
const resultOf = (approvalId: string): PlanResult => ({ approvalId, outcome: 'completed', total: '2', currency: 'USDT', finishedAtUs: 90 }) as PlanResult;

test('an order has its span when it is at its end, under its plan; what was refused says why', () => {
  const { trace, steps } = traced();
  for (const state of ['created', 'sending', 'open', 'partiallyFilled', 'cancelling'] as const) trace.onOrderStored(orderOf(state));
  expect(steps).toEqual([]);
  trace.onOrderStored(orderOf('filled', { filledSize: '1', averagePrice: '99.5' }));
  trace.onOrderStored(orderOf('rejected', { id: 'o2', reason: 'too late' }));
  trace.onOrderStored(orderOf('filled', { id: 'of no trace', traceparent: undefined }));
  expect(steps).toMatchObject([
    { within: 'verdict > plan a', step: 'order', key: 'o1', startUs: 10, endUs: 20, attributes: { 'parallax.filled': '1', 'parallax.average_price': '99.5' } },
    { within: 'verdict > plan a', step: 'order', key: 'o2', error: 'too late' },
  ]);
  expect([steps.length, 'error' in steps[0], 'parallax.average_price' in steps[1].attributes!]).toEqual([2, false, false]);
});

test('others see an order and a fill with the context of its own span, and those of no trace as they are', () => {
  const { trace, steps, time } = traced();
  const fill = { id: 'f', orderId: 'o1', venue: 'okx', fee: '0.1', feeCurrency: 'USDT', atUs: 5, traceparent: 'order' } as Fill;
  expect([trace.ofOrder(orderOf('open')).traceparent, trace.ofFill(fill).traceparent]).toEqual(['verdict > order o1', 'order > fill f']);
  const without = orderOf('open', { traceparent: undefined });
  expect(trace.ofOrder(without)).toBe(without);
  time.us = 40;
  trace.onFillStored(fill, 30);
  trace.onFillStored({ ...fill, traceparent: undefined }, 30);
  expect(steps).toMatchObject([{ within: 'order > order o1', step: 'fill', key: 'f', startUs: 30, endUs: 40, attributes: { 'parallax.fee': '0.1 USDT' } }]);
});

test('a plan has its span at its end, once, from when it was first taken up; each of several its own', () => {
  const { trace, steps } = traced();
  trace.onApproved(approvedOf('a'), 50);
  trace.onApproved(approvedOf('b', { traceparent: undefined, intent: { account: 'main', strategy: 's', traceparent: 'intent' } as Approved['intent'] }), 55);
  trace.onApproved(approvedOf('c', { traceparent: undefined }), 56);
  trace.onApproved(approvedOf('a'), 60);
  for (const id of ['a', 'a', 'b', 'c', 'unknown']) trace.onFinished(resultOf(id));
  expect(steps).toMatchObject([
    { within: 'verdict', step: 'plan', key: 'a', startUs: 50, endUs: 90, attributes: { 'parallax.outcome': 'completed', 'parallax.total': '2 USDT' } },
    { within: 'intent', step: 'plan', key: 'b', startUs: 55, endUs: 90 },
  ]);
  expect(steps).toHaveLength(2);
});
