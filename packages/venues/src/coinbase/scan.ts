import type { InstrumentTable } from '@parallax/types';
import type { FrameSink } from '../shared/reader.js';
import { literal } from '../shared/literal.js';
import { ByteScanner, MISS } from '../shared/scan.js';
import { quotedInteger, skipAscii } from '../shared/skip.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { TimestampScanner } from '../shared/timestamp.js';
import { DepthUpdate, TickerUpdate, TradesUpdate } from '../shared/updates.js';
import type { CoinbaseOptions } from './options.js';

const CHANNEL = literal('{"channel":"');
const BOOK = literal('l2_data",');
const TRADES = literal('market_trades",');
const TICKER = literal('ticker",');
const CLIENT = literal('"client_id":');
const TIMESTAMP = literal('"timestamp":');
const SEQUENCE = literal(',"sequence_num":');
const UPDATE = literal(',"events":[{"type":"update",');
const SNAPSHOT = literal(',"events":[{"type":"snapshot",');
const PRODUCT = literal('"product_id":"');
const LEVELS = literal('"updates":[');
const BID = literal('{"side":"bid","event_time":');
const OFFER = literal('{"side":"offer","event_time":');
const PRICE_LEVEL = literal(',"price_level":');
const QUANTITY = literal(',"new_quantity":');
const TRADE_LIST = literal('"trades":[');
const TRADE_ID = literal('"trade_id":');
const PRICE = literal(',"price":');
const SIZE = literal(',"size":');
const TIME = literal(',"time":');
const BUY = literal(',"side":"BUY"}');
const SELL = literal(',"side":"SELL"}');
const TICKER_LIST = literal('"tickers":[{"type":"ticker",');
const BEST_BID = literal(',"best_bid":');
const BEST_ASK = literal(',"best_ask":');
const BEST_BID_QUANTITY = literal(',"best_bid_quantity":');
const BEST_ASK_QUANTITY = literal(',"best_ask_quantity":');
/** Fields of a ticker that stand before the quote and are not read, in the venue's order. */
const UNREAD = [
  '"price":', ',"volume_24_h":', ',"low_24_h":', ',"high_24_h":', ',"low_52_w":', ',"high_52_w":', ',"price_percent_chg_24_h":',
].map(literal);
const CLOSE = literal(']}]}');
const CLOSE_EMPTY = literal('}]}');
const CLOSE_TICKER = literal('}]}]}');
const COMMA = 0x2c;
const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/** The fast path over messages of one event whose fields stand in the order of the venue; anything else is a miss. */
export class CoinbaseScan {
  private readonly scanner = new ByteScanner();
  private readonly messageTimes = new TimestampScanner();
  private readonly times = new TimestampScanner();
  private readonly symbols: SymbolBytes;
  private readonly depth = new DepthUpdate();
  private readonly ticker = new TickerUpdate();
  private readonly trades = new TradesUpdate();
  private readonly sideOfBuy: number;
  private sequence = MISS;
  private messageUs = MISS;
  /** Where the last level's time stands in the frame, how long it is, and what it says. */
  private timeFrom = 0;
  private timeLength = 0;
  private levelUs = MISS;

  constructor(
    options: CoinbaseOptions,
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.symbols = new SymbolBytes(instruments, 'coinbase');
    this.sideOfBuy = options.tradeSide === 'taker' ? 1 : -1;
  }

  scan(bytes: Uint8Array): boolean {
    const scanner = this.scanner;
    scanner.start(bytes);
    if (!scanner.take(CHANNEL)) return false;
    const kind = scanner.take(BOOK) ? 0 : scanner.take(TRADES) ? 1 : scanner.take(TICKER) ? 2 : MISS;
    if (kind === MISS) return false;
    if (scanner.take(CLIENT) && (!skipAscii(scanner) || !scanner.takeByte(COMMA))) return false;
    if (!scanner.take(TIMESTAMP)) return false;
    this.messageUs = this.messageTimes.quoted(scanner);
    if (this.messageUs === MISS || !scanner.take(SEQUENCE)) return false;
    this.sequence = scanner.integer();
    if (this.sequence === MISS) return false;
    const snapshot = scanner.take(SNAPSHOT);
    if (!snapshot && !scanner.take(UPDATE)) return false;
    if (kind === 0) return this.scanDepth(snapshot);
    return kind === 1 ? this.scanTrades(snapshot) : this.scanTicker();
  }

  /** `"product_id":"BTC-USD",` */
  private takeInstrument(): number {
    const scanner = this.scanner;
    if (!scanner.take(PRODUCT)) return MISS;
    const instrument = this.symbols.take(scanner, QUOTE);
    return scanner.takeByte(COMMA) ? instrument : MISS;
  }

  private scanDepth(snapshot: boolean): boolean {
    const scanner = this.scanner;
    const update = this.depth;
    const instrument = this.takeInstrument();
    if (instrument < 0 || !scanner.take(LEVELS)) return false;
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    update.reset();
    this.timeLength = 0;
    if (!scanner.takeByte(CLOSE_BRACKET)) {
      for (;;) {
        const isBid = scanner.take(BID);
        if (!isBid && !scanner.take(OFFER)) return false;
        const time = this.levelTime();
        if (time === MISS || !scanner.take(PRICE_LEVEL)) return false;
        if (time > update.exchangeAtUs) update.exchangeAtUs = time;
        const price = scanner.quotedDecimal(priceScale);
        if (price <= 0 || !scanner.take(QUANTITY)) return false;
        const size = scanner.quotedDecimal(sizeScale);
        if (size === MISS || !scanner.takeByte(CLOSE_BRACE)) return false;
        if (isBid) update.bids.push(price, size);
        else update.asks.push(price, size);
        if (scanner.takeByte(COMMA)) continue;
        break;
      }
      if (!scanner.take(CLOSE)) return false;
    } else if (!scanner.take(CLOSE_EMPTY)) return false;
    if (!scanner.done()) return false;
    update.instrument = instrument;
    update.snapshot = snapshot;
    if (update.exchangeAtUs === 0) update.exchangeAtUs = this.messageUs;
    this.sink.onConnectionSequence(this.sequence);
    this.sink.onDepth(update);
    return true;
  }

  /** All levels of an event carry the same time as a rule: compared with the one before, and read only when it differs. */
  private levelTime(): number {
    const scanner = this.scanner;
    const { bytes, at, end } = scanner;
    const length = this.timeLength;
    if (length > 0 && at + length <= end) {
      let i = length - 1;
      while (i >= 0 && bytes[at + i] === bytes[this.timeFrom + i]) i--;
      if (i < 0) {
        scanner.at = at + length;
        return this.levelUs;
      }
    }
    this.levelUs = this.times.quoted(scanner);
    this.timeFrom = at;
    this.timeLength = this.levelUs === MISS ? 0 : scanner.at - at;
    return this.levelUs;
  }

  private scanTrades(snapshot: boolean): boolean {
    const scanner = this.scanner;
    const update = this.trades;
    update.reset();
    if (!scanner.take(TRADE_LIST)) return false;
    let last = Number.POSITIVE_INFINITY;
    for (;;) {
      if (!scanner.takeByte(OPEN_BRACE)) return false;
      const instrument = this.takeInstrument();
      if (instrument < 0 || (update.count > 0 && instrument !== update.instrument)) return false;
      update.instrument = instrument;
      const { priceScale, sizeScale } = this.instruments.get(instrument);
      if (!scanner.take(TRADE_ID)) return false;
      const id = quotedInteger(scanner);
      // Newest first, as the venue lists them; another order is for the plain path to sort.
      if (id === MISS || id >= last || !scanner.take(PRICE)) return false;
      last = id;
      const price = scanner.quotedDecimal(priceScale);
      if (price <= 0 || !scanner.take(SIZE)) return false;
      const size = scanner.quotedDecimal(sizeScale);
      if (size <= 0 || !scanner.take(TIME)) return false;
      const time = this.times.quoted(scanner);
      if (time === MISS) return false;
      const isBuy = scanner.take(BUY);
      if (!isBuy && !scanner.take(SELL)) return false;
      update.push(id, price, size, isBuy ? this.sideOfBuy : -this.sideOfBuy, time);
      if (!scanner.takeByte(COMMA)) break;
    }
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    update.snapshot = snapshot;
    reverse(update);
    this.sink.onConnectionSequence(this.sequence);
    this.sink.onTrades(update);
    return true;
  }

  private scanTicker(): boolean {
    const scanner = this.scanner;
    const update = this.ticker;
    if (!scanner.take(TICKER_LIST)) return false;
    const instrument = this.takeInstrument();
    if (instrument < 0) return false;
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    for (const name of UNREAD) if (!scanner.take(name) || !skipAscii(scanner)) return false;
    if (!scanner.take(BEST_BID)) return false;
    const bidPrice = scanner.quotedDecimal(priceScale);
    if (bidPrice === MISS || !scanner.take(BEST_ASK)) return false;
    const askPrice = scanner.quotedDecimal(priceScale);
    if (askPrice === MISS || !scanner.take(BEST_BID_QUANTITY)) return false;
    const bidSize = scanner.quotedDecimal(sizeScale);
    if (bidSize === MISS || !scanner.take(BEST_ASK_QUANTITY)) return false;
    const askSize = scanner.quotedDecimal(sizeScale);
    if (askSize === MISS || !scanner.take(CLOSE_TICKER) || !scanner.done()) return false;
    update.instrument = instrument;
    update.exchangeAtUs = this.messageUs;
    update.bidPrice = bidPrice;
    update.bidSize = bidSize;
    update.askPrice = askPrice;
    update.askSize = askSize;
    this.sink.onConnectionSequence(this.sequence);
    this.sink.onTicker(update);
    return true;
  }
}

/** Turns the trades around in place. */
function reverse(update: TradesUpdate): void {
  const { count } = update;
  if (count < 2) return;
  for (const column of [update.ids, update.prices, update.sizes, update.sides, update.exchangeAtUs]) {
    for (let low = 0, high = count - 1; low < high; low++, high--) {
      const value = column[low];
      column[low] = column[high];
      column[high] = value;
    }
  }
}
