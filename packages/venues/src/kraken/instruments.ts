import { scaledFromText, type InstrumentSpecification, type InstrumentStatus } from '@parallax/types';
import type { VenueListing } from '../shared/definition.js';
import { readEntries } from '../shared/entries.js';
import { amountAt, arrayAt, FrameFault, integerAt, objectAt, textAt, type JsonObject } from '../shared/plain.js';

const REST = 'https://api.kraken.com';
const STATUSES: Readonly<Record<string, InstrumentStatus>> = {
  __proto__: null as never,
  online: 'trading', cancel_only: 'cancel-only', post_only: 'post-only', limit_only: 'trading',
  reduce_only: 'cancel-only', maintenance: 'halted', work_in_progress: 'halted', delisted: 'halted',
};
/** Codes that v2 spells as everybody does, REST and v1 in Kraken's old way. */
const MODERN: Readonly<Record<string, string | undefined>> = { __proto__: null as never, XBT: 'BTC', XDG: 'DOGE' };

/** The code of an asset in v2: `XBT` is `BTC`, `XDG` is `DOGE`. */
export const modernCode = (code: string): string => MODERN[code] ?? code;

/** `XBT/USD` of v1 and AssetPairs as v2 writes it: `BTC/USD`. */
export const modernPair = (pair: string): string => pair.split('/').map(modernCode).join('/');

function textDecimalsAt(value: unknown, priceScale: number): number {
  const decimals = integerAt(value, 'price_text_decimals');
  if (decimals < priceScale || decimals > 18) throw new FrameFault(`${decimals} is not from ${priceScale} to 18`, 'price_text_decimals');
  return decimals;
}

/**
 * One pair of AssetPairs; null for dark pools, which have no `wsname`. Scales are the pair's precisions, because the
 * checksum is written at them.
 */
export function readPair(pair: JsonObject): InstrumentSpecification | null {
  if (pair.wsname === undefined) return null;
  const symbol = modernPair(textAt(pair.wsname, 'wsname'));
  const [base, quote, more] = symbol.split('/');
  if (!base || !quote || more !== undefined) throw new FrameFault(`"${symbol}" is no pair`, 'wsname');
  const priceScale = integerAt(pair.pair_decimals, 'pair_decimals');
  const sizeScale = integerAt(pair.lot_decimals, 'lot_decimals');
  const priceStep = pair.tick_size === undefined ? 1 : scaledFromText(textAt(pair.tick_size, 'tick_size'), priceScale);
  // Not the venue's: tools/transcode-kraken-v1.mjs notes here how many decimals v1 wrote.
  const textDecimals = pair.price_text_decimals;
  // Listings before 2021 leave the minimum out of some pairs.
  const minimum = pair.ordermin === undefined ? '0' : textAt(pair.ordermin, 'ordermin');
  return {
    venue: 'kraken', symbol, venueSymbol: symbol, base, quote, settle: quote, kind: 'spot', inverse: false, contractSize: '1',
    priceScale, sizeScale, priceStep, sizeStep: 1,
    ...(textDecimals !== undefined && { priceTextDecimals: textDecimalsAt(textDecimals, priceScale) }),
    minimumSize: scaledFromText(minimum, sizeScale),
    minimumNotional: pair.costmin === undefined ? '0' : amountAt(pair.costmin, 'costmin'),
    status: pair.status === undefined ? 'unknown' : (STATUSES[textAt(pair.status, 'status')] ?? 'unknown'),
    version: 1, source: 'listing',
  };
}

export const LISTING: VenueListing = {
  urls: (endpoints) => [`${endpoints?.rest ?? REST}/0/public/AssetPairs`],
  read: (text, onRefused) =>
    readEntries(text, onRefused, 'result', (body) => {
      const errors = arrayAt(body.error, 'error');
      if (errors.length > 0) throw new FrameFault(`the venue answers ${errors.join(', ')}`, 'error');
      return Object.values(objectAt(body.result, 'result'));
    }, (value, place) => readPair(objectAt(value, place))),
};

const known = (base: string, quote: string, priceScale: number, minimum: string, cost: string): InstrumentSpecification => ({
  venue: 'kraken', symbol: `${base}/${quote}`, venueSymbol: `${base}/${quote}`,
  base, quote, settle: quote, kind: 'spot', inverse: false, contractSize: '1',
  priceScale, sizeScale: 8, priceStep: 1, sizeStep: 1, minimumSize: scaledFromText(minimum, 8), minimumNotional: cost,
  status: 'unknown', version: 1, source: 'catalogue',
});

/** Well-known pairs with the precisions of AssetPairs in 2024 to 2026. */
export const CATALOGUE: readonly InstrumentSpecification[] = [
  known('BTC', 'USD', 1, '0.00005', '0.5'), known('BTC', 'EUR', 1, '0.00005', '0.45'), known('BTC', 'USDT', 1, '0.00005', '0.5'),
  known('BTC', 'USDC', 2, '0.00005', '0.5'), known('ETH', 'USD', 2, '0.002', '0.5'), known('ETH', 'EUR', 2, '0.002', '0.45'),
  known('ETH', 'USDT', 2, '0.002', '0.5'), known('ETH', 'BTC', 5, '0.002', '0.00002'), known('SOL', 'USD', 2, '0.02', '0.5'),
  known('XRP', 'USD', 5, '2', '0.5'),
];
