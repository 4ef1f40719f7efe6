import { decimalsOf, scaledFromText, type InstrumentSpecification, type InstrumentStatus } from '@parallax/types';
import type { VenueListing } from '../shared/definition.js';
import { readEntries } from '../shared/entries.js';
import { amountAt, FrameFault, arrayAt, integerAt, objectAt, textAt, type JsonObject } from '../shared/plain.js';

/** Reads one entry of an exchangeInfo answer; null for what is left out. Faults name their place within the entry. */
export type EntryReader = (entry: JsonObject) => InstrumentSpecification | null;

/** A listing that reads `symbols[]` of exchangeInfo. */
export function exchangeInfo(url: (rest: string) => string, rest: string, entry: EntryReader): VenueListing {
  return {
    urls: (endpoints) => [url(endpoints?.rest ?? rest)],
    read: (text, onRefused) =>
      readEntries(text, onRefused, 'symbols', (body) => body.symbols, (value, place) => entry(objectAt(value, place))),
  };
}

/** Every status that the documents of spot, USD-M and COIN-M name; another word is `unknown`, on which nothing trades. */
const STATUSES: Readonly<Record<string, InstrumentStatus>> = {
  __proto__: null as never,
  TRADING: 'trading', CANCEL_ONLY: 'cancel-only', HALT: 'halted', BREAK: 'halted', PRE_TRADING: 'halted', POST_TRADING: 'halted',
  END_OF_DAY: 'halted', AUCTION_MATCH: 'halted', PENDING_TRADING: 'halted', PRE_SETTLE: 'halted', SETTLING: 'halted',
  PRE_DELIVERING: 'halted', DELIVERING: 'halted', DELIVERED: 'halted', CLOSE: 'halted',
};
export const statusOf = (status: unknown): InstrumentStatus => (typeof status === 'string' ? STATUSES[status] : undefined) ?? 'unknown';

/** A filter of a symbol by its type, e.g. `PRICE_FILTER`. */
export function filterOf(entry: JsonObject, ...types: string[]): JsonObject {
  const filters = arrayAt(entry.filters, 'filters').map((filter) => objectAt(filter, 'filters[]'));
  const found = filters.find((filter) => types.includes(filter.filterType as string));
  if (!found) throw new FrameFault(`has no ${types.join(' or ')}`, 'filters');
  return found;
}

/**
 * The venue's full precision as far as the largest value still fits below 2^53 with room to spare, and never coarser than
 * the order step: books carry orders from before a step grew, at prices and sizes finer than today's.
 */
function scaleOf(precision: unknown, place: string, step: string, largest: string): number {
  let scale = Math.max(integerAt(precision, place), decimalsOf(step));
  while (scale > decimalsOf(step) && Number(largest) * 10 ** scale > Number.MAX_SAFE_INTEGER / 100) scale--;
  return scale;
}

/** Reads one spot symbol. */
export function readSpotEntry(entry: JsonObject): InstrumentSpecification {
  const price = filterOf(entry, 'PRICE_FILTER');
  const lot = filterOf(entry, 'LOT_SIZE');
  const notional = filterOf(entry, 'NOTIONAL', 'MIN_NOTIONAL');
  const tick = textAt(price.tickSize, 'tickSize');
  const step = textAt(lot.stepSize, 'stepSize');
  const priceScale = scaleOf(entry.quoteAssetPrecision, 'quoteAssetPrecision', tick, textAt(price.maxPrice, 'maxPrice'));
  const sizeScale = scaleOf(entry.baseAssetPrecision, 'baseAssetPrecision', step, textAt(lot.maxQty, 'maxQty'));
  const base = textAt(entry.baseAsset, 'baseAsset');
  const quote = textAt(entry.quoteAsset, 'quoteAsset');
  return {
    venue: 'binance', symbol: `${base}/${quote}`, venueSymbol: textAt(entry.symbol, 'symbol'),
    base, quote, settle: quote, kind: 'spot', inverse: false, contractSize: '1',
    priceScale, sizeScale,
    priceStep: scaledFromText(tick, priceScale), sizeStep: scaledFromText(step, sizeScale),
    minimumSize: scaledFromText(textAt(lot.minQty, 'minQty'), sizeScale),
    minimumNotional: amountAt(notional.minNotional, 'minNotional'),
    status: statusOf(entry.status), version: 1, source: 'listing',
  };
}

/** The second serves market data alone, and those whom the first refuses by their country (451). */
export const REST_HOSTS = ['https://api.binance.com', 'https://data-api.binance.vision'] as const;

export const LISTING = exchangeInfo((rest) => `${rest}/api/v3/exchangeInfo`, REST_HOSTS[0], readSpotEntry);

const known = (base: string, quote: string, priceScale: number, stepDecimals: number): InstrumentSpecification => ({
  venue: 'binance', symbol: `${base}/${quote}`, venueSymbol: `${base}${quote}`,
  base, quote, settle: quote, kind: 'spot', inverse: false, contractSize: '1',
  priceScale, sizeScale: 8, priceStep: 1, sizeStep: 10 ** (8 - stepDecimals), minimumSize: 10 ** (8 - stepDecimals),
  minimumNotional: quote === 'BTC' ? '0.0001' : '5', status: 'unknown', version: 1, source: 'catalogue',
});

/** Well-known spot pairs; tick and step as exchangeInfo listed them in 2024 to 2026. */
export const CATALOGUE: readonly InstrumentSpecification[] = [
  known('BTC', 'USDT', 2, 5), known('ETH', 'USDT', 2, 4), known('BNB', 'USDT', 2, 3), known('SOL', 'USDT', 2, 3),
  known('XRP', 'USDT', 4, 1), known('BTC', 'USDC', 2, 5), known('ETH', 'USDC', 2, 4), known('ETH', 'BTC', 5, 4),
  known('BTC', 'FDUSD', 2, 5), known('ADA', 'USDT', 4, 1), known('LTC', 'USDT', 2, 3), known('LINK', 'USDT', 2, 2),
];
