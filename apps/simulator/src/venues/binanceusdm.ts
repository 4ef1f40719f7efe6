import type { InstrumentMarket } from '@parallax/market-model';
import { textFromScaled } from '@parallax/types';
import { BinanceSession, streamsOfPath, type BinanceDialect, type BinanceStream } from './binance-session.js';
import type { ProtocolFactory, RestReply, VenueMarkets } from './protocol.js';
import { milliseconds, paddedText, priceText, sizeText } from './text.js';

/** One counter serves all contracts of the venue, so that a symbol's ids leap: only `pu` links updates. */
const wireId = (id: number): number => 9_100_000_000_000 + id * 17;
/** `U` of a message lies somewhere after the `u` before it. */
const firstWireId = (firstId: number): number => wireId(firstId - 1) + 5;

function levels(market: InstrumentMarket, pairs: readonly number[]): string[][] {
  const out: string[][] = [];
  for (let i = 0; i < pairs.length; i += 2) out.push([priceText(market, pairs[i]), sizeText(market, pairs[i + 1])]);
  return out;
}

const PUBLIC: ReadonlySet<BinanceStream> = new Set(['depth', 'bookTicker', 'trade']);
const MARKET: ReadonlySet<BinanceStream> = new Set(['aggTrade', 'markPrice']);
/** Un-routed addresses connect and stay silent since 2026-04-23. */
const NONE: ReadonlySet<BinanceStream> = new Set();

const dialect = (carries: ReadonlySet<BinanceStream>): BinanceDialect => ({
  carries,
  trade: (market, trade) => ({
    e: 'trade', E: milliseconds(trade.atUs), T: milliseconds(trade.atUs), s: market.specification.venueSymbol,
    t: trade.id, p: priceText(market, trade.price), q: sizeText(market, trade.size), X: 'MARKET', m: trade.side < 0,
  }),
  aggregateTrade: (market, trade) => ({
    e: 'aggTrade', E: milliseconds(trade.atUs), a: trade.id, s: market.specification.venueSymbol,
    p: priceText(market, trade.price), q: sizeText(market, trade.size), nq: sizeText(market, trade.size),
    f: trade.id, l: trade.id, T: milliseconds(trade.atUs), m: trade.side < 0,
  }),
  depth: (market, delta, atUs) => ({
    e: 'depthUpdate', E: milliseconds(atUs), T: milliseconds(atUs), s: market.specification.venueSymbol,
    U: firstWireId(delta.firstId), u: wireId(delta.lastId), pu: wireId(delta.firstId - 1),
    b: levels(market, delta.bids), a: levels(market, delta.asks),
  }),
  bookTicker: (market, atUs) => {
    const { bids, asks, updateId } = market.book;
    return {
      e: 'bookTicker', u: wireId(updateId), s: market.specification.venueSymbol,
      b: priceText(market, bids.best), B: sizeText(market, bids.sizes[0] ?? 0),
      a: priceText(market, asks.best), A: sizeText(market, asks.sizes[0] ?? 0),
      T: milliseconds(atUs), E: milliseconds(atUs),
    };
  },
  markPrice: (market, atUs) => ({
    e: 'markPriceUpdate', E: milliseconds(atUs), s: market.specification.venueSymbol,
    p: market.fairPrice.toFixed(8), ap: market.fairPrice.toFixed(8), P: market.fairPrice.toFixed(8),
    i: market.indexPrice.toFixed(8), r: textFromScaled(market.funding?.rateE8 ?? 0, 8),
    T: milliseconds(market.funding?.nextAtUs(atUs) ?? 0),
  }),
});

function listed(market: InstrumentMarket): object {
  const { venueSymbol, base, quote, settle, priceScale, sizeScale, priceStep, sizeStep, minimumSize, minimumNotional } =
    market.specification;
  const tick = priceText(market, priceStep);
  const step = sizeText(market, sizeStep);
  const least = sizeText(market, minimumSize);
  return {
    symbol: venueSymbol, pair: venueSymbol, contractType: 'PERPETUAL', deliveryDate: 4133404800000,
    onboardDate: 1569398400000, status: 'TRADING', maintMarginPercent: '2.5000', requiredMarginPercent: '5.0000',
    baseAsset: base, quoteAsset: quote, marginAsset: settle, pricePrecision: priceScale, quantityPrecision: sizeScale,
    baseAssetPrecision: 8, quotePrecision: 8, underlyingType: 'COIN', underlyingSubType: [], settlePlan: 0,
    triggerProtect: '0.0500', liquidationFee: '0.012500', marketTakeBound: '0.05',
    filters: [
      { minPrice: tick, maxPrice: '4529764', filterType: 'PRICE_FILTER', tickSize: tick },
      { stepSize: step, filterType: 'LOT_SIZE', maxQty: '1000', minQty: least },
      { stepSize: step, filterType: 'MARKET_LOT_SIZE', maxQty: '120', minQty: least },
      { limit: 200, filterType: 'MAX_NUM_ORDERS' },
      { notional: minimumNotional, filterType: 'MIN_NOTIONAL' },
      { multiplierDown: '0.9500', multiplierUp: '1.0500', multiplierDecimal: '4', filterType: 'PERCENT_PRICE' },
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
  };
}

function depthSnapshot(markets: VenueMarkets, query: URLSearchParams, nowUs: number): RestReply {
  const market = markets.find(query.get('symbol') ?? '');
  if (!market) return { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } };
  const limit = Number(query.get('limit') ?? '500');
  if (![5, 10, 20, 50, 100, 500, 1000].includes(limit)) {
    return { status: 400, body: { code: -4021, msg: `${query.get('limit')} is not valid depth limit` } };
  }
  const book = markets.snapshot(market, limit, nowUs);
  const text = (pairs: readonly (readonly [number, number])[]): string[][] =>
    pairs.map(([price, size]) => [priceText(market, price), sizeText(market, size)]);
  return {
    status: 200,
    body: {
      lastUpdateId: wireId(book.updateId), E: milliseconds(nowUs), T: milliseconds(book.atUs),
      bids: text(book.bids), asks: text(book.asks),
    },
  };
}

const ROUTES: readonly (readonly [string, ReadonlySet<BinanceStream>])[] = [
  ['/public', PUBLIC], ['/market', MARKET], ['', NONE],
];

/** Binance USD-M: `/public/…` and `/market/…` streams; `/fapi/v1/exchangeInfo`, `/fapi/v1/depth`, `/fapi/v1/premiumIndex`. */
export const binanceusdm: ProtocolFactory = (markets) => ({
  venue: 'binanceusdm',
  pingIntervalMs: 180_000,
  open(path, query, outbox) {
    for (const [prefix, carries] of ROUTES) {
      const asked = path.startsWith(prefix) ? streamsOfPath(path.slice(prefix.length), query) : null;
      if (asked) return new BinanceSession(dialect(carries), outbox, asked.combined, asked.streams);
    }
    return null;
  },
  rest(path, query, nowUs) {
    switch (path) {
      case '/fapi/v1/ping': return { status: 200, body: {} };
      case '/fapi/v1/time': return { status: 200, body: { serverTime: milliseconds(nowUs) } };
      case '/fapi/v1/depth': return depthSnapshot(markets, query, nowUs);
      case '/fapi/v1/premiumIndex': return {
        status: 200,
        body: markets.markets.map((market) => ({
          symbol: market.specification.venueSymbol, markPrice: market.fairPrice.toFixed(8),
          indexPrice: market.indexPrice.toFixed(8), estimatedSettlePrice: market.fairPrice.toFixed(8),
          lastFundingRate: textFromScaled(market.funding?.rateE8 ?? 0, 8),
          interestRate: paddedText(1, 4, 8), nextFundingTime: milliseconds(market.funding?.nextAtUs(nowUs) ?? 0),
          time: milliseconds(nowUs),
        })),
      };
      case '/fapi/v1/exchangeInfo': return {
        status: 200,
        body: {
          timezone: 'UTC', serverTime: milliseconds(nowUs), futuresType: 'U_MARGINED',
          rateLimits: [
            { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 },
            { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
          ],
          exchangeFilters: [], assets: [{ asset: 'USDT', marginAvailable: true, autoAssetExchange: '-10000' }],
          symbols: markets.markets.map(listed),
        },
      };
      default: return null;
    }
  },
});
