import { expect, test } from '@jest/globals';
import { binance, binancecoinm, binanceusdm, kraken, okx, type VenueDefinition } from '../src/index.js';

const perpetual = (symbol: string, more: object): object => ({
  symbol, contractType: 'PERPETUAL', baseAsset: 'ADA', quoteAsset: 'USDT', marginAsset: 'USDT', pricePrecision: 5, quantityPrecision: 0,
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.0001', maxPrice: '100000', tickSize: '0.0001' },
    { filterType: 'LOT_SIZE', minQty: '1', maxQty: '1000000', stepSize: '1' },
    { filterType: 'MIN_NOTIONAL', notional: '5' },
  ],
  ...more,
});
const spot = (status: string): object => ({
  symbol: 'ADAUSDT', status, baseAsset: 'ADA', quoteAsset: 'USDT', baseAssetPrecision: 8, quoteAssetPrecision: 8,
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.0001', maxPrice: '1000', tickSize: '0.0001' },
    { filterType: 'LOT_SIZE', minQty: '0.1', maxQty: '900000', stepSize: '0.1' },
    { filterType: 'NOTIONAL', minNotional: '5' },
  ],
});
function listed({ listing }: VenueDefinition, entry: object): { status: string; priceScale: number; priceStep: number; symbol: string } {
  const [found] = listing.read(JSON.stringify({ symbols: [entry] }), (reason, place) => { throw new Error(`${place}: ${reason}`); });
  return found;
}

test.each([
  ['TRADING', 'trading'], ['PENDING_TRADING', 'halted'], ['PRE_DELIVERING', 'halted'], ['DELIVERING', 'halted'], ['DELIVERED', 'halted'],
  ['PRE_SETTLE', 'halted'], ['SETTLING', 'halted'], ['CLOSE', 'halted'], ['A_NEW_WORD', 'unknown'],
])('a contract that is %s is %s', (word, status) => {
  expect(listed(binanceusdm, perpetual('ADAUSDT', { status: word })).status).toBe(status);
  const inverse = { contractStatus: word, contractSize: 10, quoteAsset: 'USD', marginAsset: 'ADA' };
  expect(listed(binancecoinm, perpetual('ADAUSD_PERP', inverse)).status).toBe(status);
});

test.each([
  ['TRADING', 'trading'], ['END_OF_DAY', 'halted'], ['HALT', 'halted'], ['BREAK', 'halted'], ['PRE_TRADING', 'halted'],
  ['POST_TRADING', 'halted'], ['AUCTION_MATCH', 'halted'], ['CANCEL_ONLY', 'cancel-only'], ['A_NEW_WORD', 'unknown'],
])('a spot pair that is %s is %s', (word, status) => expect(listed(binance, spot(word)).status).toBe(status));

test('a price is read at the finer of tick and precision: orders from before the tick grew still stand', () => {
  const inverse = { contractStatus: 'TRADING', contractSize: 10, quoteAsset: 'USD', marginAsset: 'ADA' };
  // Tick 0.0001, pricePrecision 5.
  expect(listed(binancecoinm, perpetual('ADAUSD_PERP', inverse))).toMatchObject({ priceScale: 5, priceStep: 10 });
  expect(listed(binanceusdm, perpetual('ADAUSDT', { status: 'TRADING' }))).toMatchObject({ priceScale: 5, priceStep: 10 });
});

test('names of any letters are listed as they are', () => {
  expect(listed(binanceusdm, perpetual('币安人生USDT', { status: 'TRADING', baseAsset: '币安人生' }))).toMatchObject({ symbol: '币安人生/USDT:USDT' });
});

test('the documented words of OKX and Kraken have their meaning', () => {
  const ofOkx = (state: string): string => okx.listing.read(JSON.stringify({ code: '0', data: [{
    instType: 'SPOT', instId: 'BTC-USDT', baseCcy: 'BTC', quoteCcy: 'USDT', tickSz: '0.1', lotSz: '0.00000001', minSz: '0.00001', state,
  }] }), (reason) => { throw new Error(reason); })[0].status;
  expect(['live', 'suspend', 'preopen', 'rebase', 'test', 'post_only', 'a new word'].map(ofOkx)).toEqual([
    'trading', 'halted', 'halted', 'halted', 'halted', 'post-only', 'unknown',
  ]);
  const ofKraken = (status: string): string => kraken.listing.read(JSON.stringify({ error: [], result: { XXBTZUSD: {
    wsname: 'XBT/USD', pair_decimals: 1, lot_decimals: 8, ordermin: '0.00005', status,
  } } }), (reason) => { throw new Error(reason); })[0].status;
  expect(['online', 'limit_only', 'post_only', 'cancel_only', 'reduce_only', 'maintenance', 'work_in_progress', 'delisted', 'a new word'].map(ofKraken)).toEqual([
    'trading', 'trading', 'post-only', 'cancel-only', 'cancel-only', 'halted', 'halted', 'halted', 'unknown',
  ]);
});

test('a spot pair is read at its precision where the largest values leave room below 2^53, else as finely as they do, and never coarser than its step', () => {
  const pair = (maxPrice: string, maxQty: string): object => ({
    ...spot('TRADING'),
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: '0.0001', maxPrice, tickSize: '0.0001' },
      { filterType: 'LOT_SIZE', minQty: '0.1', maxQty, stepSize: '0.1' },
      { filterType: 'NOTIONAL', minNotional: '5' },
    ],
  });
  expect(listed(binance, pair('1000', '900000'))).toMatchObject({ priceScale: 8, priceStep: 10_000, sizeScale: 8, sizeStep: 10_000_000 });
  // A hundredth of 2^53 is 90,071,992,547,409.91.
  expect(listed(binance, pair('1000000', '9000000'))).toMatchObject({ priceScale: 7, sizeScale: 7 });
  expect(listed(binance, pair('1000000000000000', '1000000000000000'))).toMatchObject({ priceScale: 4, priceStep: 1, sizeScale: 1, sizeStep: 1 });
});
