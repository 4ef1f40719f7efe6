import type { BookDelta, InstrumentMarket, ModelTrade } from '@parallax/market-model';
import { krakenAssetPairs, krakenAssets, krakenInstruments } from './kraken-instruments.js';
import { KrakenWindow, krakenChecksum } from './kraken-window.js';
import type { FrameKind, Outbox, ProtocolFactory, RestReply, VenueMarkets, VenueSession } from './protocol.js';
import { isoMicroseconds, parseObject, percentChange, priceText, sizeText, textList, trimmedPrice, trimmedSize } from './text.js';

/** Whether numbers keep the trailing zeros of the pair's precision; the venue's documents show both. */
export type KrakenNumbers = 'full' | 'trimmed';

const DEPTHS = [10, 25, 100, 500, 1000];
const SYMBOL_CHANNELS = ['book', 'trade', 'ticker'] as const;
type SymbolChannel = (typeof SYMBOL_CHANNELS)[number];
const SNAPSHOT_TRADES = 50;
const HEARTBEAT_US = 1_000_000;

class KrakenSession implements VenueSession {
  private readonly windows = new Map<InstrumentMarket, KrakenWindow>();
  private readonly awaitingSnapshot = new Map<InstrumentMarket, boolean>();
  private readonly trades = new Set<InstrumentMarket>();
  private readonly tickers = new Map<InstrumentMarket, 'bbo' | 'trades'>();
  private lastSentAtUs = 0;
  private subscribedAny = false;

  constructor(
    private readonly markets: VenueMarkets,
    private readonly numbers: KrakenNumbers,
    private readonly outbox: Outbox,
    nowUs: number,
  ) {
    const data = [{ version: '2.0.10', system: 'online', api_version: 'v2', connection_id: nowUs * 7 }];
    this.send(JSON.stringify({ channel: 'status', type: 'update', data }), 'other', null, nowUs);
  }

  onText(text: string, nowUs: number): void {
    const message = parseObject(text);
    const reply = (body: object): void => this.send(JSON.stringify({
      ...body, time_in: isoMicroseconds(nowUs), time_out: isoMicroseconds(nowUs),
      ...(message?.req_id === undefined ? {} : { req_id: message.req_id }),
    }), 'other', null, nowUs);
    if (!message) return reply({ error: 'Malformed request', success: false });
    const method = message.method;
    if (method === 'ping') return reply({ method: 'pong' });
    if (method !== 'subscribe' && method !== 'unsubscribe') return reply({ error: 'Unsupported event', success: false });
    const params = (message.params ?? {}) as Record<string, unknown>;
    if (params.channel === 'instrument') {
      reply({ method, result: { channel: 'instrument', snapshot: true }, success: true });
      this.subscribedAny = true;
      const data = krakenInstruments(this.markets.markets);
      return this.send(JSON.stringify({ channel: 'instrument', type: 'snapshot', data }), 'other', null, nowUs);
    }
    const channel = SYMBOL_CHANNELS.find((each) => each === params.channel);
    if (!channel) return reply({ error: 'Channel is not supported', method, success: false });
    const depth = params.depth === undefined ? 10 : Number(params.depth);
    if (channel === 'book' && !DEPTHS.includes(depth)) {
      return reply({ error: 'Subscription depth not supported', method, success: false });
    }
    for (const symbol of textList(params.symbol)) {
      const market = this.markets.find(symbol);
      if (!market) {
        reply({ error: `Currency pair not supported ${symbol}`, method, success: false, symbol });
        continue;
      }
      if (method === 'subscribe' && this.outbox.takeRefusal(symbol)) {
        reply({ error: 'Exceeded msg rate', method, success: false, symbol });
        continue;
      }
      const snapshot = params.snapshot !== false;
      const trigger = params.event_trigger ?? 'trades';
      const own = channel === 'book' ? { depth } : channel === 'ticker' ? { event_trigger: trigger } : {};
      reply({ method, result: { channel, ...own, ...(method === 'subscribe' ? { snapshot } : {}), symbol }, success: true });
      if (method === 'subscribe') this.subscribe(channel, market, depth, snapshot, params.event_trigger === 'bbo', nowUs);
      else this.unsubscribe(channel, market);
    }
  }

  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[], atUs: number): void {
    if (this.trades.has(market)) this.sendTrades(market, trades, 'update', atUs);
    if (this.tickers.get(market) === 'trades') this.sendTicker(market, 'update', atUs);
  }

  onQuote(market: InstrumentMarket, atUs: number): void {
    if (this.tickers.get(market) === 'bbo') this.sendTicker(market, 'update', atUs);
  }

  onBook(market: InstrumentMarket, _delta: BookDelta, atUs: number): void {
    const window = this.windows.get(market);
    if (!window) return;
    const wanted = this.awaitingSnapshot.get(market);
    if (wanted !== undefined) {
      this.awaitingSnapshot.delete(market);
      const bids = window.bids.snapshot();
      const asks = window.asks.snapshot();
      if (wanted) this.sendBook(market, 'snapshot', bids, asks, atUs);
      return;
    }
    const bids = window.bids.changes();
    const asks = window.asks.changes();
    if (bids.length > 0 || asks.length > 0) this.sendBook(market, 'update', bids, asks, atUs);
  }

  onMark(): void {}

  onSecond(nowUs: number): void {
    if (this.subscribedAny && nowUs - this.lastSentAtUs >= HEARTBEAT_US) {
      this.send('{"channel":"heartbeat"}', 'other', null, nowUs);
    }
  }

  private subscribe(
    channel: SymbolChannel, market: InstrumentMarket, depth: number, snapshot: boolean, onQuotes: boolean, nowUs: number,
  ): void {
    this.subscribedAny = true;
    if (channel === 'book') {
      this.windows.set(market, new KrakenWindow(market, depth));
      this.awaitingSnapshot.set(market, snapshot);
    } else if (channel === 'trade') {
      this.trades.add(market);
      if (snapshot) this.sendTrades(market, market.recentTrades.slice(-SNAPSHOT_TRADES), 'snapshot', nowUs);
    } else {
      this.tickers.set(market, onQuotes ? 'bbo' : 'trades');
      if (snapshot) this.sendTicker(market, 'snapshot', nowUs);
    }
  }

  private unsubscribe(channel: SymbolChannel, market: InstrumentMarket): void {
    if (channel === 'trade') this.trades.delete(market);
    else if (channel === 'ticker') this.tickers.delete(market);
    else {
      this.windows.delete(market);
      this.awaitingSnapshot.delete(market);
    }
  }

  /** Numbers go out as JSON numbers with exactly these digits, hence text and no JSON.stringify. */
  private sendBook(market: InstrumentMarket, type: string, bids: readonly number[], asks: readonly number[], atUs: number): void {
    const { symbol, venueSymbol } = market.specification;
    const wrong = this.outbox.takeWrongChecksum(symbol) ? 1 : 0;
    const levels = (pairs: readonly number[]): string => Array.from({ length: pairs.length / 2 }, (_, i) =>
      `{"price":${this.price(market, pairs[2 * i])},"qty":${this.size(market, pairs[2 * i + 1])}}`).join(',');
    this.send(
      `{"channel":"book","type":"${type}","data":[{"symbol":${JSON.stringify(venueSymbol)},"bids":[${levels(bids)}],` +
      `"asks":[${levels(asks)}],"checksum":${(krakenChecksum(market) ^ wrong) >>> 0},"timestamp":"${isoMicroseconds(atUs)}"}]}`,
      'depth', symbol, atUs,
    );
  }

  private sendTrades(market: InstrumentMarket, trades: readonly ModelTrade[], type: string, atUs: number): void {
    if (trades.length === 0) return;
    const { symbol, venueSymbol } = market.specification;
    const data = trades.map((trade) =>
      `{"symbol":${JSON.stringify(venueSymbol)},"side":"${trade.side > 0 ? 'buy' : 'sell'}",` +
      `"price":${this.price(market, trade.price)},"qty":${this.size(market, trade.size)},"ord_type":"market",` +
      `"trade_id":${trade.id},"timestamp":"${isoMicroseconds(trade.atUs)}"}`);
    this.send(`{"channel":"trade","type":"${type}","data":[${data.join(',')}]}`, 'trades', symbol, atUs);
  }

  private sendTicker(market: InstrumentMarket, type: string, atUs: number): void {
    const { symbol, venueSymbol } = market.specification;
    const { bids, asks } = market.book;
    const { lastPrice, volume, averagePrice, low, high, openPrice } = market.statistics;
    const price = (value: number): string => this.price(market, value);
    this.send(
      `{"channel":"ticker","type":"${type}","data":[{"symbol":${JSON.stringify(venueSymbol)},"bid":${price(bids.best)},` +
      `"bid_qty":${this.size(market, bids.sizes[0] ?? 0)},"ask":${price(asks.best)},` +
      `"ask_qty":${this.size(market, asks.sizes[0] ?? 0)},"last":${price(lastPrice)},"volume":${this.size(market, volume)},` +
      `"vwap":${price(averagePrice)},"low":${price(low)},"high":${price(high)},"change":${price(lastPrice - openPrice)},` +
      `"change_pct":${percentChange(lastPrice, openPrice)},"timestamp":"${isoMicroseconds(atUs)}"}]}`,
      'quote', symbol, atUs,
    );
  }

  private price(market: InstrumentMarket, value: number): string {
    return this.numbers === 'full' ? priceText(market, value) : trimmedPrice(market, value);
  }

  private size(market: InstrumentMarket, value: number): string {
    return this.numbers === 'full' ? sizeText(market, value) : trimmedSize(market, value);
  }

  private send(text: string, kind: FrameKind, symbol: string | null, nowUs: number): void {
    this.lastSentAtUs = nowUs;
    this.outbox.send(text, kind, symbol);
  }
}

const answer = (result: unknown): RestReply => ({ status: 200, body: { error: [], result } });

/** Kraken v2: `/v2`; `/0/public/AssetPairs`, `/0/public/Assets`, `/0/public/SystemStatus`. */
export const kraken = (numbers: KrakenNumbers): ProtocolFactory => (markets) => ({
  venue: 'kraken',
  pingIntervalMs: 0,
  open(path, _query, outbox, nowUs) {
    return path === '/v2' ? new KrakenSession(markets, numbers, outbox, nowUs) : null;
  },
  rest(path, _query, nowUs) {
    switch (path) {
      case '/0/public/AssetPairs': return answer(krakenAssetPairs(markets.markets));
      case '/0/public/Assets': return answer(krakenAssets(markets.markets));
      case '/0/public/SystemStatus': return answer({ status: 'online', timestamp: isoMicroseconds(nowUs).slice(0, 19) + 'Z' });
      default: return null;
    }
  },
});
