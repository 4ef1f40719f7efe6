import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defaultScenario } from '@parallax/market-model';
import type { RefusalCode } from '@parallax/types';
import { decodeJson, fillSchema, patterns, refusedSchema } from '@parallax/wire';
import { VirtualHouse } from './support/virtual-house.js';

const MINUTES = [1, 2, 3, 4, 5];
/** Of a paper account that is used up, or one-sided: what a newcomer must not meet instead of fills. */
const USED_UP: readonly RefusalCode[] = ['BALANCE_INSUFFICIENT', 'POSITION_LIMIT', 'VENUE_EXPOSURE_LIMIT'];

const codes = new Map<string, number>();
const details = new Set<string>();
const venues = new Set<string>();
let fills = 0;
let house: VirtualHouse;

beforeAll(async () => {
  house = await VirtualHouse.open({}, defaultScenario);
  const bus = house.listen();
  bus.subscribe(patterns.fills, ({ bytes }) => {
    fills++;
    venues.add(decodeJson(fillSchema, bytes).venue);
  });
  bus.subscribe(patterns.refused, ({ bytes }) => {
    for (const { code, detail } of decodeJson(refusedSchema, bytes).refusals) {
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (code === 'RISK_STATE_UNKNOWN') details.add(detail);
    }
  });
});
afterAll(async () => house.close());

test('nothing is traded before half a minute of the market is known, and risk says that this is why', async () => {
  await house.pass(25);
  expect([fills, [...codes.keys()]]).toEqual([0, ['RISK_STATE_UNKNOWN']]);
  expect(details.size).toBeGreaterThan(0);
  for (const detail of details) expect(detail).toMatch(/^leg \d: no regime of \S+ was heard$/);
  codes.clear();
  await house.pass(10);
});

test.each(MINUTES)('the house as `npm start` starts it fills orders in minute %d of its market', async () => {
  fills = 0;
  await house.pass(60);
  expect(fills).toBeGreaterThan(0);
});

test('they are filled at several venues, nothing is refused because the paper account is used up; what the market does is', () => {
  expect([...venues].toSorted()).toEqual(expect.arrayContaining(['binance', 'okx']));
  expect(USED_UP.filter((code) => codes.has(code))).toEqual([]);
  expect(codes.size).toBeGreaterThan(0);
  process.stderr.write(`default market: ${JSON.stringify([...codes])}, ${[...venues].join()}\n`);
});
