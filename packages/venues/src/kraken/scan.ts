import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import type { PageLevels } from '../shared/frame-page/frame-page.js';
import type { FrameSink } from '../shared/reader.js';
import { literal } from '../shared/literal.js';
import { ByteScanner, MISS } from '../shared/scan.js';
import { bareDecimal, skipAscii, skipNumber } from '../shared/skip.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { TimestampScanner } from '../shared/timestamp.js';
import { DepthUpdate, TickerUpdate, TradesUpdate } from '../shared/updates.js';

/** How nearly every frame begins. */
const BOOK_UPDATE = literal('{"channel":"book","type":"update","data":[{"symbol":"');
const CHANNEL = literal('{"channel":"');
const BOOK = literal('book","type":"');
const TRADE = literal('trade","type":"');
const TICKER = literal('ticker","type":"');
const UPDATE = literal('update","data":[{"symbol":"');
const SNAPSHOT = literal('snapshot","data":[{"symbol":"');
const BIDS = literal(',"bids":[');
const ASKS = literal(',"asks":[');
const LEVEL_PRICE = literal('{"price":');
const LEVEL_SIZE = literal(',"qty":');
const CHECKSUM = literal(',"checksum":');
const TIMESTAMP = literal(',"timestamp":');
const CLOSE = literal('}]}');
const BUY = literal(',"side":"buy","price":');
const SELL = literal(',"side":"sell","price":');
const ORDER_TYPE = literal(',"ord_type":');
const TRADE_ID = literal(',"trade_id":');
const NEXT_TRADE = literal('},{"symbol":"');
const BID = literal(',"bid":');
const BID_SIZE = literal(',"bid_qty":');
const ASK = literal(',"ask":');
const ASK_SIZE = literal(',"ask_qty":');
/** Fields of a ticker that are not read; any other name is a miss. */
const UNREAD = ['last', 'volume', 'vwap', 'low', 'high', 'change', 'change_pct'].map((name) => literal(`,"${name}":`));
const UNSIGNED_32 = 0xffffffff;
const COMMA = 0x2c;
const QUOTE = 0x22;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/** The fast path over frames whose fields stand in the order that Kraken sends; anything else is a miss. */
export class KrakenScan {
  private readonly scanner = new ByteScanner('object');
  private readonly times = new TimestampScanner();
  private readonly symbols: SymbolBytes;
  private readonly depth = new DepthUpdate(this.scanner.bids, this.scanner.asks);
  private readonly ticker = new TickerUpdate();
  private readonly trades = new TradesUpdate();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.symbols = new SymbolBytes(instruments, 'kraken');
  }

  scan(bytes: Uint8Array): boolean {
    const scanner = this.scanner;
    scanner.start(bytes);
    if (scanner.take(BOOK_UPDATE)) {
      const instrument = this.takeInstrument();
      return instrument >= 0 && this.scanDepth(instrument, false);
    }
    if (!scanner.take(CHANNEL)) return false;
    const kind = scanner.take(BOOK) ? 0 : scanner.take(TRADE) ? 1 : scanner.take(TICKER) ? 2 : MISS;
    if (kind === MISS) return false;
    const snapshot = scanner.take(SNAPSHOT);
    if (!snapshot && !scanner.take(UPDATE)) return false;
    const instrument = this.takeInstrument();
    if (instrument < 0) return false;
    if (kind === 0) return this.scanDepth(instrument, snapshot);
    return kind === 1 ? this.scanTrades(instrument, snapshot) : this.scanTicker(instrument);
  }

  /** The symbol up to its closing quote. */
  private takeInstrument(): number {
    return this.symbols.take(this.scanner, QUOTE);
  }

  private scanDepth(instrument: number, snapshot: boolean): boolean {
    const scanner = this.scanner;
    const update = this.depth;
    const specification = this.instruments.get(instrument);
    update.reset();
    if (!scanner.take(BIDS) || !this.scanLevels(scanner.bids, specification)) return false;
    if (!scanner.take(ASKS) || !this.scanLevels(scanner.asks, specification)) return false;
    if (scanner.take(CHECKSUM)) {
      const checksum = scanner.integer();
      if (checksum === MISS || checksum > UNSIGNED_32) return false;
      update.checksum = checksum;
    }
    if (scanner.take(TIMESTAMP)) {
      update.exchangeAtUs = this.times.quoted(scanner);
      if (update.exchangeAtUs === MISS) return false;
    }
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    update.instrument = instrument;
    update.snapshot = snapshot;
    this.sink.onDepth(update);
    return true;
  }

  /** The rest of a list of `{"price":1.0,"qty":2.0}`, its opening bracket read. */
  private scanLevels(levels: PageLevels, { priceScale, sizeScale }: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    if (scanner.usualLevels(levels, priceScale, sizeScale)) return true;
    for (;;) {
      if (!scanner.take(LEVEL_PRICE)) return false;
      const price = bareDecimal(scanner, priceScale);
      if (price <= 0 || !scanner.take(LEVEL_SIZE)) return false;
      const size = bareDecimal(scanner, sizeScale);
      if (size === MISS || !scanner.takeByte(CLOSE_BRACE)) return false;
      levels.push(price, size);
      if (scanner.takeByte(COMMA)) continue;
      return scanner.takeByte(CLOSE_BRACKET);
    }
  }

  private scanTrades(instrument: number, snapshot: boolean): boolean {
    const scanner = this.scanner;
    const update = this.trades;
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    update.reset();
    for (;;) {
      const bought = scanner.take(BUY);
      if (!bought && !scanner.take(SELL)) return false;
      const price = bareDecimal(scanner, priceScale);
      if (price <= 0 || !scanner.take(LEVEL_SIZE)) return false;
      const size = bareDecimal(scanner, sizeScale);
      if (size <= 0) return false;
      if (scanner.take(ORDER_TYPE) && !skipAscii(scanner)) return false;
      if (!scanner.take(TRADE_ID)) return false;
      const id = scanner.integer();
      if (id === MISS || !scanner.take(TIMESTAMP)) return false;
      const time = this.times.quoted(scanner);
      if (time === MISS) return false;
      update.push(id, price, size, bought ? 1 : -1, time);
      if (!scanner.take(NEXT_TRADE)) break;
      if (this.takeInstrument() !== instrument) return false;
    }
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    update.instrument = instrument;
    update.snapshot = snapshot;
    this.sink.onTrades(update);
    return true;
  }

  private scanTicker(instrument: number): boolean {
    const scanner = this.scanner;
    const update = this.ticker;
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    if (!scanner.take(BID)) return false;
    const bidPrice = bareDecimal(scanner, priceScale);
    if (bidPrice === MISS || !scanner.take(BID_SIZE)) return false;
    const bidSize = bareDecimal(scanner, sizeScale);
    if (bidSize === MISS || !scanner.take(ASK)) return false;
    const askPrice = bareDecimal(scanner, priceScale);
    if (askPrice === MISS || (askPrice === 0 && bidPrice === 0) || !scanner.take(ASK_SIZE)) return false;
    const askSize = bareDecimal(scanner, sizeScale);
    if (askSize === MISS) return false;
    while (this.takeUnread()) if (!skipNumber(scanner)) return false;
    let time = 0;
    if (scanner.take(TIMESTAMP)) {
      time = this.times.quoted(scanner);
      if (time === MISS) return false;
    }
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    update.instrument = instrument;
    update.exchangeAtUs = time;
    update.bidPrice = bidPrice;
    update.bidSize = bidSize;
    update.askPrice = askPrice;
    update.askSize = askSize;
    this.sink.onTicker(update);
    return true;
  }

  private takeUnread(): boolean {
    for (const name of UNREAD) if (this.scanner.take(name)) return true;
    return false;
  }
}
