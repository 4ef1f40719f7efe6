import { crc32 } from 'node:zlib';
import type { BookDelta, InstrumentMarket, ModelTrade } from '@parallax/market-model';
import { textFromScaled } from '@parallax/types';
import { okxInstrument } from './okx-instruments.js';
import type { FrameKind, Outbox, ProtocolFactory, RestReply, VenueMarkets, VenueSession } from './protocol.js';
import { milliseconds, parseObject, trimmedPrice, trimmedSize } from './text.js';

/** Today the venue sends checksum 0; `real` is the dialect up to 2026-06. */
export type OkxChecksum = 'zero' | 'real';

const CHANNELS = ['books', 'bbo-tbt', 'tickers', 'trades', 'funding-rate'] as const;
type Channel = (typeof CHANNELS)[number];
const KIND: Record<Channel, FrameKind> = {
  books: 'depth', 'bbo-tbt': 'quote', tickers: 'quote', trades: 'trades', 'funding-rate': 'other',
};
const BOOK_LEVELS = 400;
const KEEP_ALIVE_US = 60_000_000;
const NO_SUBSCRIPTION_US = 30_000_000;
/** Sequence ids of a venue that has run for years. */
const seqId = (id: number): number => 70_000_000_000 + id;

/** `[price, size, "0", orders]`; how many orders make a level is not modelled and follows from its size. */
function level(market: InstrumentMarket, price: number, size: number): string[] {
  const orders = size === 0 ? 0 : 1 + ((size / market.scenario.sizeStep) % 7);
  return [trimmedPrice(market, price), trimmedSize(market, size), '0', String(Math.floor(orders))];
}

/** Best 25 of both sides interleaved, `price:size` with the texts as sent, CRC32 as a signed number. */
export function okxChecksum(market: InstrumentMarket): number {
  const { bids, asks } = market.book;
  const parts: string[] = [];
  for (let i = 0; i < 25; i++) {
    if (i < bids.count) parts.push(trimmedPrice(market, bids.prices[i]), trimmedSize(market, bids.sizes[i]));
    if (i < asks.count) parts.push(trimmedPrice(market, asks.prices[i]), trimmedSize(market, asks.sizes[i]));
  }
  return crc32(parts.join(':')) | 0;
}

class OkxSession implements VenueSession {
  private readonly subscribed = new Set<string>();
  private readonly awaitingSnapshot = new Set<InstrumentMarket>();
  private readonly lastBookAtUs = new Map<InstrumentMarket, number>();
  private readonly connectionId: string;

  constructor(
    private readonly markets: VenueMarkets,
    private readonly checksum: OkxChecksum,
    private readonly outbox: Outbox,
    private readonly openedAtUs: number,
  ) {
    this.connectionId = (openedAtUs % 0x100000000).toString(16).padStart(8, '0');
  }

  onText(text: string, nowUs: number): void {
    if (text === 'ping') return void this.outbox.send('pong', 'other', null);
    const message = parseObject(text);
    if (!message || !Array.isArray(message.args)) return this.refuse('60012', `Invalid request: ${text}`);
    if (message.op !== 'subscribe' && message.op !== 'unsubscribe') {
      return this.refuse('60012', `Invalid request: ${text}`);
    }
    for (const argument of message.args as Record<string, unknown>[]) this.change(message.op, argument, message.id, nowUs);
  }

  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[]): void {
    for (const trade of trades) {
      this.push('trades', market, [{
        instId: market.specification.venueSymbol, tradeId: String(trade.id), px: trimmedPrice(market, trade.price),
        sz: trimmedSize(market, trade.size), side: trade.side > 0 ? 'buy' : 'sell',
        ts: String(milliseconds(trade.atUs)), count: '1', seqId: seqId(market.book.updateId),
      }]);
    }
  }

  onQuote(market: InstrumentMarket, atUs: number): void {
    this.sendQuote('bbo-tbt', market, atUs);
    this.sendQuote('tickers', market, atUs);
  }

  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void {
    if (!this.has('books', market)) return;
    if (this.awaitingSnapshot.delete(market)) return this.sendBook(market, 'snapshot', -1, atUs);
    const empty = delta.bids.length === 0 && delta.asks.length === 0;
    if (empty && atUs - this.lastBookAtUs.get(market)! < KEEP_ALIVE_US) return;
    this.sendBook(market, 'update', delta.firstId - 1, atUs, delta);
  }

  onMark(market: InstrumentMarket, atUs: number): void {
    if (!market.funding) return;
    const next = market.funding.nextAtUs(atUs);
    this.push('funding-rate', market, [{
      fundingRate: textFromScaled(market.funding.rateE8, 8), fundingTime: String(milliseconds(next)),
      instId: market.specification.venueSymbol, instType: 'SWAP', method: 'current_period', maxFundingRate: '0.00375',
      minFundingRate: '-0.00375', nextFundingRate: '', nextFundingTime: String(milliseconds(next) + 28_800_000),
      premium: (market.fairPrice / market.indexPrice - 1).toFixed(10), settFundingRate: '0.0001', settState: 'settled',
      ts: String(milliseconds(atUs)),
    }]);
  }

  onSecond(nowUs: number): void {
    if (this.subscribed.size === 0 && nowUs - this.openedAtUs > NO_SUBSCRIPTION_US) {
      this.outbox.close(4004, 'No data received in 30s');
    }
  }

  private sendBook(
    market: InstrumentMarket, action: 'snapshot' | 'update', previousId: number, atUs: number, delta?: BookDelta,
  ): void {
    const { bids, asks, updateId } = market.book;
    const all = (side: typeof bids): string[][] =>
      side.prices.slice(0, BOOK_LEVELS).map((price, i) => level(market, price, side.sizes[i]));
    const some = (pairs: readonly number[]): string[][] =>
      Array.from({ length: pairs.length / 2 }, (_, i) => level(market, pairs[2 * i], pairs[2 * i + 1]));
    const wrong = this.checksum === 'real' && this.outbox.takeWrongChecksum(market.specification.symbol) ? 1 : 0;
    this.lastBookAtUs.set(market, atUs);
    this.push('books', market, [{
      asks: delta ? some(delta.asks) : all(asks), bids: delta ? some(delta.bids) : all(bids),
      ts: String(milliseconds(atUs)), checksum: this.checksum === 'real' ? okxChecksum(market) ^ wrong : 0,
      prevSeqId: action === 'snapshot' ? -1 : seqId(previousId),
      seqId: seqId(delta ? delta.lastId : updateId),
    }], action);
  }

  private ticker(market: InstrumentMarket, atUs: number): object {
    const { bids, asks } = market.book;
    const { openPrice, lastPrice, lastSize, high, low, volume } = market.statistics;
    const price = (value: number): string => trimmedPrice(market, value);
    return {
      instType: market.specification.kind === 'swap' ? 'SWAP' : 'SPOT', instId: market.specification.venueSymbol,
      last: price(lastPrice), lastSz: trimmedSize(market, lastSize), askPx: price(asks.best),
      askSz: trimmedSize(market, asks.sizes[0] ?? 0), bidPx: price(bids.best), bidSz: trimmedSize(market, bids.sizes[0] ?? 0),
      open24h: price(openPrice), high24h: price(high), low24h: price(low), sodUtc0: price(openPrice),
      sodUtc8: price(openPrice), volCcy24h: trimmedSize(market, volume), vol24h: trimmedSize(market, volume),
      ts: String(milliseconds(atUs)),
    };
  }

  private change(operation: string, argument: Record<string, unknown>, id: unknown, nowUs: number): void {
    const channel = CHANNELS.find((each) => each === argument?.channel);
    const market = this.markets.find(String(argument?.instId));
    if (!channel || !market) {
      const name = `channel:${String(argument?.channel)},instId:${String(argument?.instId)}`;
      return this.refuse('60018', `Wrong URL or ${name} doesn't exist. Please use the correct URL, channel and parameters.`, id);
    }
    if (operation === 'subscribe' && this.outbox.takeRefusal(market.specification.venueSymbol)) return this.refuse('60014', 'Requests too frequent', id);
    const key = `${channel}:${market.specification.venueSymbol}`;
    if (operation === 'subscribe') this.subscribed.add(key);
    else this.subscribed.delete(key);
    if (channel === 'books' && operation === 'subscribe') this.awaitingSnapshot.add(market);
    const arg = { channel, instId: market.specification.venueSymbol };
    this.outbox.send(JSON.stringify({
      ...(id === undefined ? {} : { id }), event: operation, arg, connId: this.connectionId,
    }), 'other', null);
    if (operation === 'unsubscribe') return;
    if (channel === 'tickers' || channel === 'bbo-tbt') this.sendQuote(channel, market, nowUs);
  }

  private sendQuote(channel: 'tickers' | 'bbo-tbt', market: InstrumentMarket, atUs: number): void {
    if (!this.has(channel, market)) return;
    if (channel === 'tickers') return this.push(channel, market, [this.ticker(market, atUs)]);
    const { bids, asks, updateId } = market.book;
    this.push(channel, market, [{
      asks: asks.count > 0 ? [level(market, asks.best, asks.sizes[0])] : [],
      bids: bids.count > 0 ? [level(market, bids.best, bids.sizes[0])] : [],
      ts: String(milliseconds(atUs)), seqId: seqId(updateId),
    }]);
  }

  private has(channel: Channel, market: InstrumentMarket): boolean {
    return this.subscribed.has(`${channel}:${market.specification.venueSymbol}`);
  }

  private push(channel: Channel, market: InstrumentMarket, data: readonly object[], action?: string): void {
    if (!this.has(channel, market)) return;
    const arg = { channel, instId: market.specification.venueSymbol };
    const text = JSON.stringify(action ? { arg, action, data } : { arg, data });
    this.outbox.send(text, KIND[channel], market.specification.symbol);
  }

  private refuse(code: string, msg: string, id?: unknown): void {
    this.outbox.send(JSON.stringify({ ...(id === undefined ? {} : { id }), event: 'error', code, msg, connId: this.connectionId }), 'other', null);
  }
}

const answer = (data: unknown[]): RestReply => ({ status: 200, body: { code: '0', msg: '', data } });
const refuse = (code: string, msg: string): RestReply => ({ status: 200, body: { code, msg, data: [] } });

/** OKX v5 public: `/ws/v5/public`; `/api/v5/public/instruments`, `/api/v5/market/books`, `/api/v5/public/time`. */
export const okx = (checksum: OkxChecksum): ProtocolFactory => (markets) => ({
  venue: 'okx',
  pingIntervalMs: 0,
  open(path, _query, outbox, nowUs) {
    return path === '/ws/v5/public' ? new OkxSession(markets, checksum, outbox, nowUs) : null;
  },
  rest(path, query, nowUs) {
    if (path === '/api/v5/public/time') return answer([{ ts: String(milliseconds(nowUs)) }]);
    if (path === '/api/v5/public/instruments') {
      const type = query.get('instType');
      if (!['SPOT', 'SWAP', 'FUTURES', 'OPTION', 'MARGIN'].includes(type ?? '')) {
        return refuse('51000', 'Parameter instType error');
      }
      const kind = type === 'SPOT' ? 'spot' : type === 'SWAP' ? 'swap' : '';
      return answer(markets.markets.filter((each) => each.specification.kind === kind).map(okxInstrument));
    }
    if (path !== '/api/v5/market/books') return null;
    const market = markets.find(query.get('instId') ?? '');
    if (!market) return refuse('51001', "Instrument ID doesn't exist.");
    const size = Math.min(BOOK_LEVELS, Math.max(1, Number(query.get('sz') ?? '1') || 1));
    const book = markets.snapshot(market, size, nowUs);
    return answer([{
      asks: book.asks.map(([price, amount]) => level(market, price, amount)),
      bids: book.bids.map(([price, amount]) => level(market, price, amount)),
      ts: String(milliseconds(book.atUs)), seqId: seqId(book.updateId),
    }]);
  },
});
