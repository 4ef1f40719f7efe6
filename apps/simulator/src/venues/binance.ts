import type { InstrumentMarket } from '@parallax/market-model';
import { scaledFromText, textFromScaled } from '@parallax/types';
import { BinanceSession, streamsOfPath, type BinanceDialect } from './binance-session.js';
import type { ProtocolFactory, RestReply, VenueMarkets } from './protocol.js';
import { milliseconds, paddedText } from './text.js';

/** Binance spot writes every price and quantity with eight decimals. */
const DECIMALS = 8;
const priceOf = (market: InstrumentMarket, price: number): string =>
  paddedText(price, market.specification.priceScale, DECIMALS);
const sizeOf = (market: InstrumentMarket, size: number): string =>
  paddedText(size, market.specification.sizeScale, DECIMALS);
/** Update ids of a venue that has run for years. */
const FIRST_ID = 90_000_000_000;
const LIMITS = [5000, 1000, 500, 100, 50, 20, 10, 5];

function levels(market: InstrumentMarket, pairs: readonly number[]): string[][] {
  const out: string[][] = [];
  for (let i = 0; i < pairs.length; i += 2) out.push([priceOf(market, pairs[i]), sizeOf(market, pairs[i + 1])]);
  return out;
}

const DIALECT: BinanceDialect = {
  carries: new Set(['trade', 'aggTrade', 'depth', 'bookTicker']),
  trade: (market, trade) => ({
    e: 'trade', E: milliseconds(trade.atUs), s: market.specification.venueSymbol, t: trade.id,
    p: priceOf(market, trade.price), q: sizeOf(market, trade.size), T: milliseconds(trade.atUs),
    m: trade.side < 0, M: true,
  }),
  aggregateTrade: (market, trade) => ({
    e: 'aggTrade', E: milliseconds(trade.atUs), s: market.specification.venueSymbol, a: trade.id,
    p: priceOf(market, trade.price), q: sizeOf(market, trade.size), f: trade.id, l: trade.id,
    T: milliseconds(trade.atUs), m: trade.side < 0, M: true,
  }),
  depth: (market, delta, atUs) => ({
    e: 'depthUpdate', E: milliseconds(atUs), s: market.specification.venueSymbol,
    U: FIRST_ID + delta.firstId, u: FIRST_ID + delta.lastId,
    b: levels(market, delta.bids), a: levels(market, delta.asks),
  }),
  bookTicker: (market) => {
    const { bids, asks, updateId } = market.book;
    return {
      u: FIRST_ID + updateId, s: market.specification.venueSymbol,
      b: priceOf(market, bids.best), B: sizeOf(market, bids.sizes[0] ?? 0),
      a: priceOf(market, asks.best), A: sizeOf(market, asks.sizes[0] ?? 0),
    };
  },
  markPrice: () => ({}),
};

function listed(market: InstrumentMarket): object {
  const { venueSymbol, base, quote, priceStep, sizeStep, minimumSize, minimumNotional } = market.specification;
  const tick = priceOf(market, priceStep);
  return {
    symbol: venueSymbol, status: 'TRADING', baseAsset: base, baseAssetPrecision: 8, quoteAsset: quote, quotePrecision: 8,
    quoteAssetPrecision: 8, baseCommissionPrecision: 8, quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: true, ocoAllowed: true, otoAllowed: true, opoAllowed: true, quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true, cancelReplaceAllowed: true, amendAllowed: true, pegInstructionsAllowed: true,
    isSpotTradingAllowed: true, isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '1000000.00000000', tickSize: tick },
      {
        filterType: 'LOT_SIZE', minQty: sizeOf(market, minimumSize), maxQty: '9000.00000000',
        stepSize: sizeOf(market, sizeStep),
      },
      { filterType: 'ICEBERG_PARTS', limit: 10 },
      { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: '120.00000000', stepSize: '0.00000000' },
      {
        filterType: 'NOTIONAL', minNotional: textFromScaled(scaledFromText(minimumNotional, DECIMALS), DECIMALS),
        applyMinToMarket: true, maxNotional: '9000000.00000000', applyMaxToMarket: false, avgPriceMins: 5,
      },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
    ],
    permissions: [], permissionSets: [['SPOT']], defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'],
  };
}

function depthSnapshot(markets: VenueMarkets, query: URLSearchParams, nowUs: number): RestReply {
  const market = markets.find(query.get('symbol') ?? '');
  if (!market) return { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } };
  const limit = Number(query.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1) {
    return { status: 400, body: { code: -1130, msg: "Data sent for parameter 'limit' is not valid." } };
  }
  const book = markets.snapshot(market, Math.min(limit, LIMITS[0]), nowUs);
  const text = (pairs: readonly (readonly [number, number])[]): string[][] =>
    pairs.map(([price, size]) => [priceOf(market, price), sizeOf(market, size)]);
  return { status: 200, body: { lastUpdateId: FIRST_ID + book.updateId, bids: text(book.bids), asks: text(book.asks) } };
}

/** Binance spot: `/ws`, `/stream`; `/api/v3/exchangeInfo`, `/api/v3/depth`, `/api/v3/time`, `/api/v3/ping`. */
export const binance: ProtocolFactory = (markets) => ({
  venue: 'binance',
  pingIntervalMs: 20_000,
  open(path, query, outbox) {
    const asked = streamsOfPath(path, query);
    return asked && new BinanceSession(DIALECT, outbox, asked.combined, asked.streams);
  },
  rest(path, query, nowUs) {
    switch (path) {
      case '/api/v3/ping': return { status: 200, body: {} };
      case '/api/v3/time': return { status: 200, body: { serverTime: milliseconds(nowUs) } };
      case '/api/v3/depth': return depthSnapshot(markets, query, nowUs);
      case '/api/v3/exchangeInfo': return {
        status: 200,
        headers: { 'x-mbx-used-weight-1m': '20' },
        body: {
          timezone: 'UTC', serverTime: milliseconds(nowUs),
          rateLimits: [
            { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
            { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 50 },
            { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300_000 },
          ],
          exchangeFilters: [], symbols: markets.markets.map(listed),
        },
      };
      default: return null;
    }
  },
});
