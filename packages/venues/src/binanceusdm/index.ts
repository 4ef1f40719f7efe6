import { scaledFromText, decimalsOf, type InstrumentSpecification } from '@parallax/types';
import { FUTURES_JOIN, FUTURES_LEVELS } from '../binance/book.js';
import { BinanceReader } from '../binance/frames.js';
import { exchangeInfo, filterOf, statusOf } from '../binance/instruments.js';
import { FUTURES_LIMITS } from '../binance/limits.js';
import type { VenueDefinition } from '../shared/definition.js';
import { amountAt, integerAt, textAt, type JsonObject } from '../shared/plain.js';
import { STREAM } from './stream.js';

const REST = 'https://fapi.binance.com';

/** Perpetual contracts only; dated ones are left out until a strategy wants them. */
export function readEntry(entry: JsonObject): InstrumentSpecification | null {
  if (entry.contractType !== 'PERPETUAL') return null;
  const tick = textAt(filterOf(entry, 'PRICE_FILTER').tickSize, 'tickSize');
  const lot = filterOf(entry, 'LOT_SIZE');
  const step = textAt(lot.stepSize, 'stepSize');
  const base = textAt(entry.baseAsset, 'baseAsset');
  const quote = textAt(entry.quoteAsset, 'quoteAsset');
  const settle = textAt(entry.marginAsset, 'marginAsset');
  // Orders from before the tick grew stand at finer prices; the precision field still allows for them.
  const priceScale = Math.max(decimalsOf(tick), integerAt(entry.pricePrecision, 'pricePrecision'));
  const sizeScale = decimalsOf(step);
  return {
    venue: 'binanceusdm', symbol: `${base}/${quote}:${settle}`, venueSymbol: textAt(entry.symbol, 'symbol'),
    base, quote, settle, kind: 'swap', inverse: false, contractSize: '1',
    priceScale, sizeScale,
    priceStep: scaledFromText(tick, priceScale), sizeStep: scaledFromText(step, sizeScale),
    minimumSize: scaledFromText(textAt(lot.minQty, 'minQty'), sizeScale),
    minimumNotional: amountAt(filterOf(entry, 'MIN_NOTIONAL').notional, 'notional'),
    status: statusOf(entry.status), version: 1, source: 'listing',
  };
}

const known = (base: string, quote: string, priceScale: number, priceStep: number, sizeScale: number, notional: string): InstrumentSpecification => ({
  venue: 'binanceusdm', symbol: `${base}/${quote}:${quote}`, venueSymbol: `${base}${quote}`,
  base, quote, settle: quote, kind: 'swap', inverse: false, contractSize: '1',
  priceScale, sizeScale, priceStep, sizeStep: 1, minimumSize: 1, minimumNotional: notional,
  status: 'unknown', version: 1, source: 'catalogue',
});

/** BTCUSDT prices are written with two decimals and move by ten of them (tick 0.10). */
const CATALOGUE: readonly InstrumentSpecification[] = [
  known('BTC', 'USDT', 2, 10, 3, '100'), known('ETH', 'USDT', 2, 1, 3, '20'), known('BNB', 'USDT', 3, 10, 2, '5'),
  known('SOL', 'USDT', 4, 100, 0, '5'), known('XRP', 'USDT', 4, 1, 1, '5'), known('BTC', 'USDC', 1, 1, 3, '100'),
  known('ADA', 'USDT', 5, 10, 0, '5'), known('LINK', 'USDT', 3, 1, 2, '20'), known('LTC', 'USDT', 2, 1, 3, '20'),
];

/** Binance USD-M perpetual futures. */
export const binanceusdm: VenueDefinition = {
  id: 'binanceusdm',
  name: 'Binance USD-M',
  feeds: ['depth', 'trades', 'ticker'],
  stream: STREAM,
  listing: exchangeInfo((rest) => `${rest}/fapi/v1/exchangeInfo`, REST, readEntry),
  join: FUTURES_JOIN,
  snapshots: {
    url: (instrument, endpoints) =>
      `${endpoints?.rest ?? REST}/fapi/v1/depth?symbol=${encodeURIComponent(instrument.venueSymbol)}&limit=${FUTURES_LEVELS}`,
    weight: 20,
  },
  limits: FUTURES_LIMITS,
  fees: { derivative: { maker: '0.0002', taker: '0.0005', source: 'https://www.binance.com/en/fee/futureFee, USD-M, VIP 0, without BNB' } },
  catalogue: CATALOGUE,
  createReader: (instruments, sink) => new BinanceReader({ venue: 'binanceusdm', chained: true, namesPair: false }, instruments, sink),
};
