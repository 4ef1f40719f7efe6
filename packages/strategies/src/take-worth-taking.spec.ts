import { expect, test } from '@jest/globals';
import { InstrumentTable, layoutOf, Quote, QUOTE_COLUMNS, RowKind, type InstrumentSpecification, type Intent, type Opportunity, type Passed, type Row } from '@parallax/types';
import { BusySides } from './busy-sides.js';
import { TakeWorthTaking } from './take-worth-taking.js';

const SECOND = 1_000_000;
const spot = (venue: string): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 5, sizeStep: 10, minimumSize: 10, minimumNotional: '5',
  status: 'trading', version: 1, source: 'listing',
});
const quote = (bid: number, ask: number, trust = 1): Row => {
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.layout] = layoutOf(RowKind.quote);
  row[Quote.specificationVersion] = 1;
  Object.assign(row, { [Quote.bidPrice]: bid, [Quote.askPrice]: ask, [Quote.trust]: trust, [Quote.provenAtUs]: SECOND });
  return row;
};
const leg = (venue: string, side: 'buy' | 'sell', limitPrice: string): Opportunity['legs'][number] => ({
  venue, symbol: 'BTC/USDT', side, limitPrice, averagePrice: limitPrice, size: '0.1234', baseSize: '0.1234', feeRate: '0.001',
  ageUs: 0, provenAgeUs: 0, updateId: 1, origin: { venue, connection: 1, frame: 1, receivedAtUs: SECOND },
});
const opportunity = (given: Partial<Opportunity> = {}): Opportunity => ({
  id: 'o1', kind: 'cross-venue', base: 'BTC', state: 'opened',
  legs: [leg('one', 'buy', '50000.00'), leg('two', 'sell', '50200.00')],
  receipt: {
    currency: 'USDT', notional: '6170', grossEdge: '24.68', fees: '12', slippage: '0', wayOut: '0', funding: '0', inventory: '0',
    netEdge: '12.68', netEdgeBps: '20.5',
  },
  riskScore: 0.1, confidence: 0.9, openedAtUs: SECOND, atUs: SECOND, updates: 0,
  origin: { venue: 'one', connection: 1, frame: 1, receivedAtUs: SECOND }, links: [], ...given,
});

function made(venues: readonly string[] = ['one', 'two', 'three']): { strategy: TakeWorthTaking; intents: Intent[]; passed: Passed[] } {
  const instruments = new InstrumentTable();
  for (const venue of venues) instruments.add(spot(venue));
  const intents: Intent[] = [];
  const passed: Passed[] = [];
  const sink = { onIntent: (intent: Intent) => intents.push(intent), onPassed: (one: Passed) => passed.push(one) };
  return { strategy: new TakeWorthTaking(instruments, sink), intents, passed };
}

test('an opportunity becomes one intent: both legs, and for each a way out of bounded cost', () => {
  const { strategy, intents } = made();
  strategy.onQuote(2, quote(5_010_000, 5_011_000));
  strategy.onOpportunity(opportunity({ traceparent: '00-1-2-01' }), SECOND);
  expect(intents).toHaveLength(1);
  const [{ id, plan, expiresAtUs, traceparent, expectedNet }] = intents;
  expect([id, expiresAtUs, traceparent, expectedNet]).toEqual(['o1.0', 2_500_000, '00-1-2-01', '12.68']);
  expect(plan.legs).toMatchObject([
    { leg: 0, venue: 'one', side: 'buy', price: '50000.00', size: '0.1234', timeInForce: 'IOC' },
    { leg: 1, venue: 'two', side: 'sell', price: '50200.00', size: '0.1234', timeInForce: 'IOC' },
  ]);
  // 60 bps of 6170 at most, and 60 bps worse, on the step of 0.05.
  expect(plan.exits).toEqual([
    { kind: 'hedge', forLeg: 0, venue: 'three', symbol: 'BTC/USDT', side: 'buy', price: '50300', size: '0.1234', costLimit: '37.02' },
    { kind: 'reverse', forLeg: 0, venue: 'two', symbol: 'BTC/USDT', side: 'buy', price: '50501.2', size: '0.1234', costLimit: '37.02' },
    { kind: 'hold', forLeg: 0, venue: 'one', symbol: 'BTC/USDT', side: 'buy', price: '50000.00', size: '0.1234', costLimit: '37.02' },
    { kind: 'hedge', forLeg: 1, venue: 'three', symbol: 'BTC/USDT', side: 'sell', price: '49898.8', size: '0.1234', costLimit: '37.02' },
    { kind: 'reverse', forLeg: 1, venue: 'one', symbol: 'BTC/USDT', side: 'sell', price: '49700', size: '0.1234', costLimit: '37.02' },
    { kind: 'hold', forLeg: 1, venue: 'two', symbol: 'BTC/USDT', side: 'sell', price: '50200.00', size: '0.1234', costLimit: '37.02' },
  ]);
});

test('a venue whose book is not trusted, or old, is no place to hedge', () => {
  const { strategy, intents } = made();
  strategy.onQuote(2, quote(5_010_000, 5_011_000, 2));
  strategy.onOpportunity(opportunity(), SECOND);
  expect(intents[0].plan.exits.map(({ kind }) => kind)).toEqual(['reverse', 'hold', 'reverse', 'hold']);
  const ahead = made();
  const future = quote(5_010_000, 5_011_000);
  future[Quote.provenAtUs] = 3_600 * SECOND;
  ahead.strategy.onQuote(2, future);
  ahead.strategy.onOpportunity(opportunity(), SECOND);
  expect(ahead.intents[0].plan.exits.map(({ kind }) => kind)).toEqual(['reverse', 'hold', 'reverse', 'hold']);
  const later = made();
  later.strategy.onQuote(2, quote(5_010_000, 5_011_000));
  later.strategy.onOpportunity(opportunity(), 4 * SECOND);
  expect(later.intents[0].plan.exits.map(({ kind }) => kind)).toEqual(['reverse', 'hold', 'reverse', 'hold']);
});

test('one intent lives per pair; after its outcome the pair rests, longer after a refusal', () => {
  const { strategy, intents } = made();
  strategy.onOpportunity(opportunity(), SECOND);
  strategy.onOpportunity(opportunity({ state: 'updated', updates: 1 }), SECOND);
  expect(intents).toHaveLength(1);
  strategy.onOutcome('o1.0', 'finished', false, 2 * SECOND);
  strategy.onOpportunity(opportunity({ state: 'updated', updates: 2 }), 2_500_000);
  expect(intents).toHaveLength(1);
  strategy.onOpportunity(opportunity({ state: 'updated', updates: 3 }), 3 * SECOND);
  strategy.onOutcome('o1.3', 'refused', false, 3 * SECOND);
  strategy.onOpportunity(opportunity({ id: 'o2' }), 12 * SECOND);
  strategy.onOpportunity(opportunity({ id: 'o3' }), 13 * SECOND);
  expect(intents.map(({ id }) => id)).toEqual(['o1.0', 'o1.3', 'o3.0']);
});

test('an intent of which nothing is heard frees its pair in the end', () => {
  const { strategy, intents } = made();
  strategy.onOpportunity(opportunity(), SECOND);
  expect(strategy.wakeAtUs).toBe(32_500_000);
  strategy.onWake(32_500_000);
  strategy.onOpportunity(opportunity({ id: 'o2' }), 43 * SECOND);
  expect(intents).toHaveLength(2);
});

test('what is closed or of another kind is left', () => {
  const { strategy, intents, passed } = made();
  strategy.onOpportunity(opportunity({ state: 'closed' }), SECOND);
  strategy.onOpportunity(opportunity({ kind: 'basis' }), SECOND);
  expect(intents).toEqual([]);
  expect(passed).toEqual([{ opportunityId: 'o1', account: 'paper', strategy: 'take-worth-taking', reason: 'kind-not-traded', atUs: SECOND }]);
});

const edge = (notional: string, netEdge: string): Opportunity['receipt'] => ({ ...opportunity().receipt, notional, netEdge });

test('only what holds the minimum edge is acted on, to the last digit; an update below it is let pass and says so', () => {
  const { strategy, intents, passed } = made();
  // The closing edge is for showing: 10 to 19.999... basis points are no reason to trade.
  for (const netEdge of ['3.085', '12.339999999999999999']) strategy.onOpportunity(opportunity({ state: 'updated', receipt: edge('6170', netEdge) }), SECOND);
  expect(intents).toEqual([]);
  expect(passed.map(({ reason }) => reason)).toEqual(['edge-below-minimum']);
  expect(strategy.counters).toMatchObject({ belowMinimum: 2 });
  strategy.onOpportunity(opportunity({ state: 'updated', updates: 3, receipt: edge('6170', '12.34') }), SECOND);
  expect(intents.map(({ id, expectedNet }) => [id, expectedNet])).toEqual([['o1.3', '12.34']]);
});

test('two opportunities at once do not take the same side of one book; the second may when the book has moved after the first', () => {
  const { strategy, intents, passed } = made();
  const ask = (price: number, size: number): Row => Object.assign(quote(4_999_000, price), { [Quote.askSize]: size });
  strategy.onQuote(0, ask(5_000_000, 7));
  const other = (updates: number): Opportunity =>
    opportunity({ id: 'o2', state: 'updated', updates, legs: [leg('one', 'buy', '50000.00'), leg('three', 'sell', '50200.00')] });
  strategy.onOpportunity(opportunity(), SECOND);
  strategy.onOpportunity(other(1), SECOND + 10_000);
  // Selling into the other side of that book is another matter.
  strategy.onOpportunity(opportunity({ id: 'o3', legs: [leg('three', 'buy', '49000.00'), leg('one', 'sell', '49990.00')] }), SECOND + 10_000);
  expect(intents.map(({ id }) => id)).toEqual(['o1.0', 'o3.0']);
  expect(passed).toMatchObject([{ opportunityId: 'o2', reason: 'side-busy' }]);
  // News while the plan is under way may be of before it; what counts is what moves after its end.
  strategy.onQuote(0, ask(5_000_000, 6));
  strategy.onOutcome('o1.0', 'finished', false, 2 * SECOND);
  strategy.onOutcome('o3.0', 'finished', false, 2 * SECOND);
  strategy.onQuote(0, ask(5_000_000, 6));
  strategy.onOpportunity(opportunity({ id: 'o4', legs: [leg('one', 'buy', '50000.00'), leg('two', 'sell', '50200.00')] }), 2_100_000);
  strategy.onQuote(0, ask(5_000_500, 9));
  strategy.onOpportunity(other(2), 3 * SECOND);
  expect(intents.map(({ id }) => id)).toEqual(['o1.0', 'o3.0', 'o2.2']);
});

test('a side is free at once after a refusal, and after a bounded time in a book that stands still', () => {
  const instruments = new InstrumentTable();
  for (const venue of ['one', 'two']) instruments.add(spot(venue));
  const sides = new BusySides(instruments);
  const legs = [leg('one', 'buy', '50000.00')];
  sides.take('i1', legs);
  expect(sides.areBusy(legs, 100 * SECOND)).toBe(true);
  sides.release('i1', false, 100 * SECOND);
  expect(sides.areBusy(legs, 100 * SECOND)).toBe(false);
  sides.take('i2', legs);
  sides.release('i2', true, 100 * SECOND);
  expect([sides.areBusy(legs, 101 * SECOND - 1), sides.areBusy(legs, 101 * SECOND)]).toEqual([true, false]);
  expect(sides.areBusy([leg('one', 'sell', '50000.00'), leg('two', 'buy', '50000.00')], 100 * SECOND)).toBe(false);
});

test('let pass, taken, and let pass for the same reason is told again', () => {
  const { strategy, passed } = made();
  const tell = (netEdge: string, updates: number, seconds: number): void =>
    strategy.onOpportunity(opportunity({ state: 'updated', updates, receipt: edge('6170', netEdge) }), seconds * SECOND);
  tell('1', 1, 1);
  tell('20', 2, 1);
  strategy.onOutcome('o1.2', 'finished', false, 2 * SECOND);
  tell('1', 3, 4);
  expect(passed.map(({ reason }) => reason)).toEqual(['edge-below-minimum', 'edge-below-minimum']);
});

test('why an open opportunity is let pass is told when the reason changes, and anew after it closed', () => {
  const { strategy, passed } = made();
  const tell = (given: Partial<Opportunity>, seconds: number): void => strategy.onOpportunity(opportunity(given), seconds * SECOND);
  const reasons = (): string[] => passed.splice(0).map(({ opportunityId, reason }) => `${opportunityId} ${reason}`);
  tell({}, 1);
  for (const updates of [1, 2, 3]) tell({ state: 'updated', updates }, 1);
  expect(reasons()).toEqual(['o1 pair-busy']);
  strategy.onOutcome('o1.0', 'refused', false, 2 * SECOND);
  tell({ state: 'updated', updates: 4 }, 3);
  tell({ state: 'closed' }, 4);
  expect(reasons()).toEqual(['o1 pair-resting']);
  tell({}, 5);
  expect(reasons()).toEqual(['o1 pair-resting']);
  expect(strategy.counters).toMatchObject({ intents: 1, refused: 1, waiting: 3, resting: 2, otherKind: 0 });
});

test('whatever comes in which order: never two intents of a pair at once, either way round, and no id twice', () => {
  for (let seed = 1; seed <= 30; seed++) {
    let state = seed;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const venues = ['one', 'two', 'three'];
    const { strategy, intents } = made(venues);
    const open = new Map<string, string>();
    let nowUs = SECOND;
    let done = 0;
    for (let step = 0; step < 500; step++) {
      nowUs += Math.floor(next() * SECOND);
      if (next() < 0.6) {
        const from = Math.floor(next() * 3);
        const to = (from + 1 + Math.floor(next() * 2)) % 3;
        const legs = [leg(venues[from], 'buy', '50000.00'), leg(venues[to], 'sell', '50200.00')];
        const before = intents.length;
        strategy.onOpportunity(opportunity({ id: `o${from}${to}`, updates: step, legs }), nowUs);
        if (intents.length === before) continue;
        const pair = [from, to].sort().join();
        expect(open.has(pair)).toBe(false);
        open.set(pair, intents[before].id);
      } else if (open.size > 0) {
        const [pair, id] = [...open][Math.floor(next() * open.size)];
        strategy.onOutcome(id, next() < 0.5 ? 'refused' : 'finished', next() < 0.5, nowUs);
        open.delete(pair);
        done++;
      }
    }
    expect(new Set(intents.map(({ id }) => id)).size).toBe(intents.length);
    expect(done).toBeGreaterThan(10);
  }
});
