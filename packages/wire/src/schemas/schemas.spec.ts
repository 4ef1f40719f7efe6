import { expect, test } from '@jest/globals';
import { ParallaxError } from '@parallax/types';
import { decodeApproved, decodeJson, encodeJson, fillSchema, haltRequestSchema, planSchema, traceKeepSchema } from './index.js';

const leg = { leg: 0, venue: 'binance', symbol: 'BTC/USDT', side: 'buy', type: 'limit', timeInForce: 'IOC', price: '65000.12', size: '0.5' };
const plan = { legs: [leg], exits: [], currency: 'USDT', notional: '32500.06' };
const intent = {
  id: 'i1', account: 'paper', strategy: 'taker', kind: 'arbitrage', opportunityId: 'o1', plan,
  expectedNet: '-1.5', createdAtUs: 1, expiresAtUs: 2,
};
const approved = { kind: 'approved', id: 'a1', intent, plan, reserved: '1', scaledBy: '1', epoch: 3, atUs: 1, expiresAtUs: 2 };

const refusal = (run: () => unknown): ParallaxError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ParallaxError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('what is encoded comes back, an approval with its type', () => {
  expect(decodeJson(planSchema, encodeJson(plan))).toEqual(plan);
  expect(decodeApproved(encodeJson(approved))).toEqual(approved);
});

test.each([
  [{ ...plan, notional: 1.5 }, 'notional', 'decimal text'],
  [{ ...plan, notional: '1e5' }, 'notional', 'decimal text'],
  [{ ...plan, notional: '-1' }, 'notional', 'negative'],
  [{ ...plan, notional: '.5' }, 'notional', 'decimal text'],
  [{ ...plan, legs: [{ ...leg, price: 'NaN' }] }, 'legs.0.price', 'found "NaN"'],
  [{ ...plan, legs: [{ ...leg, side: 'both' }] }, 'legs.0.side', '"buy"|"sell"'],
  [{ ...plan, legs: [] }, 'legs', '1'],
  [null, '$', 'object'],
])('a wrong field is named with what would be right: %j', (value, place, said) => {
  const error = refusal(() => decodeJson(planSchema, encodeJson(value)));
  expect(error.code).toBe('INPUT_REFUSED');
  expect(error.place).toBe(place);
  expect(error.message).toContain(said);
});

test('requests refuse unknown fields, events tolerate them', () => {
  const request = { who: 'ann', why: 'testing', acount: 'paper' };
  expect(refusal(() => decodeJson(haltRequestSchema, encodeJson(request))).place).toBe('acount');
  const fill = {
    id: 'f', orderId: 'o', intentId: 'i', leg: 0, account: 'a', strategy: 's', venue: 'v', symbol: 'B/U', side: 'buy',
    price: '1', size: '1', fee: '-0.1', feeCurrency: 'U', liquidity: 'maker', atUs: 1,
  };
  expect(decodeJson(fillSchema, encodeJson({ ...fill, later: true }))).toEqual(fill);
});

test.each([
  ['why', 2, 'must say why, 3 to 500 characters'], ['why', 3, null], ['why', 500, null], ['why', 501, 'must say why, 3 to 500 characters'],
  ['who', 0, 'must say who asks, 1 to 100 characters'], ['who', 1, null], ['who', 100, null], ['who', 101, 'must say who asks, 1 to 100 characters'],
] as const)('of a request `%s` with %d characters: %p', (field, length, said) => {
  const request = { who: 'ann', why: 'testing', [field]: 'x'.repeat(length) };
  if (said === null) return expect(decodeJson(haltRequestSchema, encodeJson(request))).toEqual(request);
  // Spaces around it do not make it long enough.
  const error = refusal(() => decodeJson(haltRequestSchema, encodeJson({ ...request, [field]: ` ${request[field]} ` })));
  expect([error.place, error.message.includes(said)]).toEqual([field, true]);
});

test('bytes that are no JSON or no UTF-8 are refused', () => {
  expect(refusal(() => decodeJson(planSchema, new TextEncoder().encode('{"legs":'))).message).toContain('not JSON');
  expect(refusal(() => decodeJson(planSchema, Uint8Array.of(0x22, 0xff, 0x22))).code).toBe('INPUT_REFUSED');
});

test('an approval that lacks a field is none', () => {
  const { epoch: _, ...without } = approved;
  expect(refusal(() => decodeApproved(encodeJson(without))).place).toBe('epoch');
});

test('trace contexts and times are checked', () => {
  const origin = { venue: 'v', connection: 1, frame: 2, receivedAtUs: 3.5 };
  const keep = { origin, links: [], traceparent: 'x', reason: 'fill' };
  const error = refusal(() => decodeJson(traceKeepSchema, encodeJson(keep)));
  expect([error.place, error.message]).toEqual(['origin.receivedAtUs, traceparent', expect.stringMatching(/^origin\.receivedAtUs: must be .*; traceparent: must be a W3C/)]);
});

test('what is nested deeply is refused with its place, as anything else', () => {
  const deep = '['.repeat(400_000) + ']'.repeat(400_000);
  expect(refusal(() => decodeJson(haltRequestSchema, Buffer.from(deep)))).toMatchObject({ code: 'INPUT_REFUSED', place: '$' });
  expect(refusal(() => decodeJson(haltRequestSchema, Buffer.from(`{"who":"a","why":${deep}}`)))).toMatchObject({ code: 'INPUT_REFUSED', place: 'why' });
});
