import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import type { FrameSink } from '../shared/reader.js';
import { literal, type Literal } from '../shared/literal.js';
import { ByteScanner, MISS } from '../shared/scan.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { DepthUpdate, TickerUpdate, TradesUpdate, type Levels } from '../shared/updates.js';
import { microseconds, type BinanceDialect } from './dialect.js';

const STREAM = '{"stream":"';
const DEPTH = literal('depth');
const TICKER = literal('bookTicker","data":{');
const TRADE = literal('trade","data":{"e":"trade","E":');
const DEPTH_EVENT = literal('","data":{"e":"depthUpdate","E":');
const TICKER_EVENT = literal('"e":"bookTicker",');
const NEXT_TICKER_EVENT = literal(',"e":"bookTicker"');
const PAIR = literal('"ps":');
const TRANSACTION_TIME = literal('"T":');
const NEXT_TRANSACTION_TIME = literal(',"T":');
const NEXT_EVENT_TIME = literal(',"E":');
const FIRST_ID = literal('"U":');
const NEXT_LAST_ID = literal(',"u":');
const LAST_ID = literal('"u":');
const NEXT_PREVIOUS_ID = literal(',"pu":');
const NEXT_BIDS = literal(',"b":[');
const NEXT_ASKS = literal(',"a":[');
const LEVEL = literal('["');
const LEVEL_SIZE = literal('","');
const LEVEL_END = literal('"]');
// Decimals stand in quotes: the text around one opens and closes them.
const BID_PRICE = literal('"b":"');
const BID_SIZE = literal('","B":"');
const ASK_PRICE = literal('","a":"');
const ASK_SIZE = literal('","A":"');
const TRADE_ID = literal('"t":');
const PRICE = literal(',"p":"');
const SIZE = literal('","q":"');
const MARKET = literal('"X":"MARKET",');
const BUYER_IS_MAKER = literal('"m":');
const TRUE = literal('true');
const FALSE = literal('false');
const BEST_MATCH = literal(',"M":');
const CLOSE = literal('}}');
const MILLISECONDS = literal('ms');
const COMMA = 0x2c;
const AT = 0x40;
const QUOTE = 0x22;
const CLOSE_BRACKET = 0x5d;

/**
 * The fast path over combined-stream frames whose fields stand in the order that Binance sends. Anything else, an
 * unknown field included, is a miss and goes to the plain path.
 */
export class BinanceScan {
  private readonly scanner = new ByteScanner();
  private readonly streams: SymbolBytes;
  private readonly names: Literal[] = [];
  private readonly depth = new DepthUpdate();
  private readonly ticker = new TickerUpdate();
  private readonly trades = new TradesUpdate();

  constructor(
    private readonly dialect: BinanceDialect,
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.streams = new SymbolBytes(instruments, dialect.venue, (venueSymbol) => venueSymbol.toLowerCase(), STREAM);
  }

  scan(frame: Uint8Array): boolean {
    const scanner = this.scanner;
    scanner.start(frame);
    const instrument = this.streams.take(scanner, AT);
    if (instrument < 0) return false;
    const specification = this.instruments.get(instrument);
    if (scanner.take(TICKER)) return this.scanTicker(instrument, specification);
    if (scanner.take(DEPTH)) return this.skipSpeed() && this.scanDepth(instrument, specification);
    if (scanner.take(TRADE)) return this.scanTrade(instrument, specification);
    return false;
  }

  /** `@100ms` and the like; a partial book (`depth20`) is another channel and a miss. */
  private skipSpeed(): boolean {
    const scanner = this.scanner;
    return !scanner.takeByte(AT) || (scanner.integer() !== MISS && scanner.take(MILLISECONDS));
  }

  private scanDepth(instrument: number, specification: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    const update = this.depth;
    if (!scanner.take(DEPTH_EVENT)) return false;
    const time = scanner.integer();
    if (time === MISS) return false;
    if (scanner.take(NEXT_TRANSACTION_TIME) && scanner.integer() === MISS) return false;
    if (!this.takeSymbol(instrument, specification) || !scanner.take(FIRST_ID)) return false;
    const firstId = scanner.integer();
    if (firstId === MISS || !scanner.take(NEXT_LAST_ID)) return false;
    const lastId = scanner.integer();
    if (lastId < firstId) return false;
    let previousId = 0;
    if (this.dialect.chained) {
      if (!scanner.take(NEXT_PREVIOUS_ID)) return false;
      previousId = scanner.integer();
      if (previousId === MISS) return false;
    }
    update.bids.count = 0;
    update.asks.count = 0;
    if (!scanner.take(NEXT_BIDS) || !this.scanLevels(update.bids, specification)) return false;
    if (!scanner.take(NEXT_ASKS) || !this.scanLevels(update.asks, specification)) return false;
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    update.instrument = instrument;
    update.exchangeAtUs = microseconds(time);
    update.firstId = firstId;
    update.lastId = lastId;
    update.previousId = previousId;
    this.sink.onDepth(update);
    return true;
  }

  /** The rest of a list of `["price","size"]`, its opening bracket read. */
  private scanLevels(levels: Levels, { priceScale, sizeScale }: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    if (scanner.usualLevels(levels, priceScale, sizeScale)) return true;
    for (;;) {
      if (!scanner.take(LEVEL)) return false;
      const price = scanner.decimal(priceScale);
      if (price <= 0 || !scanner.take(LEVEL_SIZE)) return false;
      const size = scanner.decimal(sizeScale);
      if (size === MISS || !scanner.take(LEVEL_END)) return false;
      levels.push(price, size);
      if (scanner.takeByte(COMMA)) continue;
      return scanner.takeByte(CLOSE_BRACKET);
    }
  }

  private scanTicker(instrument: number, specification: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    const { priceScale, sizeScale } = specification;
    scanner.take(TICKER_EVENT);
    if (!scanner.take(LAST_ID)) return false;
    const updateId = scanner.integer();
    if (updateId === MISS) return false;
    scanner.take(NEXT_TICKER_EVENT);
    if (!this.takeSymbol(instrument, specification) || !scanner.take(BID_PRICE)) return false;
    const bidPrice = scanner.decimal(priceScale);
    if (bidPrice === MISS || !scanner.take(BID_SIZE)) return false;
    const bidSize = scanner.decimal(sizeScale);
    if (bidSize === MISS || !scanner.take(ASK_PRICE)) return false;
    const askPrice = scanner.decimal(priceScale);
    if (askPrice === MISS || !scanner.take(ASK_SIZE)) return false;
    const askSize = scanner.decimal(sizeScale);
    if (askSize === MISS || !scanner.takeByte(QUOTE)) return false;
    let time = 0;
    if (scanner.take(NEXT_TRANSACTION_TIME)) {
      if (scanner.integer() === MISS || !scanner.take(NEXT_EVENT_TIME)) return false;
      time = scanner.integer();
      if (time === MISS) return false;
    }
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    const update = this.ticker;
    update.instrument = instrument;
    update.exchangeAtUs = microseconds(time);
    update.updateId = updateId;
    update.bidPrice = bidPrice;
    update.bidSize = bidSize;
    update.askPrice = askPrice;
    update.askSize = askSize;
    this.sink.onTicker(update);
    return true;
  }

  private scanTrade(instrument: number, specification: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    if (scanner.integer() === MISS) return false;
    let time = MISS;
    if (scanner.take(NEXT_TRANSACTION_TIME)) {
      time = scanner.integer();
      if (time === MISS) return false;
    }
    if (!this.takeSymbol(instrument, specification) || !scanner.take(TRADE_ID)) return false;
    const id = scanner.integer();
    if (id === MISS || !scanner.take(PRICE)) return false;
    const price = scanner.decimal(specification.priceScale);
    if (price <= 0 || !scanner.take(SIZE)) return false;
    const size = scanner.decimal(specification.sizeScale);
    if (size <= 0 || !scanner.takeByte(QUOTE) || !scanner.takeByte(COMMA)) return false;
    if (time === MISS) {
      if (!scanner.take(TRANSACTION_TIME)) return false;
      time = scanner.integer();
      if (time === MISS || !scanner.takeByte(COMMA)) return false;
    }
    scanner.take(MARKET);
    if (!scanner.take(BUYER_IS_MAKER)) return false;
    const sold = scanner.take(TRUE);
    if (!sold && !scanner.take(FALSE)) return false;
    if (scanner.take(BEST_MATCH) && !scanner.take(TRUE) && !scanner.take(FALSE)) return false;
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    this.trades.reset();
    this.trades.instrument = instrument;
    this.trades.push(id, price, size, sold ? -1 : 1, microseconds(time));
    this.sink.onTrades(this.trades);
    return true;
  }

  /** `,"s":"BTCUSDT",` and on COIN-M `"ps":"BTCUSD",`: the payload must name the symbol of the stream. */
  private takeSymbol(instrument: number, specification: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    let name = this.names[instrument];
    if (name === undefined) {
      name = literal(`,"s":"${specification.venueSymbol}",`);
      this.names[instrument] = name;
    }
    return scanner.take(name) && (!scanner.take(PAIR) || (scanner.skipString() && scanner.takeByte(COMMA)));
  }
}
