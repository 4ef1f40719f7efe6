import type { BookDelta, InstrumentMarket, ModelTrade } from '@parallax/market-model';
import type { FrameKind, Outbox, VenueSession } from './protocol.js';
import { parseObject, textList } from './text.js';

export type BinanceStream = 'trade' | 'aggTrade' | 'depth' | 'bookTicker' | 'markPrice';

/** What differs between Binance's spot and futures streams. */
export interface BinanceDialect {
  /** Streams that this path carries; others are acknowledged and stay silent, as at the venue. */
  readonly carries: ReadonlySet<BinanceStream>;
  trade(market: InstrumentMarket, trade: ModelTrade): object;
  aggregateTrade(market: InstrumentMarket, trade: ModelTrade): object;
  depth(market: InstrumentMarket, delta: BookDelta, atUs: number): object;
  bookTicker(market: InstrumentMarket, atUs: number): object;
  markPrice(market: InstrumentMarket, atUs: number): object;
}

const STREAM = /^([^@]+)@(trade|aggTrade|depth|bookTicker|markPrice)(?:@(?:\d+ms|1s))?$/;
const KIND: Record<BinanceStream, FrameKind> = {
  trade: 'trades', aggTrade: 'trades', depth: 'depth', bookTicker: 'quote', markPrice: 'other',
};

/**
 * A connection to Binance's market streams: raw or combined, streams in the path or by SUBSCRIBE. Diff depth comes at
 * the model's depth interval whichever of the venue's speeds was asked for.
 */
export class BinanceSession implements VenueSession {
  /** Stream name as asked for, by lower-case symbol and stream. */
  private readonly streams = new Map<string, string>();
  private readonly asked = new Set<string>();

  constructor(
    private readonly dialect: BinanceDialect,
    private readonly outbox: Outbox,
    private combined: boolean,
    streams: readonly string[],
  ) {
    for (const stream of streams) this.add(stream);
  }

  onText(text: string): void {
    const message = parseObject(text);
    if (!message) return this.refuse(null, 3, 'Invalid JSON: expected value at line 1 column 1');
    const id = message.id ?? null;
    const params = textList(message.params);
    switch (message.method) {
      case 'SUBSCRIBE':
        if (params.some((stream) => this.outbox.takeRefusal(stream.split('@', 1)[0]))) return this.refuse(id, 4, 'Too many subscriptions');
        for (const stream of params) this.add(stream);
        return this.answer(id, null);
      case 'UNSUBSCRIBE':
        for (const stream of params) this.remove(stream);
        return this.answer(id, null);
      case 'LIST_SUBSCRIPTIONS':
        return this.answer(id, [...this.asked]);
      case 'SET_PROPERTY':
        if (!Array.isArray(message.params) || message.params[0] !== 'combined' || typeof message.params[1] !== 'boolean') {
          return this.refuse(id, 0, 'Unknown property');
        }
        this.combined = message.params[1];
        return this.answer(id, null);
      default:
        return this.refuse(id, 2, 'Invalid request: unknown variant, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`');
    }
  }

  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[]): void {
    for (const trade of trades) {
      this.emit(market, 'trade', () => this.dialect.trade(market, trade));
      this.emit(market, 'aggTrade', () => this.dialect.aggregateTrade(market, trade));
    }
  }

  onQuote(market: InstrumentMarket, atUs: number): void {
    this.emit(market, 'bookTicker', () => this.dialect.bookTicker(market, atUs));
  }

  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void {
    if (delta.bids.length === 0 && delta.asks.length === 0) return;
    this.emit(market, 'depth', () => this.dialect.depth(market, delta, atUs));
  }

  onMark(market: InstrumentMarket, atUs: number): void {
    this.emit(market, 'markPrice', () => this.dialect.markPrice(market, atUs));
  }

  onSecond(): void {}

  private emit(market: InstrumentMarket, stream: BinanceStream, data: () => object): void {
    const name = this.streams.get(`${market.specification.venueSymbol.toLowerCase()}@${stream}`);
    if (name === undefined) return;
    const text = JSON.stringify(this.combined ? { stream: name, data: data() } : data());
    this.outbox.send(text, KIND[stream], market.specification.symbol);
  }

  private add(stream: string): void {
    this.asked.add(stream);
    const match = STREAM.exec(stream);
    const kind = match?.[2] as BinanceStream | undefined;
    if (match && kind && this.dialect.carries.has(kind)) this.streams.set(`${match[1]}@${kind}`, stream);
  }

  private remove(stream: string): void {
    this.asked.delete(stream);
    const match = STREAM.exec(stream);
    if (match) this.streams.delete(`${match[1]}@${match[2]}`);
  }

  private answer(id: unknown, result: unknown): void {
    this.outbox.send(JSON.stringify({ result, id }), 'other', null);
  }

  private refuse(id: unknown, code: number, msg: string): void {
    this.outbox.send(JSON.stringify({ error: { code, msg }, id }), 'other', null);
  }
}

/** The streams that a path names, and whether frames come wrapped; null when it is no stream path. */
export function streamsOfPath(path: string, query: URLSearchParams): { combined: boolean; streams: string[] } | null {
  if (path === '/stream') return { combined: true, streams: (query.get('streams') ?? '').split('/').filter(Boolean) };
  if (path === '/ws') return { combined: false, streams: [] };
  if (path.startsWith('/ws/')) return { combined: false, streams: path.slice(4).split('/').filter(Boolean) };
  return null;
}

