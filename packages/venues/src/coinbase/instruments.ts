import { decimalsOf, scaledFromText, type InstrumentSpecification, type InstrumentStatus } from '@parallax/types';
import type { VenueListing } from '../shared/definition.js';
import { readEntries } from '../shared/entries.js';
import { amountAt, booleanAt, objectAt, textAt, type JsonObject } from '../shared/plain.js';

const REST = 'https://api.coinbase.com';

function statusOf(product: JsonObject): InstrumentStatus {
  const is = (name: string): boolean => product[name] !== undefined && booleanAt(product[name], name);
  if (is('trading_disabled') || is('is_disabled') || is('auction_mode') || is('view_only')) return 'halted';
  if (is('cancel_only')) return 'cancel-only';
  if (is('post_only')) return 'post-only';
  return textAt(product.status, 'status') === 'online' ? 'trading' : 'halted';
}

/**
 * One entry of `/market/products`; null for futures (no recording of them is at hand), delisted products, and for
 * aliases: market data of `BTC-USDC` comes under the name of its twin `BTC-USD`.
 */
export function readProduct(product: JsonObject): InstrumentSpecification | null {
  if (textAt(product.product_type, 'product_type') !== 'SPOT' || product.status === 'delisted') return null;
  if (product.alias !== undefined && textAt(product.alias, 'alias') !== '') return null;
  const base = textAt(product.base_currency_id, 'base_currency_id');
  const quote = textAt(product.quote_currency_id, 'quote_currency_id');
  const tick = textAt(product.price_increment, 'price_increment');
  const lot = textAt(product.base_increment, 'base_increment');
  const priceScale = decimalsOf(tick);
  const sizeScale = decimalsOf(lot);
  return {
    venue: 'coinbase', symbol: `${base}/${quote}`, venueSymbol: textAt(product.product_id, 'product_id'),
    base, quote, settle: quote, kind: 'spot', inverse: false, contractSize: '1',
    priceScale, sizeScale, priceStep: scaledFromText(tick, priceScale), sizeStep: scaledFromText(lot, sizeScale),
    minimumSize: scaledFromText(textAt(product.base_min_size, 'base_min_size'), sizeScale),
    minimumNotional: amountAt(product.quote_min_size, 'quote_min_size'),
    status: statusOf(product), version: 1, source: 'listing',
  };
}

export const LISTING: VenueListing = {
  urls: (endpoints) => [`${endpoints?.rest ?? REST}/api/v3/brokerage/market/products`],
  read: (text, onRefused) =>
    readEntries(text, onRefused, 'products', (body) => body.products, (value, place) => readProduct(objectAt(value, place))),
};

const known = (base: string, quote: string, priceScale: number): InstrumentSpecification => ({
  venue: 'coinbase', symbol: `${base}/${quote}`, venueSymbol: `${base}-${quote}`,
  base, quote, settle: quote, kind: 'spot', inverse: false, contractSize: '1',
  priceScale, sizeScale: 8, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: quote === 'BTC' ? '0.000016' : '1',
  status: 'unknown', version: 1, source: 'catalogue',
});

/** Well-known products; increments as `/market/products` listed them in 2026. */
export const CATALOGUE: readonly InstrumentSpecification[] = [
  known('BTC', 'USD', 2), known('ETH', 'USD', 2), known('SOL', 'USD', 2), known('XRP', 'USD', 4),
  known('BTC', 'USDT', 2), known('ETH', 'USDT', 2), known('ETH', 'BTC', 5),
];
