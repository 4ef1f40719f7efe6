import { expect, test } from '@jest/globals';
import { Quote, QUOTE_COLUMNS, Trust, type InstrumentSpecification } from '@parallax/types';
import { QuoteBoard } from './quote-board.js';

const specificationOf = (symbol: string): InstrumentSpecification => ({
  venue: 'okx', symbol, venueSymbol: symbol, base: symbol.split('/')[0], quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 2, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5', status: 'trading', version: 1, source: 'listing',
});
const [btc, eth] = ['BTC/USDT', 'ETH/USDT'].map(specificationOf);
const rowOf = (sequence: number, bidPrice: number): Float64Array => Object.assign(new Float64Array(QUOTE_COLUMNS), {
  [Quote.sequence]: sequence, [Quote.epoch]: 1, [Quote.specificationVersion]: 1, [Quote.trust]: Trust.synced, [Quote.bidPrice]: bidPrice, [Quote.bidSize]: 100,
});
const seen = (board: QuoteBoard): [string, string | undefined, number][] => board.all().map(({ symbol, bid, missed }) => [symbol, bid?.price, missed]);

test('what was not heard between two quotes is counted, of each instrument for itself; before the first nothing is', () => {
  const board = new QuoteBoard();
  for (const sequence of [7, 8, 11, 12]) board.put('btc', btc, rowOf(sequence, 50_000 + sequence));
  board.put('eth', eth, rowOf(3, 30_000));
  expect(seen(board)).toEqual([['BTC/USDT', '500.12', 2], ['ETH/USDT', '300.00', 0]]);
  // Another specification of the same instrument goes on counting; a writer that begins anew has lost nothing.
  board.put('btc', { ...btc }, rowOf(14, 50_100));
  board.put('btc', btc, rowOf(1, 50_200));
  expect(seen(board)[0]).toEqual(['BTC/USDT', '502.00', 3]);
});

test('what moved is told once, the newest of each, however often it moved', () => {
  const board = new QuoteBoard();
  for (const sequence of [1, 2, 3]) board.put('btc', btc, rowOf(sequence, 50_000 + sequence));
  board.put('eth', eth, rowOf(1, 30_000));
  const moved = (): (string | undefined)[] => board.takeMoved().map(({ bid }) => bid?.price);
  expect([moved(), moved()]).toEqual([['500.03', '300.00'], []]);
  board.put('btc', btc, rowOf(4, 50_004));
  expect([moved(), moved()]).toEqual([['500.04'], []]);
});

test('a quote that is kept by the board is its own: what a row becomes later does not show', () => {
  const board = new QuoteBoard();
  const row = rowOf(1, 50_000);
  board.put('btc', btc, row);
  row[Quote.bidPrice] = 1;
  expect([board.get('btc')?.bid?.price, board.get('eth'), board.remember('btc', btc, rowOf(2, 7))]).toEqual(['500.00', undefined, false]);
});

test('of a venue that two instances write every quote is shown as not trusted; other venues stay', () => {
  const board = new QuoteBoard();
  board.put('btc', btc, rowOf(1, 50_000));
  board.put('eth', eth, rowOf(1, 30_000));
  board.put('elsewhere', { ...btc, venue: 'kraken' }, rowOf(1, 50_000));
  board.takeMoved();
  board.distrust('okx');
  expect(board.takeMoved().map(({ symbol, trust, cause }) => [symbol, trust, cause])).toEqual([
    ['BTC/USDT', 'resyncing', 'two writers'], ['ETH/USDT', 'resyncing', 'two writers'],
  ]);
  expect(board.get('elsewhere')?.trust).toBe('synced');
});
