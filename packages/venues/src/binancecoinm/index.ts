import { decimalsOf, scaledFromText, type InstrumentSpecification } from '@parallax/types';
import { FUTURES_JOIN, FUTURES_LEVELS } from '../binance/book.js';
import { BinanceReader } from '../binance/frames.js';
import { exchangeInfo, filterOf, statusOf } from '../binance/instruments.js';
import { FUTURES_LIMITS } from '../binance/limits.js';
import { binanceStream, type ChannelNames } from '../binance/stream.js';
import { connectionPlans } from '../shared/connection-plans.js';
import type { VenueDefinition } from '../shared/definition.js';
import { integerAt, textAt, type JsonObject } from '../shared/plain.js';

const REST = 'https://dapi.binance.com';
const HOST = 'wss://dstream.binance.com';
const CHANNELS: ChannelNames = { depth: 'depth@100ms', trades: 'aggTrade', ticker: 'bookTicker' };

/** Perpetual inverse contracts: sizes count contracts of `contractSize` US dollars, settled in the base asset. */
export function readEntry(entry: JsonObject): InstrumentSpecification | null {
  if (entry.contractType !== 'PERPETUAL') return null;
  const tick = textAt(filterOf(entry, 'PRICE_FILTER').tickSize, 'tickSize');
  const lot = filterOf(entry, 'LOT_SIZE');
  const base = textAt(entry.baseAsset, 'baseAsset');
  const quote = textAt(entry.quoteAsset, 'quoteAsset');
  const settle = textAt(entry.marginAsset, 'marginAsset');
  // Orders from before the tick grew stand at finer prices; the precision field still allows for them.
  const priceScale = Math.max(decimalsOf(tick), integerAt(entry.pricePrecision, 'pricePrecision'));
  return {
    venue: 'binancecoinm', symbol: `${base}/${quote}:${settle}`, venueSymbol: textAt(entry.symbol, 'symbol'),
    base, quote, settle, kind: 'swap', inverse: true, contractSize: String(integerAt(entry.contractSize, 'contractSize')),
    priceScale, sizeScale: 0,
    priceStep: scaledFromText(tick, priceScale), sizeStep: scaledFromText(textAt(lot.stepSize, 'stepSize'), 0),
    minimumSize: scaledFromText(textAt(lot.minQty, 'minQty'), 0), minimumNotional: '0',
    status: statusOf(entry.contractStatus ?? entry.status), version: 1, source: 'listing',
  };
}

const known = (base: string, priceScale: number, contractSize: string): InstrumentSpecification => ({
  venue: 'binancecoinm', symbol: `${base}/USD:${base}`, venueSymbol: `${base}USD_PERP`,
  base, quote: 'USD', settle: base, kind: 'swap', inverse: true, contractSize,
  priceScale, sizeScale: 0, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'unknown', version: 1, source: 'catalogue',
});

/** Binance COIN-M perpetual futures. */
export const binancecoinm: VenueDefinition = {
  id: 'binancecoinm',
  name: 'Binance COIN-M',
  feeds: ['depth', 'trades', 'ticker'],
  stream: binanceStream(CHANNELS, (instruments, feeds, endpoints) =>
    connectionPlans(instruments, feeds, FUTURES_LIMITS.streamsPerConnection, [`${endpoints?.stream ?? HOST}/stream`])),
  listing: exchangeInfo((rest) => `${rest}/dapi/v1/exchangeInfo`, REST, readEntry),
  join: FUTURES_JOIN,
  snapshots: {
    url: (instrument, endpoints) =>
      `${endpoints?.rest ?? REST}/dapi/v1/depth?symbol=${encodeURIComponent(instrument.venueSymbol)}&limit=${FUTURES_LEVELS}`,
    weight: 20,
  },
  limits: FUTURES_LIMITS,
  fees: { derivative: { maker: '0.0002', taker: '0.0005', source: 'https://www.binance.com/en/fee/deliveryFee, COIN-M, VIP 0' } },
  catalogue: [known('BTC', 1, '100'), known('ETH', 2, '10'), known('SOL', 3, '10'), known('XRP', 4, '10'), known('BNB', 3, '10')],
  createReader: (instruments, sink) => new BinanceReader({ venue: 'binancecoinm', chained: true, namesPair: true }, instruments, sink),
};
