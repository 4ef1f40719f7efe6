import { Side } from '@parallax/book';
import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import { guarded, ofChannel, ofInstrument, partsOf, unknownSymbol, type Emit } from '../shared/guarded.js';
import {
  arrayAt, decimalAt, FrameFault, integerAt, jsonOf, objectAt, priceAt, textAt, wordsOf, type JsonObject,
} from '../shared/plain.js';
import { readLevel } from '../shared/plain-level.js';
import type { FrameSink, NoticeKind } from '../shared/reader.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { tradesOf, type OneTrade } from '../shared/trade-list.js';
import { DepthUpdate, TickerUpdate } from '../shared/updates.js';
import { CHANNEL_KINDS, UPGRADE_NOTICE } from './channels.js';

const INTEGER = /^(?:0|[1-9]\d*)$/;
const PONG = [0x70, 0x6f, 0x6e, 0x67];
const EVENTS: Readonly<Record<string, NoticeKind | undefined>> = {
  __proto__: null as never,
  subscribe: 'subscribed', unsubscribe: 'unsubscribed', error: 'error', login: 'status',
  'channel-conn-count': 'status', 'channel-conn-count-error': 'error',
};

/** A non-negative integer in quotes, as a number (inexact beyond 2^53). */
function integerText(value: unknown, place: string): number {
  const text = textAt(value, place);
  if (!INTEGER.test(text)) throw new FrameFault(`"${text}" is no non-negative integer`, place);
  return Number(text);
}

/** Milliseconds in quotes as microseconds. */
function timeAt(value: unknown, place: string): number {
  const microseconds = integerText(value, place) * 1000;
  if (!Number.isSafeInteger(microseconds)) throw new FrameFault('a time beyond 2^53 microseconds', place);
  return microseconds;
}

/** The plain path: what an OKX frame means, without regard for speed. */
export class OkxPlain {
  private readonly symbols: SymbolBytes;

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.symbols = new SymbolBytes(instruments, 'okx');
  }

  read(bytes: Uint8Array): void {
    if (bytes.length === PONG.length && PONG.every((byte, index) => bytes[index] === byte)) {
      return this.sink.onNotice('pong', -1, '');
    }
    guarded(this.sink, () => {
      const frame = objectAt(jsonOf(bytes), '$');
      if ('event' in frame) this.readEvent(frame);
      else this.readPush(frame);
    });
  }

  /** `/market/books`: `seqId` says which update the snapshot stands at. */
  snapshot(bytes: Uint8Array, instrument: number): void {
    guarded(this.sink, () => ofInstrument(instrument, () => {
      const body = objectAt(jsonOf(bytes), '$');
      if (body.code !== '0') throw new FrameFault(`the venue answers ${wordsOf(body.code)} ${wordsOf(body.msg)}`, 'code');
      const data = arrayAt(body.data, 'data');
      if (data.length !== 1) throw new FrameFault('expected one book', 'data');
      const book = objectAt(data[0], 'data[0]');
      // Without its id nothing hangs on it.
      integerAt(book.seqId, 'data[0].seqId');
      const update = this.depthOf(book, 'data[0]', instrument, true);
      update.fetched = true;
      this.sink.onDepth(update);
    }));
  }

  private readEvent(frame: JsonObject): void {
    const event = textAt(frame.event, 'event');
    const arg = frame.arg === undefined ? {} : objectAt(frame.arg, 'arg');
    const instrument = typeof arg.instId === 'string' ? this.symbols.findText(arg.instId) : -1;
    if (event === 'notice') {
      const code = textAt(frame.code, 'code');
      return this.sink.onNotice(code === UPGRADE_NOTICE ? 'closing' : 'status', -1, `${code} ${wordsOf(frame.msg)}`);
    }
    const kind = EVENTS[event];
    if (kind === undefined) throw new FrameFault(`unknown event ${event}`, 'event');
    const detail = kind === 'error' ? `${wordsOf(frame.code)} ${wordsOf(frame.msg)}` : wordsOf(arg.channel);
    this.sink.onNotice(kind, instrument, detail);
  }

  private readPush(frame: JsonObject): void {
    const arg = objectAt(frame.arg, 'arg');
    const channel = textAt(arg.channel, 'arg.channel');
    const kind = CHANNEL_KINDS[channel];
    if (kind === undefined) return this.sink.onNotice('ignored', -1, channel);
    const emits = ofChannel(kind === 'depth', () => {
      const name = textAt(arg.instId, 'arg.instId');
      const instrument = this.symbols.findText(name);
      if (instrument < 0) throw unknownSymbol(name, 'arg.instId');
      return ofInstrument(instrument, () => {
        const data = arrayAt(frame.data, 'data');
        if (data.length === 0) throw new FrameFault('no data', 'data');
        if (kind === 'depth') return this.depths(frame, data, instrument);
        if (kind === 'trades') {
          const read = (entry: JsonObject, place: string): OneTrade => this.trade(entry, place, instrument, name);
          return tradesOf(this.sink, data, { place: 'data', snapshot: false, newestFirst: false, instrument, read });
        }
        return partsOf(this.sink, data, 'data', { isBook: false, instrument }, (entry, place) =>
          this.ticker(entry, place, instrument, kind === 'best' ? null : name));
      });
    });
    for (const emit of emits) emit();
  }

  /** All of one book, each hanging on the one before: one that cannot be read leaves nothing to those behind it. */
  private depths(frame: JsonObject, data: readonly unknown[], instrument: number): Emit[] {
    const action = textAt(frame.action, 'action');
    if (action !== 'snapshot' && action !== 'update') throw new FrameFault(`unknown action ${action}`, 'action');
    return data.map((entry, index) => {
      const place = `data[${index}]`;
      const update = this.depthOf(objectAt(entry, place), place, instrument, action === 'snapshot');
      return () => this.sink.onDepth(update);
    });
  }

  /** Ids and checksum are optional: see the dialects in book.ts. A snapshot names -1 as its predecessor. */
  private depthOf(entry: JsonObject, place: string, instrument: number, snapshot: boolean): DepthUpdate {
    const specification = this.instruments.get(instrument);
    const update = new DepthUpdate();
    update.instrument = instrument;
    update.snapshot = snapshot;
    update.exchangeAtUs = timeAt(entry.ts, `${place}.ts`);
    this.readLevels(update, Side.ask, entry.asks, `${place}.asks`, specification);
    this.readLevels(update, Side.bid, entry.bids, `${place}.bids`, specification);
    if (entry.checksum !== undefined) {
      const { checksum } = entry;
      if (typeof checksum !== 'number' || checksum !== (checksum | 0) || Object.is(checksum, -0)) {
        throw new FrameFault('expected a signed 32-bit integer', `${place}.checksum`);
      }
      update.checksum = checksum;
    }
    if (entry.seqId !== undefined) {
      update.firstId = update.lastId = integerAt(entry.seqId, `${place}.seqId`);
      if (!snapshot) update.previousId = integerAt(entry.prevSeqId, `${place}.prevSeqId`);
      else if (entry.prevSeqId !== undefined && entry.prevSeqId !== -1) throw new FrameFault('expected -1', `${place}.prevSeqId`);
    } else if (entry.prevSeqId !== undefined) {
      throw new FrameFault('expected an integer', `${place}.seqId`);
    }
    return update;
  }

  /** `[price, size, "0", orders]`; the third was the number of liquidated orders once. */
  private readLevels(update: DepthUpdate, side: Side, value: unknown, place: string, specification: InstrumentSpecification): void {
    arrayAt(value, place).forEach((level, index) => {
      const at = `${place}[${index}]`;
      const fields = arrayAt(level, at);
      if (fields.length !== 4) throw new FrameFault('expected [price, size, "0", orders]', at);
      integerText(fields[2], `${at}[2]`);
      integerText(fields[3], `${at}[3]`);
      const [pricePlace, sizePlace] = [`${at}[0]`, `${at}[1]`];
      const texts = { price: textAt(fields[0], pricePlace), size: textAt(fields[1], sizePlace), pricePlace, sizePlace };
      readLevel(update, side, texts, specification);
    });
  }

  private trade(entry: JsonObject, place: string, instrument: number, name: string): OneTrade {
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    if (entry.instId !== name) throw new FrameFault(`is of ${wordsOf(entry.instId, 'no symbol')}, not ${name}`, `${place}.instId`);
    const id = integerText(entry.tradeId, `${place}.tradeId`);
    const price = priceAt(entry.px, priceScale, `${place}.px`);
    const size = decimalAt(entry.sz, sizeScale, `${place}.sz`);
    if (size === 0) throw new FrameFault('a trade of size 0', `${place}.sz`);
    const side = textAt(entry.side, `${place}.side`);
    if (side !== 'buy' && side !== 'sell') throw new FrameFault(`unknown side ${side}`, `${place}.side`);
    return { instrument, id, price, size, side: side === 'buy' ? 1 : -1, exchangeAtUs: timeAt(entry.ts, `${place}.ts`) };
  }

  /** `bbo-tbt` lists none or one level a side and its `seqId`; `tickers` names its instrument and leaves `""` for none. */
  private ticker(entry: JsonObject, place: string, instrument: number, name: string | null): Emit {
    const specification = this.instruments.get(instrument);
    const { priceScale, sizeScale } = specification;
    const update = new TickerUpdate();
    update.instrument = instrument;
    update.exchangeAtUs = timeAt(entry.ts, `${place}.ts`);
    if (name === null) {
      const depth = new DepthUpdate();
      this.readLevels(depth, Side.ask, entry.asks, `${place}.asks`, specification);
      this.readLevels(depth, Side.bid, entry.bids, `${place}.bids`, specification);
      // Of a quote nothing would be left without it.
      if (depth.unreadable.length > 0) throw new FrameFault(depth.unreadable[0].reason, depth.unreadable[0].place, -1, true, depth.finer ?? undefined);
      if (depth.asks.count > 1 || depth.bids.count > 1) throw new FrameFault('expected one level a side', place);
      if (depth.asks.count > 0) [update.askPrice, update.askSize] = [depth.asks.prices[0], depth.asks.sizes[0]];
      if (depth.bids.count > 0) [update.bidPrice, update.bidSize] = [depth.bids.prices[0], depth.bids.sizes[0]];
      if (entry.seqId !== undefined) update.updateId = integerAt(entry.seqId, `${place}.seqId`);
    } else {
      if (entry.instId !== name) throw new FrameFault(`is of ${wordsOf(entry.instId, 'no symbol')}, not ${name}`, `${place}.instId`);
      const orNone = (value: unknown, scale: number, at: string): number =>
        value === '' ? 0 : decimalAt(value, scale, `${place}.${at}`);
      update.askPrice = orNone(entry.askPx, priceScale, 'askPx');
      update.askSize = orNone(entry.askSz, sizeScale, 'askSz');
      update.bidPrice = orNone(entry.bidPx, priceScale, 'bidPx');
      update.bidSize = orNone(entry.bidSz, sizeScale, 'bidSz');
    }
    return () => this.sink.onTicker(update);
  }
}
