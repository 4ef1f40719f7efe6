import type { BookDelta, InstrumentMarket, ModelTrade } from '@parallax/market-model';
import { coinbaseProduct } from './coinbase-products.js';
import type { FrameKind, Outbox, ProtocolFactory, VenueMarkets, VenueSession } from './protocol.js';
import { isoMicroseconds, isoTrimmed, parseObject, percentChange, textList, trimmedPrice, trimmedSize } from './text.js';

const CHANNELS = ['level2', 'market_trades', 'ticker', 'heartbeats'] as const;
type Channel = (typeof CHANNELS)[number];
const NO_SUBSCRIPTION_US = 5_000_000;
const TRADES_EVERY_US = 250_000;

class CoinbaseSession implements VenueSession {
  /** One counter for the whole connection, whatever the channel. */
  private sequence = 0;
  private readonly subscribed = new Map<Channel, Set<string>>();
  private readonly awaitingSnapshot = new Set<InstrumentMarket>();
  private readonly waitingTrades = new Map<InstrumentMarket, ModelTrade[]>();
  private tradesSentAtUs = 0;
  private heartbeats = 0;

  constructor(
    private readonly markets: VenueMarkets,
    private readonly outbox: Outbox,
    private readonly openedAtUs: number,
  ) {}

  onText(text: string, nowUs: number): void {
    const message = parseObject(text);
    const channel = CHANNELS.find((each) => each === message?.channel);
    if (!message || (message.type !== 'subscribe' && message.type !== 'unsubscribe')) {
      return this.refuse('Failed to parse message');
    }
    if (!channel) return this.refuse(`channel not found: ${String(message.channel)}`);
    const products = channel === 'heartbeats' ? ['heartbeats'] : textList(message.product_ids);
    if (products.length === 0) return this.refuse('product_ids is required');
    const known = products.filter((each) => channel === 'heartbeats' || this.markets.find(each));
    if (message.type === 'subscribe' && known.some((product) => this.outbox.takeRefusal(product))) return this.refuse('rate limit exceeded');
    if (message.type === 'subscribe') this.subscribe(channel, known, nowUs);
    else for (const product of known) this.subscribed.get(channel)?.delete(product);
    const subscriptions: Record<string, string[]> = {};
    for (const [name, ids] of this.subscribed) if (ids.size > 0) subscriptions[name] = [...ids];
    this.emit('subscriptions', [{ subscriptions }], 'other', null, nowUs);
  }

  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[]): void {
    if (!this.has('market_trades', market)) return;
    const waiting = this.waitingTrades.get(market);
    if (waiting) waiting.push(...trades);
    else this.waitingTrades.set(market, [...trades]);
  }

  onQuote(market: InstrumentMarket, atUs: number): void {
    if (this.has('ticker', market)) this.sendTicker(market, 'update', atUs);
    this.flushTrades(atUs);
  }

  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void {
    if (!this.has('level2', market)) return;
    if (this.awaitingSnapshot.delete(market)) return this.sendSnapshot(market, atUs);
    if (delta.bids.length === 0 && delta.asks.length === 0) return;
    const time = isoTrimmed(atUs);
    this.emitBook(market, 'update', [
      ...this.levels(market, 'bid', delta.bids, time), ...this.levels(market, 'offer', delta.asks, time),
    ], atUs);
  }

  onMark(): void {}

  onSecond(nowUs: number): void {
    if (this.subscribed.size === 0 && nowUs - this.openedAtUs > NO_SUBSCRIPTION_US) {
      return this.outbox.close(1008, 'no subscribe message within 5 seconds');
    }
    this.flushTrades(nowUs);
    if (!this.subscribed.get('heartbeats')?.size) return;
    const at = isoMicroseconds(nowUs);
    this.emit('heartbeats', [{
      current_time: `${at.slice(0, 10)} ${at.slice(11, 26)} +0000 UTC m=+${(nowUs - this.openedAtUs) / 1e6}`,
      heartbeat_counter: ++this.heartbeats,
    }], 'other', null, nowUs);
  }

  private subscribe(channel: Channel, products: readonly string[], nowUs: number): void {
    let ids = this.subscribed.get(channel);
    if (!ids) this.subscribed.set(channel, (ids = new Set()));
    for (const product of products) {
      ids.add(product);
      const market = this.markets.find(product);
      if (!market) continue;
      if (channel === 'level2') this.awaitingSnapshot.add(market);
      if (channel === 'ticker') this.sendTicker(market, 'snapshot', nowUs);
      if (channel === 'market_trades') this.sendTrades(market, market.recentTrades, 'snapshot', nowUs);
    }
  }

  private sendSnapshot(market: InstrumentMarket, atUs: number): void {
    const { bids, asks } = market.book;
    const time = isoTrimmed(atUs);
    const pairs = (side: typeof bids): number[] => side.prices.flatMap((price, i) => [price, side.sizes[i]]);
    this.emitBook(market, 'snapshot', [
      ...this.levels(market, 'bid', pairs(bids), time), ...this.levels(market, 'offer', pairs(asks), time),
    ], atUs);
  }

  private levels(market: InstrumentMarket, side: 'bid' | 'offer', pairs: readonly number[], time: string): object[] {
    return Array.from({ length: pairs.length / 2 }, (_, i) => ({
      side, event_time: time, price_level: trimmedPrice(market, pairs[2 * i]),
      new_quantity: trimmedSize(market, pairs[2 * i + 1]),
    }));
  }

  private emitBook(market: InstrumentMarket, type: string, updates: readonly object[], atUs: number): void {
    const { symbol, venueSymbol } = market.specification;
    this.emit('l2_data', [{ type, product_id: venueSymbol, updates }], 'depth', symbol, atUs);
  }

  private flushTrades(nowUs: number): void {
    if (this.waitingTrades.size === 0 || nowUs - this.tradesSentAtUs < TRADES_EVERY_US) return;
    this.tradesSentAtUs = nowUs;
    for (const [market, trades] of this.waitingTrades) this.sendTrades(market, trades, 'update', nowUs);
    this.waitingTrades.clear();
  }

  /** Newest first. `side` is the maker's: in the recording of 2026-08-09 trades at the best ask say SELL. */
  private sendTrades(market: InstrumentMarket, trades: readonly ModelTrade[], type: string, nowUs: number): void {
    const rows = trades.toReversed().map((trade) => ({
      product_id: market.specification.venueSymbol, trade_id: String(trade.id), price: trimmedPrice(market, trade.price),
      size: trimmedSize(market, trade.size), time: isoTrimmed(trade.atUs), side: trade.side > 0 ? 'SELL' : 'BUY',
    }));
    this.emit('market_trades', [{ type, trades: rows }], 'trades', market.specification.symbol, nowUs);
  }

  private sendTicker(market: InstrumentMarket, type: string, atUs: number): void {
    const { bids, asks } = market.book;
    const { lastPrice, openPrice, volume, low, high } = market.statistics;
    const price = (value: number): string => trimmedPrice(market, value);
    this.emit('ticker', [{ type, tickers: [{
      type: 'ticker', product_id: market.specification.venueSymbol, price: price(lastPrice),
      volume_24_h: trimmedSize(market, volume), low_24_h: price(low), high_24_h: price(high), low_52_w: price(low),
      high_52_w: price(high), price_percent_chg_24_h: percentChange(lastPrice, openPrice), best_bid: price(bids.best),
      best_ask: price(asks.best), best_bid_quantity: trimmedSize(market, bids.sizes[0] ?? 0),
      best_ask_quantity: trimmedSize(market, asks.sizes[0] ?? 0),
    }] }], 'quote', market.specification.symbol, atUs);
  }

  private has(channel: Channel, market: InstrumentMarket): boolean {
    return this.subscribed.get(channel)?.has(market.specification.venueSymbol) ?? false;
  }

  private emit(channel: string, events: readonly object[], kind: FrameKind, symbol: string | null, atUs: number): void {
    const body = { channel, timestamp: isoTrimmed(atUs), sequence_num: this.sequence, events };
    if (this.outbox.send(JSON.stringify(body), kind, symbol)) this.sequence++;
  }

  private refuse(message: string): void {
    this.outbox.send(JSON.stringify({ type: 'error', message }), 'other', null);
  }
}

const PRODUCTS = '/api/v3/brokerage/market/products';

/** Coinbase Advanced Trade: `/`; `/api/v3/brokerage/market/products`, `…/product_book`, `/api/v3/brokerage/time`. */
export const coinbase: ProtocolFactory = (markets) => ({
  venue: 'coinbase',
  pingIntervalMs: 0,
  open(path, _query, outbox, nowUs) {
    return path === '/' ? new CoinbaseSession(markets, outbox, nowUs) : null;
  },
  rest(path, query, nowUs) {
    if (path === '/api/v3/brokerage/time') {
      const [epochSeconds, epochMillis] = [1e6, 1e3].map((unit) => String(Math.floor(nowUs / unit)));
      return { status: 200, body: { iso: isoTrimmed(nowUs), epochSeconds, epochMillis } };
    }
    if (path === PRODUCTS) {
      const type = query.get('product_type') ?? 'SPOT';
      const products = type === 'SPOT' ? markets.markets.map(coinbaseProduct) : [];
      return { status: 200, body: { products, num_products: products.length } };
    }
    if (path === '/api/v3/brokerage/market/product_book') {
      const market = markets.find(query.get('product_id') ?? '');
      if (!market) return notFound;
      const book = markets.snapshot(market, Math.max(1, Number(query.get('limit') ?? '1000') || 1000), nowUs);
      const rows = (pairs: typeof book.bids): object[] =>
        pairs.map(([price, size]) => ({ price: trimmedPrice(market, price), size: trimmedSize(market, size) }));
      const product_id = market.specification.venueSymbol;
      const pricebook = { product_id, bids: rows(book.bids), asks: rows(book.asks), time: isoTrimmed(book.atUs) };
      return { status: 200, body: { pricebook } };
    }
    if (!path.startsWith(`${PRODUCTS}/`)) return null;
    const market = markets.find(path.slice(PRODUCTS.length + 1));
    return market ? { status: 200, body: coinbaseProduct(market) } : notFound;
  },
});

const REASON = 'valid product_id is required';
const notFound = { status: 404, body: { error: 'NOT_FOUND', error_details: REASON, message: REASON } };
