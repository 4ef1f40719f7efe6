import { expect, test } from '@jest/globals';
import { InstrumentTable, Quote, QUOTE_COLUMNS, Trust, type InstrumentSpecification, type Row } from '@parallax/types';
import { BusySides } from './busy-sides.js';
import { TakeWorthTaking } from './take-worth-taking.js';

const REST_US = 1_000_000;
const spot = (venue: string): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5',
  status: 'trading', version: 1, source: 'listing',
});
const STANDS = { bidPrice: 100, bidSize: 5, askPrice: 110, askSize: 6, trust: Trust.synced };
const quoteOf = (changes: Partial<Record<keyof typeof Quote, number>> = {}): Row => {
  const row = new Float64Array(QUOTE_COLUMNS);
  for (const [name, value] of Object.entries({ ...STANDS, ...changes })) row[Quote[name as keyof typeof Quote]] = value;
  return row;
};
const leg = (venue: string, side: 'buy' | 'sell') => ({ venue, symbol: 'BTC/USDT', side });
const ALL = [leg('one', 'buy'), leg('one', 'sell'), leg('two', 'buy'), leg('two', 'sell')];

/** Plans on both sides of both books have traded and ended at 100; which sides are busy still. */
function ended(): { instruments: InstrumentTable; sides: BusySides; busy: (nowUs?: number) => string[] } {
  const instruments = new InstrumentTable();
  for (const venue of ['one', 'two']) instruments.add(spot(venue));
  const sides = new BusySides(instruments);
  for (const number of [0, 1]) sides.onQuote(number, quoteOf());
  sides.take('i1', ALL);
  sides.release('i1', true, 100);
  return { instruments, sides, busy: (nowUs = 101) => ALL.filter((one) => sides.areBusy([one], nowUs)).map(({ venue, side }) => `${venue} ${side}`) };
}

test.each<[keyof typeof Quote, string]>([['askPrice', 'one buy'], ['askSize', 'one buy'], ['bidPrice', 'one sell'], ['bidSize', 'one sell']])(
  'after a plan’s end news of the %s frees the side that takes it, and no other', (column, freed) => {
    const { sides, busy } = ended();
    sides.onQuote(0, quoteOf());
    expect(busy()).toHaveLength(4);
    sides.onQuote(0, quoteOf({ [column]: 99 }));
    expect(busy()).toEqual(['one buy', 'one sell', 'two buy', 'two sell'].filter((one) => one !== freed));
    // What is told again is no news of the other sides.
    sides.onQuote(0, quoteOf({ [column]: 99 }));
    expect(busy()).toHaveLength(3);
  },
);

test('news of a book that is not trusted are none, and a book that stands still frees its sides in time', () => {
  const { sides, busy } = ended();
  sides.onQuote(0, quoteOf({ askPrice: 99, trust: Trust.suspect }));
  expect([busy().length, busy(100 + REST_US - 1).length, busy(100 + REST_US).length]).toEqual([4, 4, 0]);
});

test('while a plan is under way no news frees its side, nor does the end of another', () => {
  const { sides, busy } = ended();
  sides.take('i2', [leg('one', 'buy')]);
  sides.take('i3', [leg('two', 'sell')]);
  for (const number of [0, 1]) sides.onQuote(number, quoteOf({ askPrice: 99, bidPrice: 98 }));
  sides.release('i3', false, 200);
  expect(busy(10 * REST_US)).toEqual(['one buy']);
});

test('a strategy tells what it hears of books to the sides that it shares with others', () => {
  const { instruments, sides, busy } = ended();
  const strategy = new TakeWorthTaking(instruments, { onIntent: () => {}, onPassed: () => {} }, {}, sides);
  strategy.onQuote(1, quoteOf({ askPrice: 99 }));
  expect(busy()).toEqual(['one buy', 'one sell', 'two sell']);
});
