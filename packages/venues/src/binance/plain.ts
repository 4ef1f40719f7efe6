import { Side } from '@parallax/book';
import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import { guarded, ofChannel, ofInstrument, unknownSymbol } from '../shared/guarded.js';
import {
  arrayAt, booleanAt, decimalAt, FrameFault, integerAt, jsonOf, objectAt, priceAt, textAt, wordsOf, type JsonObject,
} from '../shared/plain.js';
import { readLevel } from '../shared/plain-level.js';
import type { FrameSink } from '../shared/reader.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { DepthUpdate, TickerUpdate, TradesUpdate } from '../shared/updates.js';
import { microseconds, type BinanceDialect } from './dialect.js';

/** `depth` of `btcusdt@depth@100ms`. */
const channelOf = (stream: string): string | undefined => stream.split('@')[1];

/** The plain path: what a Binance frame means, without regard for speed. */
export class BinancePlain {
  private readonly symbols: SymbolBytes;
  private readonly depth = new DepthUpdate();
  private readonly ticker = new TickerUpdate();
  private readonly trades = new TradesUpdate();

  constructor(
    private readonly dialect: BinanceDialect,
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.symbols = new SymbolBytes(instruments, dialect.venue);
  }

  read(bytes: Uint8Array): void {
    guarded(this.sink, () => {
      const frame = objectAt(jsonOf(bytes), '$');
      if ('stream' in frame) this.readEvent(objectAt(frame.data, 'data'), textAt(frame.stream, 'stream'));
      else if ('e' in frame || 'u' in frame) this.readEvent(frame, null);
      else this.readReply(frame);
    });
  }

  snapshot(bytes: Uint8Array, instrument: number): void {
    guarded(this.sink, () => ofInstrument(instrument, () => {
      const body = objectAt(jsonOf(bytes), '$');
      const specification = this.instruments.get(instrument);
      if ('symbol' in body && body.symbol !== specification.venueSymbol) {
        throw new FrameFault(`is of ${wordsOf(body.symbol, 'no symbol')}, not ${specification.venueSymbol}`, 'symbol');
      }
      const update = this.depth;
      update.reset();
      update.instrument = instrument;
      update.snapshot = update.fetched = true;
      update.firstId = update.lastId = integerAt(body.lastUpdateId, 'lastUpdateId');
      update.exchangeAtUs = body.E === undefined ? 0 : microseconds(integerAt(body.E, 'E'));
      this.readLevels(update, Side.bid, body.bids, 'bids', specification);
      this.readLevels(update, Side.ask, body.asks, 'asks', specification);
      this.sink.onDepth(update);
    }));
  }

  /** Answers to SUBSCRIBE and the like: `{"result":null,"id":1}`, `{"code":2,"msg":"..."}`, `{"error":{...}}`. */
  private readReply(frame: JsonObject): void {
    if ('error' in frame || 'code' in frame) this.sink.onNotice('error', -1, wordsOf(frame));
    else if ('result' in frame) this.sink.onNotice('subscribed', -1, wordsOf(frame.id, 'null'));
    else throw new FrameFault('neither an event nor an answer', '$');
  }

  private readEvent(event: JsonObject, stream: string | null): void {
    // The spot bookTicker alone names no event type.
    const kind = event.e ?? (stream === null || stream.endsWith('@bookTicker') ? 'bookTicker' : undefined);
    if (kind === 'serverShutdown') return this.sink.onNotice('closing', -1, 'serverShutdown');
    if (kind !== 'depthUpdate' && kind !== 'bookTicker' && kind !== 'trade' && kind !== 'aggTrade') {
      return this.sink.onNotice('ignored', -1, textAt(kind ?? stream, 'e'));
    }
    // Where stream and event do not agree, neither tells which channel it was.
    const isOfKind = stream === null || channelOf(stream) === (kind === 'depthUpdate' ? 'depth' : kind);
    ofChannel(kind === 'depthUpdate' || !isOfKind, () => {
      const symbol = textAt(event.s, 's');
      if (!isOfKind || (stream !== null && stream.slice(0, stream.indexOf('@')) !== symbol.toLowerCase())) {
        throw new FrameFault(`the stream is ${stream}, the event a ${kind} of ${symbol}`, 'stream');
      }
      const instrument = this.symbols.findText(symbol);
      if (instrument < 0) throw unknownSymbol(symbol, 's');
      ofInstrument(instrument, () => {
        const specification = this.instruments.get(instrument);
        if (kind === 'depthUpdate') this.readDepth(event, instrument, specification);
        else if (kind === 'bookTicker') this.readTicker(event, instrument, specification);
        else this.readTrade(event, kind, instrument, specification);
      });
    });
  }

  private readDepth(event: JsonObject, instrument: number, specification: InstrumentSpecification): void {
    const update = this.depth;
    update.reset();
    update.instrument = instrument;
    update.exchangeAtUs = microseconds(integerAt(event.E, 'E'));
    update.firstId = integerAt(event.U, 'U');
    update.lastId = integerAt(event.u, 'u');
    if (update.firstId > update.lastId) throw new FrameFault('the first id is beyond the last', 'U');
    if (this.dialect.chained) update.previousId = integerAt(event.pu, 'pu');
    this.readLevels(update, Side.bid, event.b, 'b', specification);
    this.readLevels(update, Side.ask, event.a, 'a', specification);
    this.sink.onDepth(update);
  }

  private readLevels(update: DepthUpdate, side: Side, value: unknown, place: string, specification: InstrumentSpecification): void {
    arrayAt(value, place).forEach((level, index) => {
      const pair = arrayAt(level, `${place}[${index}]`);
      if (pair.length !== 2) throw new FrameFault('expected [price, size]', `${place}[${index}]`);
      const [pricePlace, sizePlace] = [`${place}[${index}][0]`, `${place}[${index}][1]`];
      const texts = { price: textAt(pair[0], pricePlace), size: textAt(pair[1], sizePlace), pricePlace, sizePlace };
      readLevel(update, side, texts, specification);
    });
  }

  private readTicker(event: JsonObject, instrument: number, specification: InstrumentSpecification): void {
    const { priceScale, sizeScale } = specification;
    const update = this.ticker;
    update.instrument = instrument;
    update.exchangeAtUs = event.E === undefined ? 0 : microseconds(integerAt(event.E, 'E'));
    update.updateId = integerAt(event.u, 'u');
    update.bidPrice = decimalAt(event.b, priceScale, 'b');
    update.bidSize = decimalAt(event.B, sizeScale, 'B');
    update.askPrice = decimalAt(event.a, priceScale, 'a');
    update.askSize = decimalAt(event.A, sizeScale, 'A');
    this.sink.onTicker(update);
  }

  /** `X` other than MARKET marks insurance-fund and ADL trades of the futures, which are not of the market. */
  private readTrade(event: JsonObject, kind: string, instrument: number, specification: InstrumentSpecification): void {
    if (event.X !== undefined && event.X !== 'MARKET') {
      return this.sink.onNotice('ignored', instrument, `trade of type ${textAt(event.X, 'X')}`);
    }
    const id = kind === 'trade' ? integerAt(event.t, 't') : integerAt(event.a, 'a');
    const price = priceAt(event.p, specification.priceScale, 'p');
    const size = decimalAt(event.q, specification.sizeScale, 'q');
    if (size === 0) throw new FrameFault('a trade of size 0', 'q');
    const sold = booleanAt(event.m, 'm');
    const time = microseconds(integerAt(event.T, 'T'));
    integerAt(event.E, 'E');
    this.trades.reset();
    this.trades.instrument = instrument;
    this.trades.push(id, price, size, sold ? -1 : 1, time);
    this.sink.onTrades(this.trades);
  }
}
