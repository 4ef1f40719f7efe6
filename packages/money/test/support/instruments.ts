import type { InstrumentSpecification } from '@parallax/types';

const COMMON = {
  base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false, contractSize: '1', priceScale: 2, sizeScale: 5,
  priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0', status: 'trading', version: 1, source: 'listing',
} as const;

/** As the venues list them. */
export const SPOT: InstrumentSpecification = { ...COMMON, venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', minimumNotional: '5' };
export const OKX_SWAP: InstrumentSpecification = {
  ...COMMON, venue: 'okx', symbol: 'BTC/USDT:USDT', venueSymbol: 'BTC-USDT-SWAP', kind: 'swap', contractSize: '0.01', priceScale: 1, sizeScale: 2,
};
export const OKX_INVERSE: InstrumentSpecification = {
  ...COMMON, venue: 'okx', symbol: 'BTC/USD:BTC', venueSymbol: 'BTC-USD-SWAP', quote: 'USD', settle: 'BTC', kind: 'swap', inverse: true,
  contractSize: '100', priceScale: 1, sizeScale: 1,
};
export const COIN_M: InstrumentSpecification = {
  ...COMMON, venue: 'binancecoinm', symbol: 'ETH/USD:ETH', venueSymbol: 'ETHUSD_PERP', base: 'ETH', quote: 'USD', settle: 'ETH', kind: 'swap', inverse: true,
  contractSize: '10', sizeScale: 0,
};
export const ALL = [SPOT, OKX_SWAP, OKX_INVERSE, COIN_M];
