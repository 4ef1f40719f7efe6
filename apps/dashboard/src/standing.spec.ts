import { expect, test } from '@jest/globals';
import type { ConnectionState } from './connection.js';
import type { ListName, System, TradingState } from './entities.js';
import { isHeld, lineWord, listStanding, modeWord, tradingOf, type Line } from './standing.js';

const LISTS: readonly ListName[] = ['alerts', 'halts', 'positions', 'orders', 'opportunities', 'deadLetters', 'audit'];
const live: Line = { state: 'live', heardAtUs: 50 };
const system = (more: Partial<System> = {}): System => ({
  market: { is: 'simulated', told: 'simulated' }, orders: { is: 'paper', told: 'paper' }, bus: { state: 'connected', sinceUs: 1 },
  trading: { state: 'trading', sinceUs: 2, reasons: [] }, missingServices: [], watchedSinceUs: 1,
  lists: Object.fromEntries(LISTS.map((name) => [name, { known: true, why: '', sinceUs: 3 }])) as System['lists'], ...more,
});

test('live is what comes all the way from the services', () => {
  const word = (state: ConnectionState, bus?: System['bus']['state']): string =>
    lineWord({ state, heardAtUs: 50 }, bus && system({ bus: { state: bus, sinceUs: 1 } })).text;
  expect([word('live', 'connected'), word('live', 'gone'), word('live', 'silent'), word('live')]).toEqual(['Live', 'Cut off', 'Silent', 'Live']);
  expect([isHeld(live, system()), isHeld(live, system({ bus: { state: 'silent', sinceUs: 1 } })), isHeld({ ...live, state: 'stale' }, system()), isHeld(live, undefined)]).toEqual([true, false, false, false]);
  expect([word('stale', 'gone'), word('disconnected', 'connected'), word('connecting')]).toEqual(['Stale', 'Disconnected', 'Connecting']);
});

test('market and orders are said in the words of the services, and where they do not say, that', () => {
  const markets = ['simulated', 'live', 'mixed', 'unknown'] as const;
  const orders = ['paper', 'live', 'mixed', 'unknown'] as const;
  const words = markets.map((market) => orders.map((order) => {
    const { text, tone } = modeWord(live, system({ market: { is: market, told: null }, orders: { is: order, told: null } }));
    return `${text} (${tone})`;
  }));
  expect(words).toEqual([
    ['simulated (quiet)', 'simulated market, live orders (bad)', 'simulated market, live and paper orders (bad)', 'simulated market, orders unknown (warn)'],
    ['live market, paper orders (quiet)', 'live market, live orders (bad)', 'live market, live and paper orders (bad)', 'live market, orders unknown (warn)'],
    ['live and simulated market, paper orders (warn)', 'live and simulated market, live orders (bad)', 'live and simulated market, live and paper orders (bad)',
      'live and simulated market, orders unknown (warn)'],
    ['market unknown, paper orders (warn)', 'market unknown, live orders (bad)', 'market unknown, live and paper orders (bad)', 'market unknown, orders unknown (warn)'],
  ]);
  // What was said before is told as such, and never in place of what is.
  const before = modeWord({ state: 'disconnected', heardAtUs: 50 }, system());
  expect(before.text).toBe('market unknown, orders unknown');
  expect(before.title).toContain('simulated was said last');
  expect(modeWord(live, undefined).text).toBe('market unknown, orders unknown');
});

test('whether it trades is the gateway’s word, and unknown where that is not heard', () => {
  const reasons = [{ key: 'k', kind: 'unheard', text: 'risk is silent', sinceUs: 9 }] as const;
  const word = (state: TradingState): string => tradingOf(live, system({ trading: { state, sinceUs: 2, reasons } })).text;
  expect((['trading', 'trading-in-part', 'halted', 'stopped', 'unknown'] as const).map(word)).toEqual(['Trading', 'Trading in part', 'Halted', 'Not trading', 'Trading unknown']);
  expect(tradingOf(live, system({ trading: { state: 'stopped', sinceUs: 2, reasons } }))).toMatchObject({ tone: 'bad', sinceUs: 2, reasons, title: 'risk is silent' });
  const mixed = (['cut-off', 'halted', 'cannot', 'unheard', 'part'] as const).map((kind) => ({ key: kind, kind, text: kind, sinceUs: 9 }));
  const shown = (given: System['trading']['reasons']): string[] => tradingOf(live, system({ trading: { state: 'unknown', sinceUs: 2, reasons: given } })).reasons.map(({ kind }) => kind);
  expect([shown(mixed), shown(mixed.slice(1))]).toEqual([['cut-off', 'halted'], ['halted', 'cannot', 'unheard', 'part']]);
  for (const state of ['connecting', 'stale', 'disconnected'] as const) {
    expect(tradingOf({ state, heardAtUs: 50 }, system())).toMatchObject({ text: 'Trading unknown', state: 'unknown', sinceUs: 50, reasons: [] });
  }
  expect(tradingOf({ state: 'connecting', heardAtUs: 0 }, undefined)).toMatchObject({ state: 'unknown', sinceUs: null });
});

test('a list is known only while the gateway says so', () => {
  for (const list of LISTS) {
    expect(listStanding(live, system(), list).known).toBe(true);
    expect(listStanding({ state: 'stale', heardAtUs: 50 }, system(), list)).toEqual({ known: false, why: 'this page does not hear the gateway', sinceUs: 50 });
    expect(listStanding(live, undefined, list).known).toBe(false);
  }
  const lists = { ...system().lists, alerts: { known: false, why: 'monitoring is silent', sinceUs: 7 } };
  expect(listStanding(live, system({ lists }), 'alerts')).toEqual({ known: false, why: 'monitoring is silent', sinceUs: 7 });
});
