import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import type { PageLevels } from '../shared/frame-page/frame-page.js';
import type { FrameSink } from '../shared/reader.js';
import { literal, type Literal } from '../shared/literal.js';
import { ByteScanner, MISS } from '../shared/scan.js';
import { quotedInteger, skipAscii } from '../shared/skip.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { DepthUpdate, TickerUpdate, TradesUpdate } from '../shared/updates.js';

const CHANNEL = literal('{"arg":{"channel":"');
const BOOKS = literal('books');
const TICK_BY_TICK = literal('-l2-tbt');
const TRADES = literal('trades');
const BEST = literal('bbo-tbt');
const TICKERS = literal('tickers');
const INSTRUMENT = literal('","instId":"');
const UPDATE = literal('},"action":"update","data":[{"asks":[');
const SNAPSHOT = literal('},"action":"snapshot","data":[{"asks":[');
const BIDS = literal(',"bids":[');
const TIME = literal(',"ts":');
const CHECKSUM = literal(',"checksum":');
const SEQUENCE = literal(',"seqId":');
const PREVIOUS = literal(',"prevSeqId":');
const NONE = literal('-1');
const NO_LIQUIDATIONS = literal(',"0",');
const CLOSE = literal('}]}');
const DATA = literal('},"data":[{');
const ASKS = literal('"asks":[');
const TRADE_OF = literal('"instId":"');
const TRADE_ID = literal('"tradeId":');
const PRICE = literal(',"px":');
const SIZE = literal(',"sz":');
const BUY = literal(',"side":"buy"');
const SELL = literal(',"side":"sell"');
const COUNT = literal(',"count":');
const SOURCE = literal(',"source":');
const NEXT_TRADE = literal('},{');
const TYPE = literal('"instType":');
const LAST = literal(',"last":');
const LAST_SIZE = literal(',"lastSz":');
const ASK_PRICE = literal(',"askPx":');
const ASK_SIZE = literal(',"askSz":');
const BID_PRICE = literal(',"bidPx":');
const BID_SIZE = literal(',"bidSz":');
/** Fields of a ticker that are not read; any other name is a miss. */
const UNREAD = ['open24h', 'high24h', 'low24h', 'sodUtc0', 'sodUtc8', 'volCcy24h', 'vol24h'].map((name) => literal(`,"${name}":`));
const COMMA = 0x2c;
const QUOTE = 0x22;
const MINUS = 0x2d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** The fast path over frames whose fields stand in the order that OKX sends; anything else is a miss. */
export class OkxScan {
  private readonly scanner = new ByteScanner('pair-and-orders');
  private readonly symbols: SymbolBytes;
  private readonly names: { readonly venueSymbol: string; readonly quoted: Literal }[] = [];
  private readonly depth = new DepthUpdate(this.scanner.bids, this.scanner.asks);
  private readonly ticker = new TickerUpdate();
  private readonly trades = new TradesUpdate();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.symbols = new SymbolBytes(instruments, 'okx');
  }

  scan(bytes: Uint8Array): boolean {
    const scanner = this.scanner;
    scanner.start(bytes);
    if (!scanner.take(CHANNEL)) return false;
    if (scanner.take(BOOKS)) {
      scanner.take(TICK_BY_TICK);
      const instrument = this.takeInstrument();
      return instrument >= 0 && this.scanDepth(instrument);
    }
    const kind = scanner.take(TRADES) ? 0 : scanner.take(BEST) ? 1 : scanner.take(TICKERS) ? 2 : MISS;
    if (kind === MISS) return false;
    const instrument = this.takeInstrument();
    if (instrument < 0 || !scanner.take(DATA)) return false;
    if (kind === 0) return this.scanTrades(instrument);
    return kind === 1 ? this.scanBest(instrument) : this.scanTicker(instrument);
  }

  private takeInstrument(): number {
    const scanner = this.scanner;
    if (!scanner.take(INSTRUMENT)) return MISS;
    return this.symbols.take(scanner, QUOTE);
  }

  private scanDepth(instrument: number): boolean {
    const scanner = this.scanner;
    const update = this.depth;
    const specification = this.instruments.get(instrument);
    update.reset();
    if (scanner.take(SNAPSHOT)) update.snapshot = true;
    else if (!scanner.take(UPDATE)) return false;
    if (!this.scanLevels(scanner.asks, specification) || !scanner.take(BIDS)) return false;
    if (!this.scanLevels(scanner.bids, specification)) return false;
    const time = this.scanTime();
    if (time === MISS) return false;
    if (scanner.take(CHECKSUM) && !this.scanChecksum(update)) return false;
    if (!this.scanIds(update) || !scanner.take(CLOSE) || !scanner.done()) return false;
    update.instrument = instrument;
    update.exchangeAtUs = time;
    this.sink.onDepth(update);
    return true;
  }

  private scanTime(): number {
    if (!this.scanner.take(TIME)) return MISS;
    const time = quotedInteger(this.scanner);
    return time === MISS || time * 1000 > Number.MAX_SAFE_INTEGER ? MISS : time * 1000;
  }

  private scanChecksum(update: DepthUpdate): boolean {
    const negative = this.scanner.takeByte(MINUS);
    const value = this.scanner.integer();
    if (value === MISS || value > (negative ? 0x80000000 : 0x7fffffff) || (negative && value === 0)) return false;
    update.checksum = negative ? -value : value;
    return true;
  }

  /** `seqId` and `prevSeqId` in either order, or neither. */
  private scanIds(update: DepthUpdate): boolean {
    const scanner = this.scanner;
    const previousFirst = scanner.take(PREVIOUS);
    if (previousFirst && !this.scanPrevious(update)) return false;
    if (!scanner.take(SEQUENCE)) return !previousFirst;
    const id = scanner.integer();
    if (id === MISS) return false;
    update.firstId = update.lastId = id;
    return previousFirst || (scanner.take(PREVIOUS) && this.scanPrevious(update));
  }

  private scanPrevious(update: DepthUpdate): boolean {
    if (update.snapshot) return this.scanner.take(NONE);
    update.previousId = this.scanner.integer();
    return update.previousId !== MISS;
  }

  /** The rest of a list of `["price","size","0","orders"]`, its opening bracket read. */
  private scanLevels(levels: PageLevels, specification: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    const { priceScale, sizeScale } = specification;
    if (scanner.usualLevels(levels, priceScale, sizeScale)) return true;
    for (;;) {
      if (!scanner.takeByte(OPEN_BRACKET)) return false;
      const price = scanner.quotedDecimal(priceScale);
      if (price <= 0 || !scanner.takeByte(COMMA)) return false;
      const size = scanner.quotedDecimal(sizeScale);
      if (size === MISS || !scanner.take(NO_LIQUIDATIONS)) return false;
      if (quotedInteger(scanner) === MISS || !scanner.takeByte(CLOSE_BRACKET)) return false;
      levels.push(price, size);
      if (scanner.takeByte(COMMA)) continue;
      return scanner.takeByte(CLOSE_BRACKET);
    }
  }

  private scanBest(instrument: number): boolean {
    const scanner = this.scanner;
    const { depth, ticker } = this;
    const specification = this.instruments.get(instrument);
    depth.reset();
    if (!scanner.take(ASKS) || !this.scanLevels(scanner.asks, specification)) return false;
    if (!scanner.take(BIDS) || !this.scanLevels(scanner.bids, specification)) return false;
    if (depth.asks.count > 1 || depth.bids.count > 1) return false;
    const time = this.scanTime();
    if (time === MISS) return false;
    const id = scanner.take(SEQUENCE) ? scanner.integer() : 0;
    if (id === MISS || !scanner.take(CLOSE) || !scanner.done()) return false;
    ticker.instrument = instrument;
    ticker.exchangeAtUs = time;
    ticker.updateId = id;
    ticker.askPrice = depth.asks.count > 0 ? depth.asks.prices[0] : 0;
    ticker.askSize = depth.asks.count > 0 ? depth.asks.sizes[0] : 0;
    ticker.bidPrice = depth.bids.count > 0 ? depth.bids.prices[0] : 0;
    ticker.bidSize = depth.bids.count > 0 ? depth.bids.sizes[0] : 0;
    this.sink.onTicker(ticker);
    return true;
  }

  private scanTicker(instrument: number): boolean {
    const scanner = this.scanner;
    const { ticker } = this;
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    if (!scanner.take(TYPE) || !skipAscii(scanner) || !scanner.takeByte(COMMA) || !this.takeName(instrument)) return false;
    if (!scanner.take(LAST) || !skipAscii(scanner) || !scanner.take(LAST_SIZE) || !skipAscii(scanner)) return false;
    if (!scanner.take(ASK_PRICE)) return false;
    const askPrice = scanner.quotedDecimal(priceScale);
    if (askPrice === MISS || !scanner.take(ASK_SIZE)) return false;
    const askSize = scanner.quotedDecimal(sizeScale);
    if (askSize === MISS || !scanner.take(BID_PRICE)) return false;
    const bidPrice = scanner.quotedDecimal(priceScale);
    if (bidPrice === MISS || !scanner.take(BID_SIZE)) return false;
    const bidSize = scanner.quotedDecimal(sizeScale);
    if (bidSize === MISS) return false;
    while (this.takeUnread()) if (!skipAscii(scanner)) return false;
    const time = this.scanTime();
    if (time === MISS || !scanner.take(CLOSE) || !scanner.done()) return false;
    ticker.instrument = instrument;
    ticker.exchangeAtUs = time;
    ticker.updateId = 0;
    ticker.askPrice = askPrice;
    ticker.askSize = askSize;
    ticker.bidPrice = bidPrice;
    ticker.bidSize = bidSize;
    this.sink.onTicker(ticker);
    return true;
  }

  private takeUnread(): boolean {
    for (const name of UNREAD) if (this.scanner.take(name)) return true;
    return false;
  }

  private scanTrades(instrument: number): boolean {
    const scanner = this.scanner;
    const update = this.trades;
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    update.reset();
    do {
      if (!this.takeName(instrument) || !scanner.takeByte(COMMA) || !scanner.take(TRADE_ID)) return false;
      const id = quotedInteger(scanner);
      if (id === MISS || !scanner.take(PRICE)) return false;
      const price = scanner.quotedDecimal(priceScale);
      if (price <= 0 || !scanner.take(SIZE)) return false;
      const size = scanner.quotedDecimal(sizeScale);
      if (size <= 0) return false;
      const bought = scanner.take(BUY);
      if (!bought && !scanner.take(SELL)) return false;
      const time = this.scanTime();
      if (time === MISS) return false;
      if (scanner.take(COUNT) && !skipAscii(scanner)) return false;
      if (scanner.take(SOURCE) && !skipAscii(scanner)) return false;
      if (scanner.take(SEQUENCE) && scanner.integer() === MISS) return false;
      update.push(id, price, size, bought ? 1 : -1, time);
    } while (scanner.take(NEXT_TRADE));
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    update.instrument = instrument;
    this.sink.onTrades(update);
    return true;
  }

  /** `"instId":"BTC-USDT"` within the data must name the instrument of the channel. */
  private takeName(instrument: number): boolean {
    const { venueSymbol } = this.instruments.get(instrument);
    let name = this.names[instrument];
    if (name === undefined || name.venueSymbol !== venueSymbol) {
      name = { venueSymbol, quoted: literal(`${venueSymbol}"`) };
      this.names[instrument] = name;
    }
    return this.scanner.take(TRADE_OF) && this.scanner.take(name.quoted);
  }
}
