import { Side } from '@parallax/book';
import type { InstrumentTable } from '@parallax/types';
import { guarded, ofChannel, ofInstrument, partsOf, unknownSymbol, type Emit } from '../shared/guarded.js';
import {
  arrayAt, decimalAt, FrameFault, integerAt, jsonOf, objectAt, priceAt, textAt, wordsOf, type JsonObject,
} from '../shared/plain.js';
import { readLevel } from '../shared/plain-level.js';
import type { FrameSink, NoticeKind } from '../shared/reader.js';
import { SymbolBytes } from '../shared/symbol-bytes.js';
import { timestampAt } from '../shared/timestamp.js';
import { tradesOf, type OneTrade } from '../shared/trade-list.js';
import { DepthUpdate, TickerUpdate } from '../shared/updates.js';
import type { CoinbaseOptions } from './options.js';

const INTEGER = /^(?:0|[1-9]\d*)$/;
const OTHERS: Readonly<Record<string, NoticeKind | undefined>> = {
  __proto__: null as never,
  heartbeats: 'heartbeat', subscriptions: 'subscribed', candles: 'ignored', status: 'ignored', ticker_batch: 'ignored',
};

/** A decimal, or 0 for `""`: an empty side. */
const orNone = (value: unknown, scale: number, place: string): number => (value === '' ? 0 : decimalAt(value, scale, place));

/** The plain path: what an Advanced Trade frame means, without regard for speed. */
export class CoinbasePlain {
  private readonly symbols: SymbolBytes;

  constructor(
    private readonly options: CoinbaseOptions,
    private readonly instruments: InstrumentTable,
    private readonly sink: FrameSink,
  ) {
    this.symbols = new SymbolBytes(instruments, 'coinbase');
  }

  /** Whatever is wrong with a frame whose number could be read: it has come, and no other was lost. */
  read(bytes: Uint8Array): void {
    guarded(this.sink, () => {
      const frame = objectAt(jsonOf(bytes), '$');
      if (frame.type === 'error') return this.sink.onNotice('error', -1, wordsOf(frame.message, 'without a reason'));
      const channel = textAt(frame.channel, 'channel');
      this.sink.onConnectionSequence(integerAt(frame.sequence_num, 'sequence_num'));
      const emits = ofChannel(channel !== 'market_trades' && channel !== 'ticker', () => this.eventsOf(frame, channel));
      if (emits.length === 0) this.sink.onNotice('ignored', -1, `${channel} without content`);
      for (const emit of emits) emit();
    });
  }

  snapshot(_bytes: Uint8Array, instrument: number): void {
    this.sink.onRefused('Coinbase sends its snapshots in the stream', '$', instrument, true);
  }

  private eventsOf(frame: JsonObject, channel: string): Emit[] {
    const other = OTHERS[channel];
    if (other !== undefined) return [() => this.sink.onNotice(other, -1, channel)];
    const read = this.readerOf(frame, channel);
    return partsOf(this.sink, arrayAt(frame.events, 'events'), 'events', { isBook: channel === 'l2_data', instrument: -1 }, read);
  }

  /** What reads one event of a channel. */
  private readerOf(frame: JsonObject, channel: string): (event: JsonObject, place: string) => Emit | Emit[] {
    if (channel === 'market_trades') return (event, place) => this.trades(event, place);
    if (channel !== 'l2_data' && channel !== 'ticker') throw new FrameFault(`unknown channel ${channel}`, 'channel');
    const time = timestampAt(frame.timestamp, 'timestamp');
    return channel === 'l2_data' ? (event, place) => this.depth(event, place, time) : (event, place) => this.tickers(event, place, time);
  }

  private instrumentOf(entry: JsonObject, place: string): number {
    const product = textAt(entry.product_id, `${place}.product_id`);
    const instrument = this.symbols.findText(product);
    if (instrument < 0) throw unknownSymbol(product, `${place}.product_id`);
    return instrument;
  }

  private typeOf(event: JsonObject, place: string): 'snapshot' | 'update' {
    const type = textAt(event.type, `${place}.type`);
    if (type !== 'snapshot' && type !== 'update') throw new FrameFault(`unknown type ${type}`, `${place}.type`);
    return type;
  }

  /** The book's own time is the newest of its levels; of an event without levels that of the message. */
  private depth(event: JsonObject, place: string, messageUs: number): Emit {
    const instrument = this.instrumentOf(event, place);
    return ofInstrument(instrument, () => {
      const specification = this.instruments.get(instrument);
      const update = new DepthUpdate();
      update.instrument = instrument;
      update.snapshot = this.typeOf(event, place) === 'snapshot';
      arrayAt(event.updates, `${place}.updates`).forEach((value, index) => {
        const at = `${place}.updates[${index}]`;
        const level = objectAt(value, at);
        const side = textAt(level.side, `${at}.side`);
        if (side !== 'bid' && side !== 'offer') throw new FrameFault(`unknown side ${side}`, `${at}.side`);
        const time = timestampAt(level.event_time, `${at}.event_time`);
        if (time > update.exchangeAtUs) update.exchangeAtUs = time;
        const [pricePlace, sizePlace] = [`${at}.price_level`, `${at}.new_quantity`];
        const texts = { price: textAt(level.price_level, pricePlace), size: textAt(level.new_quantity, sizePlace), pricePlace, sizePlace };
        readLevel(update, side === 'bid' ? Side.bid : Side.ask, texts, specification);
      });
      if (update.exchangeAtUs === 0) update.exchangeAtUs = messageUs;
      return () => this.sink.onDepth(update);
    });
  }

  /** The venue lists the newest first. */
  private trades(event: JsonObject, place: string): Emit[] {
    return tradesOf(this.sink, arrayAt(event.trades, `${place}.trades`), {
      place: `${place}.trades`, snapshot: this.typeOf(event, place) === 'snapshot', newestFirst: true,
      instrument: -1,
      read: (entry, at) => {
        const instrument = this.instrumentOf(entry, at);
        return ofInstrument(instrument, () => this.trade(entry, at, instrument));
      },
    });
  }

  private trade(entry: JsonObject, place: string, instrument: number): OneTrade {
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    const id = textAt(entry.trade_id, `${place}.trade_id`);
    if (!INTEGER.test(id)) throw new FrameFault(`"${id}" is no non-negative integer`, `${place}.trade_id`);
    const price = priceAt(entry.price, priceScale, `${place}.price`);
    const size = decimalAt(entry.size, sizeScale, `${place}.size`);
    if (size === 0) throw new FrameFault('a trade of size 0', `${place}.size`);
    const time = timestampAt(entry.time, `${place}.time`);
    const side = textAt(entry.side, `${place}.side`);
    if (side !== 'BUY' && side !== 'SELL') throw new FrameFault(`unknown side ${side}`, `${place}.side`);
    const bought = (side === 'BUY') === (this.options.tradeSide === 'taker');
    return { instrument, id: Number(id), price, size, side: bought ? 1 : -1, exchangeAtUs: time };
  }

  private tickers(event: JsonObject, place: string, messageUs: number): Emit[] {
    this.typeOf(event, place);
    return partsOf(this.sink, arrayAt(event.tickers, `${place}.tickers`), `${place}.tickers`, { isBook: false, instrument: -1 }, (entry, at) => {
      const instrument = this.instrumentOf(entry, at);
      return ofInstrument(instrument, () => {
        const { priceScale, sizeScale } = this.instruments.get(instrument);
        const update = new TickerUpdate();
        update.instrument = instrument;
        update.exchangeAtUs = messageUs;
        update.bidPrice = orNone(entry.best_bid, priceScale, `${at}.best_bid`);
        update.bidSize = orNone(entry.best_bid_quantity, sizeScale, `${at}.best_bid_quantity`);
        update.askPrice = orNone(entry.best_ask, priceScale, `${at}.best_ask`);
        update.askSize = orNone(entry.best_ask_quantity, sizeScale, `${at}.best_ask_quantity`);
        return () => this.sink.onTicker(update);
      });
    });
  }
}
