import { expect, test } from '@jest/globals';
import { listsOf, type ListFacts } from './known-lists.js';
import type { Standing } from './standing.js';

const acts: Standing = { is: 'acts', why: '', sinceUs: null };
const silent: Standing = { is: 'unheard', why: 'it is silent', sinceUs: 4 };
const GOOD: ListFacts = {
  bus: { state: 'connected', sinceUs: 1 }, historyRead: true, riskAlive: { atUs: 3, isFresh: true }, positionsTold: true,
  standings: { monitoring: acts, arbitrage: acts, normalisation: acts, execution: acts },
};
/** The lists that are unknown, with why and since when. */
const unknown = (more: Partial<ListFacts>): unknown =>
  Object.fromEntries(Object.entries(listsOf({ ...GOOD, ...more })).filter(([, { known }]) => !known).map(([name, { why, sinceUs }]) => [name, [why, sinceUs]]));

test('each list is known by those who would tell of something, and by nobody else', () => {
  expect(unknown({})).toEqual({});
  expect(unknown({ standings: { ...GOOD.standings, monitoring: silent } })).toEqual({ alerts: ['it is silent', 4] });
  expect(unknown({ standings: { ...GOOD.standings, arbitrage: silent } })).toEqual({ opportunities: ['it is silent', 4] });
  expect(unknown({ standings: { ...GOOD.standings, normalisation: silent } })).toEqual({ deadLetters: ['it is silent', 4] });
  expect(unknown({ riskAlive: { atUs: 3, isFresh: false } })).toEqual({ halts: ['risk gives no sign of life', 3] });
  expect(unknown({ positionsTold: false })).toEqual({ positions: ['execution has not told its positions yet', null] });
  expect(unknown({ positionsTold: false, standings: { ...GOOD.standings, execution: silent } })).toEqual({ positions: ['it is silent', 4] });
  // An execution that holds positions and cannot act for want of risk still knows them.
  expect(unknown({ standings: { ...GOOD.standings, execution: { is: 'cannot', why: 'risk is silent', sinceUs: null } } })).toEqual({});
  const past = ['not all of the history has been read', null];
  expect(unknown({ historyRead: false })).toEqual({ orders: past, opportunities: past, deadLetters: past, audit: past });
});

test('without the bus nothing is known', () => {
  for (const [state, why] of [['gone', 'the gateway is cut off from the bus'], ['silent', 'nothing is heard on the bus']] as const) {
    const all = unknown({ bus: { state, sinceUs: 8 } }) as Record<string, unknown>;
    expect(Object.keys(all)).toEqual(Object.keys(listsOf(GOOD)));
    expect(new Set(Object.values(all).map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify([why, 8])]));
  }
});
