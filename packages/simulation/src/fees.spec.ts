import { expect, test } from '@jest/globals';
import type { InstrumentSpecification } from '@parallax/types';
import { RateFees } from './fees.js';

const spot: InstrumentSpecification = {
  venue: 'okx', symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 1, sizeScale: 2, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0', status: 'trading',
  version: 1, source: 'catalogue',
};
const swap: InstrumentSpecification = { ...spot, symbol: 'BTC/USDT:USDT', kind: 'swap', contractSize: '0.01' };

test('spot and derivative pay their own rates', () => {
  const fees = new RateFees({ spot: '0.0008', derivative: '0.0002' }, { spot: '0.001', derivative: '0.0005' });
  // 1 BTC at 60,000, and 100 contracts of 0.01 BTC: the same value.
  const paid = ([[spot, 100], [swap, 10_000]] as const).flatMap(([one, size]) =>
    [true, false].map((maker) => fees.feeOf(one, maker, 600_000, size).fee));
  expect(paid).toEqual(['48', '60', '12', '30']);
});

test('one rate is for both; a market whose rate is not known names the setting', () => {
  expect(new RateFees('0', '0.001').feeOf(swap, false, 600_000, 10_000)).toEqual({ fee: '60', currency: 'USDT' });
  expect(() => new RateFees({ spot: '0' }, { spot: '0' }).feeOf(swap, true, 1, 1)).toThrow('no fee rate is known for okx:derivative: set FEES');
});
