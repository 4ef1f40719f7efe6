import { Side } from '@parallax/book';
import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import { JsonNumber, parseExactJson } from '../shared/exact-json.js';
import { guarded, ofChannel, ofInstrument, partsOf, unknownSymbol, type Emit } from '../shared/guarded.js';
import {
  arrayAt, booleanAt, decimalAt, FrameFault, integerAt, objectAt, textAt, wordsOf, type JsonObject,
} from '../shared/plain.js';
import { readLevel } from '../shared/plain-level.js';
import type { FrameSink, NoticeKind } from '../shared/reader.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { timestampAt } from '../shared/timestamp.js';
import { tradesOf, type OneTrade } from '../shared/trade-list.js';
import { DepthUpdate, TickerUpdate } from '../shared/updates.js';

const decoder = new TextDecoder('utf-8', { fatal: true });
const INTEGER = /^(?:0|[1-9]\d*)$/;
const UNSIGNED_32 = 0xffffffff;
const ANSWERS: Readonly<Record<string, NoticeKind | undefined>> = {
  __proto__: null as never, subscribe: 'subscribed', unsubscribe: 'unsubscribed', pong: 'pong',
};
/** Channels without market data. The pairs of `instrument` come by REST, see instruments.ts. */
const OTHERS: Readonly<Record<string, NoticeKind | undefined>> = {
  __proto__: null as never, heartbeat: 'heartbeat', ohlc: 'ignored', instrument: 'ignored', level3: 'ignored',
};

function frameOf(bytes: Uint8Array): JsonObject {
  try {
    return objectAt(parseExactJson(decoder.decode(bytes)), '$');
  } catch (error) {
    if (error instanceof FrameFault) throw error;
    throw new FrameFault(`not JSON: ${(error as Error).message}`, '$');
  }
}

/** The text of a JSON number. */
function numberTextAt(value: unknown, place: string): string {
  if (!(value instanceof JsonNumber)) throw new FrameFault('expected a number', place);
  return value.text;
}

/** A JSON number as an integer at `scale`, from its own digits. */
const numberAt = (value: unknown, scale: number, place: string): number => decimalAt(numberTextAt(value, place), scale, place);

function wholeAt(value: unknown, place: string): number {
  if (!(value instanceof JsonNumber) || !INTEGER.test(value.text)) throw new FrameFault('expected a non-negative integer', place);
  return integerAt(Number(value.text), place);
}

function positiveAt(value: unknown, scale: number, place: string): number {
  const number = numberAt(value, scale, place);
  if (number === 0) throw new FrameFault('expected more than 0', place);
  return number;
}

/** The plain path: what a Kraken v2 frame means, without regard for speed. */
export class KrakenPlain {
  private readonly symbols: SymbolBytes;

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.symbols = new SymbolBytes(instruments, 'kraken');
  }

  read(bytes: Uint8Array): void {
    guarded(this.sink, () => {
      const frame = frameOf(bytes);
      if ('channel' in frame) this.readChannel(frame, textAt(frame.channel, 'channel'));
      else this.readAnswer(frame);
    });
  }

  snapshot(_bytes: Uint8Array, instrument: number): void {
    this.sink.onRefused('Kraken sends its snapshots in the stream', '$', instrument, true);
  }

  private readAnswer(frame: JsonObject): void {
    const result = frame.result === undefined ? frame : objectAt(frame.result, 'result');
    const instrument = typeof result.symbol === 'string' ? this.symbols.findText(result.symbol) : -1;
    if (frame.error !== undefined || (frame.success !== undefined && !booleanAt(frame.success, 'success'))) {
      return this.sink.onNotice('error', instrument, wordsOf(frame.error, 'without a reason'));
    }
    const method = textAt(frame.method, 'method');
    const kind = ANSWERS[method];
    if (kind === undefined) throw new FrameFault(`unknown method ${method}`, 'method');
    this.sink.onNotice(kind, instrument, typeof result.channel === 'string' ? result.channel : '');
  }

  private readChannel(frame: JsonObject, channel: string): void {
    const other = OTHERS[channel];
    if (other !== undefined) return this.sink.onNotice(other, -1, channel);
    if (channel === 'status') {
      const state = objectAt(arrayAt(frame.data, 'data')[0], 'data[0]');
      return this.sink.onNotice('status', -1, textAt(state.system, 'data[0].system'));
    }
    if (channel !== 'book' && channel !== 'trade' && channel !== 'ticker') throw new FrameFault(`unknown channel ${channel}`, 'channel');
    const isBook = channel === 'book';
    const emits = ofChannel(isBook, () => {
      const type = textAt(frame.type, 'type');
      if (type !== 'snapshot' && type !== 'update') throw new FrameFault(`unknown type ${type}`, 'type');
      const data = arrayAt(frame.data, 'data');
      if (data.length === 0) throw new FrameFault('no data', 'data');
      const snapshot = type === 'snapshot';
      const one = <T>(entry: JsonObject, place: string, read: (instrument: number) => T): T => {
        const instrument = this.instrumentOf(entry, place);
        return ofInstrument(instrument, () => read(instrument));
      };
      if (channel === 'trade') {
        const read = (entry: JsonObject, place: string): OneTrade => one(entry, place, (instrument) => this.trade(entry, place, instrument));
        return tradesOf(this.sink, data, { place: 'data', snapshot, newestFirst: false, instrument: -1, read });
      }
      return partsOf(this.sink, data, 'data', { isBook, instrument: -1 }, (entry, place) => one(entry, place, (instrument) =>
        isBook ? this.depth(entry, place, instrument, snapshot) : this.ticker(entry, place, instrument)));
    });
    for (const emit of emits) emit();
  }

  private instrumentOf(entry: JsonObject, place: string): number {
    const symbol = textAt(entry.symbol, `${place}.symbol`);
    const instrument = this.symbols.findText(symbol);
    if (instrument < 0) throw unknownSymbol(symbol, `${place}.symbol`);
    return instrument;
  }

  /** Checksum and time are left out by some older examples of the venue's documents. */
  private depth(entry: JsonObject, place: string, instrument: number, snapshot: boolean): Emit {
    const specification = this.instruments.get(instrument);
    const update = new DepthUpdate();
    update.instrument = instrument;
    update.snapshot = snapshot;
    this.readLevels(update, Side.bid, entry.bids, `${place}.bids`, specification);
    this.readLevels(update, Side.ask, entry.asks, `${place}.asks`, specification);
    if (entry.checksum !== undefined) {
      update.checksum = wholeAt(entry.checksum, `${place}.checksum`);
      if (update.checksum > UNSIGNED_32) throw new FrameFault('expected an unsigned 32-bit integer', `${place}.checksum`);
    }
    if (entry.timestamp !== undefined) update.exchangeAtUs = timestampAt(entry.timestamp, `${place}.timestamp`);
    return () => this.sink.onDepth(update);
  }

  private readLevels(update: DepthUpdate, side: Side, value: unknown, place: string, specification: InstrumentSpecification): void {
    arrayAt(value, place).forEach((entry, index) => {
      const at = `${place}[${index}]`;
      const level = objectAt(entry, at);
      const [pricePlace, sizePlace] = [`${at}.price`, `${at}.qty`];
      const texts = { price: numberTextAt(level.price, pricePlace), size: numberTextAt(level.qty, sizePlace), pricePlace, sizePlace };
      readLevel(update, side, texts, specification);
    });
  }

  /** `side` is the taker's. */
  private trade(entry: JsonObject, place: string, instrument: number): OneTrade {
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    const side = textAt(entry.side, `${place}.side`);
    if (side !== 'buy' && side !== 'sell') throw new FrameFault(`unknown side ${side}`, `${place}.side`);
    const price = positiveAt(entry.price, priceScale, `${place}.price`);
    const size = positiveAt(entry.qty, sizeScale, `${place}.qty`);
    const id = wholeAt(entry.trade_id, `${place}.trade_id`);
    return { instrument, id, price, size, side: side === 'buy' ? 1 : -1, exchangeAtUs: timestampAt(entry.timestamp, `${place}.timestamp`) };
  }

  /** A pair without any order is told as zeros (with a time of 1970): nothing to quote. */
  private ticker(entry: JsonObject, place: string, instrument: number): Emit {
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    const update = new TickerUpdate();
    update.instrument = instrument;
    update.bidPrice = numberAt(entry.bid, priceScale, `${place}.bid`);
    update.bidSize = numberAt(entry.bid_qty, sizeScale, `${place}.bid_qty`);
    update.askPrice = numberAt(entry.ask, priceScale, `${place}.ask`);
    update.askSize = numberAt(entry.ask_qty, sizeScale, `${place}.ask_qty`);
    if (entry.timestamp !== undefined) update.exchangeAtUs = timestampAt(entry.timestamp, `${place}.timestamp`);
    if (update.bidPrice === 0 && update.askPrice === 0) return () => this.sink.onNotice('ignored', instrument, 'an empty ticker');
    return () => this.sink.onTicker(update);
  }
}
