import { describe, expect, test } from '@jest/globals';
import { binance, binanceusdm, coinbase, kraken, okx, type VenueDefinition } from '../src/index.js';

interface Amounts {
  readonly tick: string;
  readonly lot: string;
  readonly least: string;
}
const filters = ({ tick, lot, least }: Amounts): object[] => [
  { filterType: 'PRICE_FILTER', maxPrice: '1000', tickSize: tick }, { filterType: 'LOT_SIZE', minQty: '1', maxQty: '1000', stepSize: lot },
  { filterType: 'MIN_NOTIONAL', minNotional: least, notional: least },
];
const symbol = { symbol: 'ADAUSDT', baseAsset: 'ADA', quoteAsset: 'USDT' };
/** A listing of one entry with these amounts. */
const LISTINGS: readonly (readonly [VenueDefinition, (amounts: Amounts) => object])[] = [
  [binance, (amounts) => ({ symbols: [{ ...symbol, status: 'TRADING', baseAssetPrecision: 8, quoteAssetPrecision: 8, filters: filters(amounts) }] })],
  [binanceusdm, (amounts) => ({ symbols: [{ ...symbol, status: 'TRADING', contractType: 'PERPETUAL', marginAsset: 'USDT', pricePrecision: 4, filters: filters(amounts) }] })],
  [kraken, ({ tick, least }) => ({ error: [], result: { ADAUSDT: { wsname: 'ADA/USDT', pair_decimals: 4, lot_decimals: 8, tick_size: tick, ordermin: '1', costmin: least, status: 'online' } } })],
  [coinbase, ({ tick, lot, least }) => ({ products: [{
    product_id: 'ADA-USDT', product_type: 'SPOT', base_currency_id: 'ADA', quote_currency_id: 'USDT', price_increment: tick, base_increment: lot,
    base_min_size: '1', quote_min_size: least, status: 'online',
  }] })],
  [okx, ({ tick, lot }) => ({ code: '0', data: [{ instType: 'SPOT', instId: 'ADA-USDT', baseCcy: 'ADA', quoteCcy: 'USDT', tickSz: tick, lotSz: lot, minSz: '1', state: 'live' }] })],
];
const USUAL: Amounts = { tick: '0.001', lot: '0.1', least: '5' };

describe.each(LISTINGS.map(([definition, body]) => [definition.id, definition, body] as const))('%s', (id, { listing }, body) => {
  const read = (changes: Partial<Amounts>): [found: unknown[], refused: string[]] => {
    const refused: string[] = [];
    return [listing.read(JSON.stringify(body({ ...USUAL, ...changes })), (reason, place) => refused.push(`${place} ${reason}`)), refused];
  };
  const hasLeast = id !== 'okx';

  test('a least notional in exponent form is told written out; one that is no amount is refused with its place', () => {
    if (!hasLeast) return;
    expect(read({ least: '2.5e-4' })).toEqual([[expect.objectContaining({ minimumNotional: '0.00025' })], []]);
    for (const least of ['', '-5', 'five', 'Infinity', '.5']) expect(read({ least })).toEqual([[], [expect.stringMatching(/\[0\]\.\w+ "/)]]);
  });

  test('a step of 0 is refused: no order could be on it', () => {
    expect(read({})).toEqual([[expect.objectContaining({ base: 'ADA', status: 'trading' })], []]);
    for (const changes of id === 'kraken' ? [{ tick: '0' }] : [{ tick: '0' }, { lot: '0.000' }]) {
      expect(read(changes)).toEqual([[], [expect.stringMatching(/\[0\] a (price|size) step of 0$/)]]);
    }
  });
});
