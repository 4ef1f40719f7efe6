import { expect, test } from '@jest/globals';
import type { HaltView } from '../views.js';
import type { Standing } from './standing.js';
import { NEEDED, reasonsAgainst, stateOf, type TradingFacts } from './trading.js';

const STANDINGS: readonly Standing[] = [
  { is: 'acts', why: '', sinceUs: null },
  { is: 'cannot', why: 'it is not ready', sinceUs: null },
  { is: 'unheard', why: 'it is silent', sinceUs: 7 },
];
const halt = (account: string | null, halted = true): HaltView => ({ halted, by: 'ann', reason: 'why not', atUs: 5, account });
const HALTS: readonly (readonly [readonly HaltView[], 'none' | 'part' | 'all'])[] = [
  [[], 'none'],
  [[halt(null, false), halt('a', false)], 'none'],
  [[halt('a')], 'part'],
  [[halt('a'), halt('b')], 'all'],
  [[halt(null), halt('a', false)], 'all'],
];

/** Every combination of what each service says with everything else that matters. */
function* everything(): Generator<{ facts: TradingFacts; halted: 'none' | 'part' | 'all' }> {
  for (let code = 0; code < 3 ** NEEDED.length; code++) {
    const standings = Object.fromEntries(NEEDED.map((name, index) => [name, STANDINGS[Math.floor(code / 3 ** index) % 3]])) as TradingFacts['standings'];
    for (const state of ['connected', 'silent', 'gone'] as const)
      for (const [halts, halted] of HALTS)
        for (const withoutPaper of [false, true])
          for (const isFresh of [true, false])
            for (const [trustedBooks, freshQuotes, knownRegimes] of [[2, 2, 3], [2, 0, 3], [0, 0, 3], [2, 2, 0], [0, 0, 0]])
              yield { halted, facts: { bus: { state, sinceUs: 3 }, standings, withoutPaper, riskAlive: { atUs: 9, isFresh }, halts, accounts: ['a', 'b'], trustedBooks, freshQuotes, knownRegimes } };
  }
}

test('in every combination of facts: trading only where nothing speaks against it, and never unknown where somebody says no', () => {
  const seen = new Map<string, number>();
  for (const { facts, halted } of everything()) {
    const { bus, standings, withoutPaper, riskAlive, trustedBooks, freshQuotes, knownRegimes } = facts;
    const needed = NEEDED.filter((name) => name !== 'paper' || !withoutPaper).map((name) => standings[name].is);
    const says = needed.includes('cannot') || knownRegimes === 0 || (standings.normalisation.is === 'acts' && (trustedBooks === 0 || freshQuotes === 0));
    const silent = needed.includes('unheard') || (standings.risk.is === 'acts' && !riskAlive.isFresh);
    const right =
      bus.state !== 'connected' ? 'unknown' : halted === 'all' ? 'halted' : says ? 'stopped' : silent ? 'unknown' : halted === 'part' ? 'trading-in-part' : 'trading';
    const reasons = reasonsAgainst(facts);
    const { state } = stateOf(reasons);
    if (state !== right) expect({ facts, state }).toEqual({ facts, state: right });
    if ((state === 'trading') !== (reasons.length === 0)) expect({ facts, reasons }).toBe('reasons exactly where it does not trade');
    if (new Set(reasons.map(({ key }) => key)).size !== reasons.length) expect(reasons).toBe('reasons with a key each');
    seen.set(state, (seen.get(state) ?? 0) + 1);
  }
  expect([...seen.keys()].toSorted()).toEqual(['halted', 'stopped', 'trading', 'trading-in-part', 'unknown']);
});

const GOOD: TradingFacts = {
  bus: { state: 'connected', sinceUs: 1 }, standings: Object.fromEntries(NEEDED.map((name) => [name, STANDINGS[0]])) as TradingFacts['standings'],
  withoutPaper: false, riskAlive: { atUs: 9, isFresh: true }, halts: [], accounts: ['a'], trustedBooks: 1, freshQuotes: 1, knownRegimes: 1,
};

test('each reason says what it is, in words, and since when where that is told', () => {
  expect(reasonsAgainst(GOOD)).toEqual([]);
  const only = (facts: Partial<TradingFacts>): unknown[] => reasonsAgainst({ ...GOOD, ...facts }).map(({ kind, text, sinceUs }) => [kind, text, sinceUs]);
  expect(only({ bus: { state: 'gone', sinceUs: 4 } })).toEqual([['cut-off', 'the gateway is cut off from the bus', 4]]);
  expect(only({ bus: { state: 'silent', sinceUs: 4 } })).toEqual([['cut-off', 'nothing is heard on the bus', 4]]);
  expect(only({ halts: [halt(null)] })).toEqual([['halted', 'everything is halted by ann: why not', 5]]);
  expect(only({ halts: [halt('a')] })).toEqual([['halted', 'account a is halted by ann: why not', 5]]);
  expect(only({ halts: [halt('a')], accounts: ['a', 'b'] })).toEqual([['part', 'account a is halted by ann: why not', 5]]);
  // Before any account is known, one that is halted is a part of what there may be.
  expect(only({ halts: [halt('a')], accounts: [] })).toEqual([['part', 'account a is halted by ann: why not', 5]]);
  expect(only({ riskAlive: { atUs: 9, isFresh: false } })).toEqual([['unheard', 'risk gives no sign of life', 9]]);
  expect(only({ trustedBooks: 0 })).toEqual([['cannot', 'no book is trusted', null]]);
  expect(only({ freshQuotes: 0 })).toEqual([['cannot', 'no trusted quote is fresh: risk and execution do nothing new on older ones', null]]);
  expect(only({ knownRegimes: 0 })).toEqual([['cannot', 'the regime of no market is known, so that risk allows nothing new', null]]);
  const execution: Standing = { ...STANDINGS[0], parts: [{ key: 'door.okx', summary: 'no new plan with a leg at okx begins' }] };
  const inPart = { ...GOOD.standings, execution };
  expect(only({ standings: inPart })).toEqual([['part', 'no new plan with a leg at okx begins', null]]);
  expect(stateOf(reasonsAgainst({ ...GOOD, standings: inPart })).state).toBe('trading-in-part');
  expect(stateOf(reasonsAgainst({ ...GOOD, standings: { ...inPart, risk: STANDINGS[1] } })).state).toBe('stopped');
  for (const name of NEEDED) {
    const standings = { ...GOOD.standings, [name]: STANDINGS[2] };
    expect(only({ standings })).toEqual([['unheard', 'it is silent', 7]]);
  }
});
