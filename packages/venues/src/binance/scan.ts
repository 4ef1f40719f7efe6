import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import type { PageLevels } from '../shared/frame-page/frame-page.js';
import type { FrameSink } from '../shared/reader.js';
import { literal } from '../shared/literal.js';
import { ByteScanner, MISS } from '../shared/scan.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { DepthUpdate, TickerUpdate, TradesUpdate } from '../shared/updates.js';
import { microseconds, type BinanceDialect } from './dialect.js';
import { rowsOf, type TradeRow } from './rows.js';

const STREAM = '{"stream":"';
const DEPTH_CHANNEL = literal('depth');
const NEXT_ASKS = literal(',"a":[');
const LEVEL = literal('["');
const LEVEL_SIZE = literal('","');
const LEVEL_END = literal('"]');
const CLOSE = literal('}}');
const MILLISECONDS = literal('ms');
const COMMA = 0x2c;
const AT = 0x40;
/** How the channels' names begin. */
const BOOK_TICKER = 0x62;
const DEPTH = 0x64;
const CLOSE_BRACKET = 0x5d;

/** Rows stay good for a specification that was told again: their memory is never given back. */
const isReadAs = (kept: InstrumentSpecification, now: InstrumentSpecification): boolean =>
  kept === now || (kept.priceScale === now.priceScale && kept.sizeScale === now.sizeScale && kept.venueSymbol === now.venueSymbol);

/** The places of an instrument's rows in the scanner's memory. */
interface Kept {
  readonly specification: InstrumentSpecification;
  readonly tickers: readonly number[];
  readonly trades: readonly (TradeRow & { readonly place: number })[];
  readonly depth: number;
}

/**
 * The fast path over combined-stream frames whose fields stand in the order that Binance sends. Anything else, an
 * unknown field included, is a miss and goes to the plain path.
 */
export class BinanceScan {
  private readonly scanner = new ByteScanner();
  private readonly streams: SymbolBytes;
  private readonly kept: (Kept | undefined)[] = [];
  private readonly depth = new DepthUpdate(this.scanner.bids, this.scanner.asks);
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
    const known = this.kept[instrument];
    const rows = known !== undefined && isReadAs(known.specification, specification) ? known : this.keep(instrument, specification);
    switch (scanner.bytes[scanner.at]) {
      case BOOK_TICKER:
        return this.scanTicker(instrument, rows);
      case DEPTH:
        return this.scanDepth(instrument, rows, specification);
      default:
        return this.scanTrade(instrument, rows);
    }
  }

  private keep(instrument: number, specification: InstrumentSpecification): Kept {
    const rows = rowsOf(this.dialect, specification);
    const kept = {
      specification,
      tickers: rows.tickers.map((ticker) => this.scanner.keep(ticker)),
      trades: rows.trades.map((trade) => ({ ...trade, place: this.scanner.keep(trade.row) })),
      depth: this.scanner.keep(rows.depth),
    };
    this.kept[instrument] = kept;
    return kept;
  }

  /** `@100ms` and the like; a partial book (`depth20`) is another channel and a miss. */
  private skipSpeed(): boolean {
    const scanner = this.scanner;
    return scanner.take(DEPTH_CHANNEL) && (!scanner.takeByte(AT) || (scanner.integer() !== MISS && scanner.take(MILLISECONDS)));
  }

  private scanDepth(instrument: number, { depth }: Kept, specification: InstrumentSpecification): boolean {
    const scanner = this.scanner;
    const update = this.depth;
    if (!this.skipSpeed() || !scanner.takeRow(depth)) return false;
    const { values } = scanner;
    const ids = this.dialect.chained ? 2 : 1;
    update.exchangeAtUs = microseconds(values[0]);
    update.firstId = values[ids];
    update.lastId = values[ids + 1];
    update.previousId = this.dialect.chained ? values[4] : 0;
    if (update.lastId < update.firstId) return false;
    if (!this.scanLevels(scanner.bids, specification)) return false;
    if (!scanner.take(NEXT_ASKS) || !this.scanLevels(scanner.asks, specification)) return false;
    if (!scanner.take(CLOSE) || !scanner.done()) return false;
    update.instrument = instrument;
    this.sink.onDepth(update);
    return true;
  }

  /** The rest of a list of `["price","size"]`, its opening bracket read. */
  private scanLevels(levels: PageLevels, { priceScale, sizeScale }: InstrumentSpecification): boolean {
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

  private scanTicker(instrument: number, { tickers }: Kept): boolean {
    const scanner = this.scanner;
    for (let i = 0; i < tickers.length; i++) {
      if (!scanner.takeRow(tickers[i])) continue;
      if (!scanner.done()) return false;
      const { values } = scanner;
      const update = this.ticker;
      update.instrument = instrument;
      update.exchangeAtUs = this.dialect.chained ? microseconds(values[6]) : 0;
      update.updateId = values[0];
      update.bidPrice = values[1];
      update.bidSize = values[2];
      update.askPrice = values[3];
      update.askSize = values[4];
      this.sink.onTicker(update);
      return true;
    }
    return false;
  }

  private scanTrade(instrument: number, { trades }: Kept): boolean {
    const scanner = this.scanner;
    for (let i = 0; i < trades.length; i++) {
      const trade = trades[i];
      if (!scanner.takeRow(trade.place)) continue;
      const { values } = scanner;
      if (!scanner.done() || values[trade.price] === 0 || values[trade.size] === 0) return false;
      const update = this.trades;
      update.reset();
      update.instrument = instrument;
      const side = values[trade.buyerIsMaker] === 1 ? -1 : 1;
      update.push(values[trade.id], values[trade.price], values[trade.size], side, microseconds(values[trade.time]));
      this.sink.onTrades(update);
      return true;
    }
    return false;
  }
}
