import { expect, test } from '@jest/globals';
import { InstrumentTable, Quote, QUOTE_COLUMNS, Trust, type InstrumentSpecification, type Opportunity, type OpportunityLeg, type Plan } from '@parallax/types';
import { Elsewhere } from './elsewhere.js';
import { DEFAULT_TAKE_OPTIONS } from './options.js';
import { planOf } from './plan-of.js';

const spot = (venue: string, changes: Partial<InstrumentSpecification> = {}): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 5, sizeStep: 10, minimumSize: 10, minimumNotional: '5',
  status: 'trading', version: 1, source: 'listing', ...changes,
});
const leg = (venue: string, side: 'buy' | 'sell', limitPrice: string): OpportunityLeg => ({
  venue, symbol: 'BTC/USDT', side, limitPrice, averagePrice: limitPrice, size: '0.1234', baseSize: '0.1234', feeRate: '0.001',
  ageUs: 0, provenAgeUs: 0, updateId: 1, origin: { venue, connection: 1, frame: 1, receivedAtUs: 1 },
});

/** The plan where a third market stands at `three`. */
function planWith(changes: Partial<InstrumentSpecification>): Plan {
  const instruments = new InstrumentTable();
  for (const one of [spot('one'), spot('two'), spot('three', changes)]) instruments.add(one);
  const elsewhere = new Elsewhere(instruments, 1_000);
  const quote = new Float64Array(QUOTE_COLUMNS);
  Object.assign(quote, {
    [Quote.specificationVersion]: 1, [Quote.trust]: Trust.synced, [Quote.provenAtUs]: 1, [Quote.bidPrice]: 5_010_000, [Quote.askPrice]: 5_011_000,
  });
  elsewhere.note(2, quote);
  const legs = [leg('one', 'buy', '50000.00'), leg('two', 'sell', '50200.00')];
  const opportunity = { legs, receipt: { currency: 'USDT', notional: '6170' } } as unknown as Opportunity;
  const specify = (venue: string, symbol: string) => instruments.get(instruments.find(venue, symbol));
  const find = ({ side }: OpportunityLeg) => elsewhere.best('BTC', 'USDT', side, ['one', 'two'], 2);
  return planOf(opportunity, specify, find, DEFAULT_TAKE_OPTIONS);
}
/** The ways out of the purchase's failure. */
const exitsWith = (changes: Partial<InstrumentSpecification>): { kind: string; size: string }[] =>
  planWith(changes).exits.filter(({ forLeg }) => forLeg === 0);

test('the price of a hedge shuts out nothing that its cost limit allows, where fees are low', () => {
  const plan = planWith({});
  const hedge = plan.exits.find(({ kind, forLeg }) => kind === 'hedge' && forLeg === 0)!;
  // Bought at p instead of 50000, without a fee: 0.1234 × (p − 50000) reaches the limit at its price, or on the step before it.
  const costAt = (price: number): number => 0.1234 * (price - 50_000);
  expect(costAt(Number(hedge.price) + 0.05)).toBeGreaterThan(Number(hedge.costLimit));
  expect(costAt(Number(hedge.price))).toBeGreaterThan(Number(hedge.costLimit) - 0.01);
});

test('a venue hedges where its steps leave next to nothing of the leg open and it trades now', () => {
  // Of 0.1234, steps of 0.0001 leave nothing, and steps of 0.001 leave 0.0004: execution takes a filled hedge for the whole leg.
  expect(exitsWith({})[0]).toMatchObject({ kind: 'hedge', size: '0.1234' });
  expect(exitsWith({ sizeStep: 100 }).map(({ kind }) => kind)).toEqual(['reverse', 'hold']);
  expect(exitsWith({ status: 'cancel-only' }).map(({ kind }) => kind)).toEqual(['reverse', 'hold']);
});

test('a venue hedges what reaches each of its minima, size and value', () => {
  const hedges = (changes: Partial<InstrumentSpecification>): boolean => exitsWith(changes)[0].kind === 'hedge';
  // 0.1234 at 50300.
  expect([hedges({ minimumSize: 12_340 }), hedges({ minimumSize: 12_341 })]).toEqual([true, false]);
  expect([hedges({ minimumNotional: '6207.02' }), hedges({ minimumNotional: '6207.03' })]).toEqual([true, false]);
});
