import { decimalsOf } from '@parallax/types';
import type { TapeAnswer, TapeFrame } from './tape.js';

const LISTINGS: Record<string, string> = { binance: '/api/v3/exchangeInfo', binanceusdm: '/fapi/v1/exchangeInfo' };
const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BTC', 'ETH', 'EUR', 'USD'];
const LOOKED_AT = 20_000;

interface Seen {
  priceDecimals: number;
  sizeDecimals: number;
}

/**
 * A Binance recording without its instrument list: the list that follows from its numbers, with the finest steps seen.
 * An inference, not the venue's word. Null where the recording has a list, or the venue is another.
 */
export function inferredListing(
  venue: string, frames: readonly TapeFrame[], answers: readonly TapeAnswer[],
): { path: string; body: object } | null {
  const path = LISTINGS[venue];
  if (path === undefined || answers.some((answer) => answer.path === path)) return null;
  const symbols = new Map<string, Seen>();
  for (const { data } of frames.slice(0, LOOKED_AT)) {
    const match = typeof data === 'string' ? /"s":"([^"]+)"/.exec(data) : null;
    if (!match) continue;
    const seen = symbols.get(match[1]) ?? { priceDecimals: 0, sizeDecimals: 0 };
    symbols.set(match[1], seen);
    look(data as string, seen);
  }
  const list = [...symbols].map(([symbol, seen]) => listed(symbol, seen, venue));
  return { path, body: { timezone: 'UTC', serverTime: 0, rateLimits: [], exchangeFilters: [], symbols: list } };
}

function look(text: string, seen: Seen): void {
  const data = (JSON.parse(text) as { data: Record<string, unknown> }).data;
  const levels = [data.b, data.a].flatMap((side) => (Array.isArray(side) ? (side as [string, string][]) : []));
  if (typeof data.b === 'string') levels.push([data.b, String(data.B)], [String(data.a), String(data.A)]);
  if (typeof data.p === 'string') levels.push([data.p, String(data.q)]);
  for (const [price, size] of levels) {
    seen.priceDecimals = Math.max(seen.priceDecimals, decimalsOf(price));
    seen.sizeDecimals = Math.max(seen.sizeDecimals, decimalsOf(size));
  }
}

const step = (decimals: number): string => (decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`);

function listed(symbol: string, seen: Seen, venue: string): object {
  const quote = QUOTES.find((each) => symbol.endsWith(each)) ?? '';
  const baseAsset = symbol.slice(0, symbol.length - quote.length);
  const spot = {
    symbol, status: 'TRADING', baseAsset, baseAssetPrecision: 8, quoteAsset: quote, quoteAssetPrecision: 8,
    permissionSets: [['SPOT']],
  };
  const tick = step(seen.priceDecimals);
  const swap = {
    symbol, pair: symbol, contractType: 'PERPETUAL', status: 'TRADING', baseAsset, quoteAsset: quote, marginAsset: quote,
    pricePrecision: seen.priceDecimals, quantityPrecision: seen.sizeDecimals,
  };
  return {
    ...(venue === 'binance' ? spot : swap),
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '10000000', tickSize: tick },
      { filterType: 'LOT_SIZE', minQty: step(seen.sizeDecimals), maxQty: '10000000', stepSize: step(seen.sizeDecimals) },
      venue === 'binance'
        ? { filterType: 'NOTIONAL', minNotional: '5', applyMinToMarket: true, avgPriceMins: 5 }
        : { filterType: 'MIN_NOTIONAL', notional: '5' },
    ],
  };
}
