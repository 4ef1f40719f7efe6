import { expect, test } from '@jest/globals';
import type { Opportunity, ServiceHealth } from '@parallax/types';
import { OpportunityBoard } from './opportunity-board.js';

const START = 1_760_000_000_000_000;
const SECOND = 1_000_000;
const found = (id: string, state: Opportunity['state'], atUs: number, openedAtUs = atUs): Opportunity => ({ id, state, atUs, openedAtUs }) as Opportunity;
const arbitrage = (startedAtUs: number, atUs: number): ServiceHealth => ({
  service: 'arbitrage', instance: `a${startedAtUs}`, ready: true, missing: [], startedAtUs, atUs, counters: {}, latencies: {},
});

test('open is known while its finder is heard, unknown while it is silent, and over where it is no more', () => {
  const board = new OpportunityBoard();
  const old = arbitrage(START, START + 10 * SECOND);
  let nowUs = START + 10 * SECOND;
  expect(board.onOpportunity(found('one', 'opened', nowUs), [old], nowUs)).toMatchObject({ known: true, decision: null });
  expect(board.onWake([old], nowUs + 5 * SECOND)).toEqual([]);
  nowUs += 6 * SECOND;
  expect(board.onWake([old], nowUs)).toMatchObject([{ id: 'one', state: 'opened', known: false }]);
  expect(board.onWake([old], nowUs)).toEqual([]);
  // It was paused only.
  expect(board.onWake([{ ...old, atUs: nowUs }], nowUs)).toMatchObject([{ state: 'opened', known: true }]);
  // It was killed, and another is there; the old one is still listed, or not.
  nowUs += 20 * SECOND;
  const next = arbitrage(nowUs - SECOND, nowUs);
  expect(board.onWake([old, next], nowUs)).toMatchObject([{ state: 'opened', known: false }]);
  expect(board.onWake([next], nowUs)).toMatchObject([{ id: 'one', state: 'closed', closeReason: 'finder-gone', atUs: START + 10 * SECOND }]);
  expect(board.onWake([next], nowUs)).toEqual([]);
  // What the next one finds is its own.
  expect(board.onOpportunity(found('two', 'opened', nowUs), [next], nowUs)).toMatchObject({ known: true });
  expect(board.onWake([next], nowUs)).toEqual([]);
});

test('without any arbitrage nothing that stands open is known to, nor to be over', () => {
  const board = new OpportunityBoard();
  expect(board.onOpportunity(found('one', 'updated', START), [], START)).toMatchObject({ state: 'updated', known: false });
  expect(board.onWake([], START + 3_600 * SECOND)).toEqual([]);
  expect(board.onOpportunity(found('two', 'closed', START), [], START)).toMatchObject({ state: 'closed', known: true });
});

test('the word of its own arbitrage is what counts: it comes back from our end, and never from its own', () => {
  const board = new OpportunityBoard();
  const next = arbitrage(START + SECOND, START + SECOND);
  board.onOpportunity(found('one', 'opened', START), [], START);
  expect(board.onWake([next], START + SECOND)).toMatchObject([{ closeReason: 'finder-gone' }]);
  const closed = board.onOpportunity(found('one', 'closed', START + 9, START), [next], START + SECOND);
  expect([closed?.state, closed?.closeReason]).toEqual(['closed', undefined]);
  expect(board.onOpportunity(found('one', 'updated', START + 99, START), [next], START + SECOND)).toBeNull();
  expect(board.onOpportunity(found('two', 'updated', START + 5, START + 1), [next], START)).toMatchObject({ state: 'updated' });
  expect(board.onOpportunity(found('two', 'opened', START + 1), [next], START)).toBeNull();
});

test('a decision is shown with its opportunity, whichever comes first; an older one is left', () => {
  const board = new OpportunityBoard();
  const decision = (atUs: number) => ({ kind: 'asked' as const, account: 'a', strategy: 's', reasons: [], atUs });
  expect(board.onDecision('one', decision(5))).toBeNull();
  expect(board.onOpportunity(found('one', 'opened', START), [], START)).toMatchObject({ decision: { atUs: 5 } });
  expect(board.onDecision('one', decision(7))).toMatchObject({ id: 'one', decision: { atUs: 7 } });
  expect(board.onDecision('one', decision(6))).toBeNull();
  expect(board.decisionOf('one')).toMatchObject({ atUs: 7 });
});
