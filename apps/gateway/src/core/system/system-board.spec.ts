import { expect, test } from '@jest/globals';
import type { ServiceHealth, VenueHealth } from '@parallax/types';
import type { RegimeView, SystemView } from '../views.js';
import { RISK_SILENT_US, SystemBoard, type SystemInput } from './system-board.js';

const START = 1_760_000_000_000_000;
const SECOND = 1_000_000;
const NAMES = ['ingestion', 'normalisation', 'arbitrage', 'risk', 'execution', 'paper', 'monitoring', 'gateway'] as const;

/** A whole system that speaks each second, and a board that hears it. */
class Stand {
  nowUs = START;
  readonly board = new SystemBoard(NAMES);
  readonly services = new Map<string, ServiceHealth>();
  halts: SystemInput['halts'] = [];
  trust = 'synced';
  regimeKnown = true;
  /** When a trusted quote came last; null: at this moment. */
  quotedAtUs: number | null = null;
  /** Who says nothing any more. */
  readonly silent = new Set<string>();

  constructor() {
    this.board.onHistory(true);
    for (const service of NAMES) this.services.set(service, { service, instance: `${service}-1`, ready: true, missing: [], startedAtUs: START, atUs: START, counters: {}, latencies: {} });
    this.change('ingestion', { market: 'live' });
    this.change('execution', { orders: 'paper' });
  }

  change(service: string, more: Partial<ServiceHealth>): void {
    this.services.set(service, { ...this.services.get(service)!, ...more });
  }

  pass(seconds: number): SystemView {
    for (let second = 0; second < seconds; second++) {
      this.nowUs += SECOND;
      for (const [name, health] of this.services) {
        if (this.silent.has(name)) continue;
        this.services.set(name, { ...health, atUs: this.nowUs });
        this.board.onService(this.services.get(name)!);
      }
      if (!this.silent.has('risk')) this.board.onRiskAlive(this.nowUs);
    }
    return this.view();
  }

  view(): SystemView {
    const atUs = this.silent.has('normalisation') ? this.nowUs - 60 * SECOND : this.nowUs;
    const venue = { venue: 'okx', atUs, symbols: [{ trust: this.trust }] } as unknown as VenueHealth;
    const regime = { known: this.regimeKnown, stoodAtUs: this.nowUs } as unknown as RegimeView;
    return this.board.view({ services: [...this.services.values()], venues: [venue], regimes: [regime], halts: this.halts, accounts: ['paper'], freshQuotes: (maxAgeUs, nowUs) => Number(nowUs - (this.quotedAtUs ?? this.nowUs) <= maxAgeUs) }, this.nowUs);
  }
}

test('it trades while everything speaks, and says which market and orders these are', () => {
  const stand = new Stand();
  const first = stand.pass(2);
  expect(first).toMatchObject({
    market: { is: 'live', told: 'live' }, orders: { is: 'paper', told: 'paper' }, bus: { state: 'connected' }, trading: { state: 'trading', reasons: [] }, missingServices: [],
  });
  expect(Object.values(first.lists).every(({ known }) => known)).toBe(true);
  expect(stand.pass(30).trading.sinceUs).toBe(first.trading.sinceUs);
});

test('a risk that is killed: unknown as soon as it gives no sign of life, with its reason and since when', () => {
  const stand = new Stand();
  stand.pass(5);
  stand.silent.add('risk');
  const lastUs = stand.nowUs;
  expect(stand.pass(RISK_SILENT_US / SECOND).trading.state).toBe('trading');
  expect(stand.pass(1)).toMatchObject({
    trading: { state: 'unknown', sinceUs: lastUs, reasons: [{ key: 'risk-alive', text: 'risk gives no sign of life', sinceUs: lastUs }] },
    lists: { halts: { known: false, sinceUs: lastUs }, positions: { known: true }, alerts: { known: true } },
  });
  // Execution says by itself that it does not go on without risk.
  stand.change('execution', { ready: false, missing: ['risk is silent'] });
  const { trading } = stand.pass(3);
  expect(trading).toMatchObject({ state: 'stopped', reasons: [{ text: 'risk is silent', sinceUs: lastUs }, { text: 'execution is not ready: risk is silent' }] });
  stand.silent.clear();
  stand.change('execution', { ready: true, missing: [] });
  expect(stand.pass(1).trading).toMatchObject({ state: 'trading', sinceUs: stand.nowUs, reasons: [] });
});

test('a bus that is gone: nothing is known from that moment on, and the last word on market and orders is kept apart', () => {
  const stand = new Stand();
  stand.pass(3);
  stand.board.onBus(false, stand.nowUs);
  const cut = stand.view();
  expect(cut).toMatchObject({ market: { is: 'unknown', told: 'live' }, orders: { is: 'unknown', told: 'paper' }, bus: { state: 'gone', sinceUs: stand.nowUs }, trading: { state: 'unknown', sinceUs: stand.nowUs } });
  expect(Object.values(cut.lists).some(({ known }) => known)).toBe(false);
  for (const name of NAMES) stand.silent.add(name);
  expect(stand.pass(10)).toMatchObject({ market: { is: 'unknown', told: 'live' }, orders: { is: 'unknown', told: 'paper' }, trading: { sinceUs: cut.trading.sinceUs } });
  // Back, it takes two words of execution until its positions are known to be here.
  stand.board.onBus(true, stand.nowUs);
  stand.silent.clear();
  expect(stand.pass(1).lists.positions).toMatchObject({ known: false, why: 'execution has not told its positions yet' });
  expect(stand.pass(1)).toMatchObject({ trading: { state: 'trading' }, lists: { positions: { known: true } } });
});

test('a bus on which nobody speaks but the gateway is silent, once services had the time to', () => {
  const stand = new Stand();
  for (const name of NAMES) if (name !== 'gateway') stand.silent.add(name);
  expect(stand.view().bus.state).toBe('connected');
  expect(stand.pass(6)).toMatchObject({ bus: { state: 'silent', sinceUs: START }, trading: { state: 'unknown', sinceUs: START } });
});

test('of what several say differently, and of what nobody says, neither is made up', () => {
  const stand = new Stand();
  stand.services.set('other', { ...stand.services.get('ingestion')!, instance: 'other', market: 'simulated' });
  expect(stand.pass(1).market).toEqual({ is: 'mixed', told: 'mixed' });
  const other = new Stand();
  other.change('ingestion', { market: undefined });
  other.change('execution', { orders: undefined });
  expect(other.pass(1)).toMatchObject({ market: { is: 'unknown', told: null }, orders: { is: 'unknown', told: null } });
});

test('no trusted book, no known regime, a halt, a service that ended: each ends trading', () => {
  const stand = new Stand();
  stand.pass(2);
  stand.trust = 'suspect';
  expect(stand.pass(1).trading).toMatchObject({ state: 'stopped', sinceUs: stand.nowUs, reasons: [{ text: 'no book is trusted' }] });
  stand.trust = 'synced';
  stand.regimeKnown = false;
  expect(stand.pass(1).trading).toMatchObject({ state: 'stopped', reasons: [{ key: 'regimes' }] });
  stand.regimeKnown = true;
  stand.halts = [{ halted: true, by: 'ann', reason: 'a test', atUs: 77, account: 'paper' }];
  expect(stand.pass(1).trading).toMatchObject({ state: 'halted', sinceUs: 77 });
  stand.halts = [];
  stand.board.onService({ ...stand.services.get('execution')!, ended: true, atUs: stand.nowUs });
  stand.services.delete('execution');
  const gone = stand.pass(1);
  expect(gone).toMatchObject({ trading: { state: 'stopped', reasons: [{ text: 'execution has ended, and there is no other' }] }, lists: { positions: { known: false } }, missingServices: ['execution'] });
});

test('a sign of life from the future is none, and does not hide those that follow', () => {
  const stand = new Stand();
  stand.pass(2);
  stand.board.onRiskAlive(stand.nowUs + 3_600 * SECOND);
  expect(stand.view().trading).toMatchObject({ state: 'unknown', reasons: [{ key: 'risk-alive' }] });
  expect(stand.pass(1).trading.state).toBe('trading');
});

test('ingestion that is killed ends trading as soon as quotes are too old to trade on, before anybody misses it', () => {
  const stand = new Stand();
  stand.pass(5);
  stand.silent.add('ingestion');
  stand.quotedAtUs = stand.nowUs;
  expect(stand.pass(3).trading.state).toBe('trading');
  expect(stand.pass(1).trading).toMatchObject({ state: 'stopped', reasons: [{ key: 'quotes' }] });
  expect(stand.pass(3).trading.reasons.map(({ key }) => key)).toEqual(['service.ingestion', 'quotes']);
  stand.silent.clear();
  stand.quotedAtUs = null;
  expect(stand.pass(1).trading.state).toBe('trading');
});
