import { expect, test } from '@jest/globals';
import { scaledFromText, type InstrumentSpecification } from '@parallax/types';
import {
  kraken, okx, type DepthUpdate, type FrameSink, type Levels, type TickerUpdate, type TradesUpdate, type VenueDefinition,
} from '../src/index.js';
import { report } from './support/bench-reader.js';
import { InstrumentTable } from '@parallax/types';
import { haveCaptures, mapperMessages, type MapperMessage } from './support/captures.js';

const recorded = haveCaptures ? test : test.skip;
const SCALE = 8;
const exact = (value: unknown): number => (typeof value === 'number' ? scaledFromText(value.toString(), SCALE) : 0);
const microseconds = (text: unknown): number => {
  const [seconds, fraction = ''] = String(text).replace('Z', '').split('.');
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
};

/** Why a message's result is rightly not the recorded one; by feed and what sets the message apart. */
const DIFFERENCES: readonly { name: string; is: (entry: MapperMessage & { formatDate?: string }) => boolean }[] = [
  {
    name: 'bbo-tbt before 2022-05-06: that mapper took best quotes from tickers then',
    is: ({ message, formatDate }) => channelOf(message) === 'bbo-tbt' && formatDate === '2021-12-23T00:00:00.000Z',
  },
  {
    name: 'tickers of swaps and futures since 2022-05-06: that mapper takes best quotes from bbo-tbt only',
    is: ({ message, formatDate }) => channelOf(message) === 'tickers' && String(formatDate) >= '2022-05-06',
  },
  {
    name: 'liquidation-orders of futures: the recorded result is the trade of another message (BTC-USD-190628 of 2019)',
    is: ({ message, normalized }) =>
      channelOf(message) === 'liquidation-orders' && normalized?.some(({ symbol }) => symbol === 'BTC-USD-190628') === true,
  },
];
const channelOf = (message: unknown): unknown => {
  const { arg, channel } = message as { arg?: { channel: string }; channel?: string };
  return arg?.channel ?? channel;
};

/** Writes what a reader emits in the words of the recorded result; the history of trades on subscribing is none. */
class MapperWords implements FrameSink {
  words: string[] = [];
  constructor(private readonly instruments: InstrumentTable) {}

  private symbol(instrument: number): string {
    return this.instruments.get(instrument).venueSymbol;
  }
  onDepth(update: DepthUpdate): void {
    const side = ({ count, prices, sizes }: Levels): string => Array.from({ length: count }, (_, i) => `${prices[i]}:${sizes[i]}`).join(' ');
    const { instrument, snapshot, bids, asks, exchangeAtUs } = update;
    this.words.push(`book ${this.symbol(instrument)} ${snapshot} [${side(bids)}] [${side(asks)}] ${exchangeAtUs}`);
  }
  onTicker({ instrument, bidPrice, bidSize, askPrice, askSize, exchangeAtUs }: TickerUpdate): void {
    this.words.push(`ticker ${this.symbol(instrument)} ${bidPrice} ${bidSize} ${askPrice} ${askSize} ${exchangeAtUs}`);
  }
  onTrades({ instrument, snapshot, count, ids, prices, sizes, sides, exchangeAtUs }: TradesUpdate): void {
    if (snapshot) return;
    for (let i = 0; i < count; i++) {
      this.words.push(`trade ${this.symbol(instrument)} ${ids[i]} ${prices[i]} ${sizes[i]} ${sides[i]} ${exchangeAtUs[i]}`);
    }
  }
  onNotice(): void {}
  onConnectionSequence(): void {}
  onRefused(reason: string, place: string): void {
    this.words.push(`refused ${place}: ${reason}`);
  }
}

function wordsOf(result: Readonly<Record<string, unknown>>): string | null {
  const { type, symbol } = result;
  const at = microseconds(result.timestamp);
  if (type === 'trade') {
    return `trade ${String(symbol)} ${String(result.id)} ${exact(result.price)} ${exact(result.amount)} ${result.side === 'buy' ? 1 : -1} ${at}`;
  }
  if (type === 'book_change') {
    const side = (levels: unknown): string =>
      (levels as { price: number; amount: number }[]).map(({ price, amount }) => `${exact(price)}:${exact(amount)}`).join(' ');
    return `book ${String(symbol)} ${String(result.isSnapshot)} [${side(result.bids)}] [${side(result.asks)}] ${at}`;
  }
  if (type === 'book_ticker') {
    const { bidPrice, bidAmount, askPrice, askAmount } = result;
    return `ticker ${String(symbol)} ${exact(bidPrice)} ${exact(bidAmount)} ${exact(askPrice)} ${exact(askAmount)} ${at}`;
  }
  // Funding, open interest and liquidations are not read yet.
  return null;
}

function instrumentOf(venue: string, venueSymbol: string): InstrumentSpecification {
  return {
    venue, venueSymbol, symbol: venueSymbol, base: 'B', quote: 'Q', settle: 'Q', kind: 'spot', inverse: false, contractSize: '1',
    priceScale: SCALE, sizeScale: SCALE, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
    status: 'unknown', version: 1, source: 'file',
  };
}

function compare(definition: VenueDefinition, feeds: readonly string[]) {
  const count = { messages: 0, olderProtocol: 0, compared: 0, trades: 0, books: 0, tickers: 0, mismatches: 0, named: 0 };
  const mismatches: string[] = [];
  for (const entry of mapperMessages(definition.id)) {
    if (!feeds.includes(entry.feed) || entry.normalized === undefined) continue;
    count.messages++;
    if (channelOf(entry.message) === undefined && !('event' in (entry.message as object))) {
      count.olderProtocol++;
      continue;
    }
    const text = JSON.stringify(entry.message);
    const instruments = new InstrumentTable();
    for (const [, name] of text.matchAll(/"(?:instId|symbol)":"([^"]+)"/g)) instruments.add(instrumentOf(definition.id, name));
    const sink = new MapperWords(instruments);
    definition.createReader(instruments, sink).read(new TextEncoder().encode(text));
    const expected = entry.normalized.map(wordsOf).filter((words) => words !== null);
    const difference = DIFFERENCES.find(({ is }) => is(entry));
    if (difference !== undefined) {
      count.named++;
      if (sink.words.join('\n') === expected.join('\n')) mismatches.push(`no longer differs: ${difference.name}`);
      continue;
    }
    count.compared++;
    for (const words of expected) {
      if (words.startsWith('trade')) count.trades++;
      else if (words.startsWith('book')) count.books++;
      else count.tickers++;
    }
    if (sink.words.join('\n') !== expected.join('\n')) mismatches.push(`${text}\n ours ${sink.words.join('\n')}\n theirs ${expected.join('\n')}`);
  }
  count.mismatches = mismatches.length;
  report(`${definition.id} against the recorded mapper: ${JSON.stringify(count)}`);
  return { count, mismatches };
}

recorded('OKX trades, books and best quotes are those of an independent mapper', () => {
  const { count, mismatches } = compare(okx, ['okex', 'okex-swap', 'okex-futures']);
  expect(mismatches).toEqual([]);
  expect([count.trades, count.books, count.named]).toEqual([4, 5, 3]);
});

recorded('Kraken v2 trades, books and best quotes are those of an independent mapper', () => {
  const { count, mismatches } = compare(kraken, ['kraken']);
  expect(mismatches).toEqual([]);
  expect([count.trades, count.books, count.tickers]).toEqual([1, 2, 1]);
});
