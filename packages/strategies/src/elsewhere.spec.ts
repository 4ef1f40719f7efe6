import { expect, test } from '@jest/globals';
import { InstrumentTable, Quote, QUOTE_COLUMNS, Trust, type InstrumentSpecification } from '@parallax/types';
import { Elsewhere } from './elsewhere.js';

const spot = (venue: string, changes: Partial<InstrumentSpecification> = {}): InstrumentSpecification => ({
  venue, symbol: 'ADA/USDT', venueSymbol: 'ADAUSDT', base: 'ADA', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 4, sizeScale: 0, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5',
  status: 'trading', version: 1, source: 'listing', ...changes,
});

/** Markets with the best prices of each, and what is found for a side. */
function best(side: 'buy' | 'sell', markets: readonly [InstrumentSpecification, bid: number, ask: number][], used: readonly string[] = []): string | null {
  const instruments = new InstrumentTable();
  const elsewhere = new Elsewhere(instruments, 1_000);
  for (const [specification, bid, ask] of markets) {
    const quote = new Float64Array(QUOTE_COLUMNS);
    Object.assign(quote, {
      [Quote.specificationVersion]: 1, [Quote.trust]: Trust.synced, [Quote.provenAtUs]: 1, [Quote.bidPrice]: bid, [Quote.askPrice]: ask,
    });
    elsewhere.note(instruments.add(specification), quote);
  }
  return elsewhere.best('ADA', 'USDT', side, used, 2)?.venue ?? null;
}

test('the best price of each side is found, of coins below 1 too; where two are alike the first', () => {
  const markets = [[spot('one'), 4_200, 4_300], [spot('two'), 4_210, 4_290], [spot('three'), 4_205, 4_295], [spot('four'), 4_210, 4_290]] as const;
  expect([best('buy', [...markets].map((one) => [...one])), best('sell', [...markets].map((one) => [...one]))]).toEqual(['two', 'two']);
  expect(best('buy', [[spot('one'), 4_200, 4_300], [spot('two'), 4_210, 4_290]], ['two'])).toBe('one');
});

test('prices at other scales are compared as prices', () => {
  const both = (bid: number, ask: number): (string | null)[] => {
    const markets: Parameters<typeof best>[1] = [[spot('one'), 4_200, 4_300], [spot('fine', { priceScale: 6 }), bid, ask]];
    return [best('buy', markets), best('sell', markets)];
  };
  expect([both(421_000, 429_900), both(419_000, 430_100)]).toEqual([['fine', 'fine'], ['one', 'one']]);
});

test.each<[string, Partial<InstrumentSpecification>]>([
  ['of another base', { symbol: 'XRP/USDT', base: 'XRP' }],
  ['in another currency', { symbol: 'ADA/USD', quote: 'USD', settle: 'USD' }],
  ['that is no spot', { symbol: 'ADA/USDT:USDT', kind: 'swap' }],
  ['that does not trade now', { status: 'halted' }],
])('a market %s is no hedge, however good its price', (_name, changes) => {
  const markets: Parameters<typeof best>[1] = [[spot('better', changes), 4_290, 4_291], [spot('one'), 4_200, 4_300]];
  expect([best('buy', markets), best('sell', markets)]).toEqual(['one', 'one']);
});

test('a side on which nothing stands is no price', () => {
  expect([best('buy', [[spot('one'), 4_200, 0]]), best('sell', [[spot('one'), 0, 4_300]])]).toEqual([null, null]);
});
