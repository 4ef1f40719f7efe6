/**
 * The simulator's frames, taken over real sockets, read by others' code; their books must equal the model's true books,
 * level by level, price and size.
 *
 * tardis-dev 13.35.3: binance (combined stream, its own snapshot bridge with overlap check), binance-futures (the same
 *   with its futures rule), okex V5 (books, trades, bbo-tbt or tickers). Its Kraken mapper reads WebSocket v1 only and its
 *   Coinbase mapper the Exchange feed: both cannot read what is served here.
 * ccxt 4.5.84 pro: binance, binanceusdm, okx, kraken (v2), coinbase (Advanced Trade), from loadMarkets over REST to
 *   watchOrderBook over the socket, subscribing by itself. It checks the id chain of Binance (U = u + 1, pu = u); it checks
 *   no checksum and no sequence at OKX, Kraken and Coinbase.
 * Checksums are recomputed here from the documented rules: Kraken's after each message over the book that ccxt built (ccxt
 *   itself reads numbers as floats and cannot), OKX's old dialect over the last book of tardis-dev. Coinbase's
 *   connection-wide sequence is followed message by message on the way into ccxt.
 */
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InstrumentMarket } from '@parallax/market-model';
import { until } from '@parallax/testing';
import { textFromScaled } from '@parallax/types';
import ccxt from 'ccxt';
import tardis from 'tardis-dev';
import { startSimulator, type Simulator } from '../src/index.js';
import { caughtUp, getJson, TestClient } from './client.js';
import { ManualTime } from './manual-time.js';

let time: ManualTime;
let simulator: Simulator;

beforeAll(async () => {
  time = new ManualTime();
  simulator = await startSimulator({ clock: time, timers: time });
});
afterAll(() => simulator.stop());

type Levels = [price: number, size: number][];

/** The model's book as floats, the form in which the readers hold theirs. */
function trueBook(market: InstrumentMarket, depth = Infinity): { bids: Levels; asks: Levels } {
  const { priceScale, sizeScale } = market.specification;
  const side = ({ prices, sizes }: { prices: number[]; sizes: number[] }): Levels => prices.slice(0, depth).map((price, i) => [
    Number(textFromScaled(price, priceScale)), Number(textFromScaled(sizes[i], sizeScale)),
  ]);
  return { bids: side(market.book.bids), asks: side(market.book.asks) };
}

const marketsOf = (venue: string): InstrumentMarket[] =>
  simulator.model!.markets.filter((market) => market.venue.venue === venue);

/** Brings the model to rest on a moment at which all venues have published. */
async function settle(): Promise<void> {
  const elapsedMs = Math.round(simulator.model!.elapsedSeconds * 1000);
  await time.run(100 - (elapsedMs % 100) + 100);
}

interface BookChange {
  type: string; symbol: string; isSnapshot: boolean;
  bids: { price: number; amount: number }[]; asks: { price: number; amount: number }[];
}

const levels = (side: Iterable<{ price: number; amount: number }>): Levels => [...side].map(({ price, amount }) => [price, amount]);
const held = (side: Iterable<number[]>): Levels => [...side].map((level) => [level[0], level[1]]);
/** OKX's text of a number: no trailing zeros. */
const plain = (value: number): string => textFromScaled(Math.round(value * 1e8), 8).replace(/\.?0+$/, '');

interface TradeRead {
  symbol: string; price: number; amount: number; side: string;
}
interface QuoteRead {
  symbol: string; bidPrice: number; bidAmount: number; askPrice: number; askAmount: number;
}

/** The last trades and the last quote that tardis-dev read are those of the model: price, size and taker's side. */
function expectSameTradesAndQuote(market: InstrumentMarket, trades: readonly TradeRead[], quotes: readonly QuoteRead[]): number {
  const { venueSymbol, priceScale, sizeScale } = market.specification;
  const mine = trades.filter((each) => each.symbol === venueSymbol).slice(-100);
  const real = market.recentTrades.slice(-mine.length).map(({ price, size, side }) => [
    Number(textFromScaled(price, priceScale)), Number(textFromScaled(size, sizeScale)), side > 0 ? 'buy' : 'sell',
  ]);
  expect(mine.map(({ price, amount, side }) => [price, amount, side])).toEqual(real);
  const { bidPrice, bidAmount, askPrice, askAmount } = quotes.findLast((each) => each.symbol === venueSymbol)!;
  expect({ bids: [[bidPrice, bidAmount]], asks: [[askPrice, askAmount]] }).toEqual(trueBook(market, 1));
  return mine.length;
}

/** Runs frames through tardis-dev's mappers; returns its books by venue symbol and counts what it read. */
function readWithTardis(exchange: string, messages: readonly any[]): {
  books: Map<string, { bids: Levels; asks: Levels }>; changes: number; trades: TradeRead[]; quotes: QuoteRead[];
} {
  // Now: tardis-dev picks the feed version by it, and enforces the overlap of snapshot and updates.
  const at = new Date();
  const books = new Map<string, InstanceType<typeof tardis.OrderBook>>();
  const mappers = [
    tardis.normalizeBookChanges(exchange as 'binance', at), tardis.normalizeTrades(exchange as 'binance', at),
    tardis.normalizeBookTickers(exchange as 'binance', at),
  ];
  const trades: TradeRead[] = [];
  const quotes: QuoteRead[] = [];
  let changes = 0;
  for (const message of messages) {
    for (const mapper of mappers) {
      if (!mapper.canHandle(message)) continue;
      for (const event of mapper.map(message, at) ?? []) {
        if (event.type === 'trade') trades.push(event);
        if (event.type === 'book_ticker') quotes.push(event as unknown as QuoteRead);
        if (event.type !== 'book_change') continue;
        changes++;
        const change = event as unknown as BookChange;
        if (change.isSnapshot) books.set(change.symbol, new tardis.OrderBook());
        books.get(change.symbol)?.update(change as never);
      }
    }
  }
  return {
    books: new Map([...books].map(([symbol, book]) => [symbol, { bids: levels(book.bids()), asks: levels(book.asks()) }])),
    changes, trades, quotes,
  };
}

test.each([
  ['binance', 'binance', '/stream', '/api/v3/depth'],
  ['binanceusdm', 'binance-futures', '/public/stream', '/fapi/v1/depth'],
])('tardis-dev rebuilds the books of %s', async (venue, exchange, path, depthPath) => {
  const markets = marketsOf(venue);
  const streams = markets.flatMap(({ specification: { venueSymbol } }) =>
    ['depth@100ms', 'trade', 'bookTicker'].map((stream) => `${venueSymbol.toLowerCase()}@${stream}`));
  const client = await TestClient.open(`${simulator.venues[venue].stream}${path}?streams=${streams.join('/')}`);
  await time.run(2_050);
  const snapshots = await Promise.all(markets.map(async ({ specification: { venueSymbol } }) => ({
    stream: `${venueSymbol.toLowerCase()}@depthSnapshot`, generated: true,
    data: await getJson(`${simulator.venues[venue].rest}${depthPath}?symbol=${venueSymbol}&limit=1000`),
  })));
  await TestClient.caughtUp();
  const before = client.json();
  await time.run(5_000);
  await settle();
  await TestClient.caughtUp();
  const read = readWithTardis(exchange, [...before, ...snapshots, ...client.json().slice(before.length)]);
  client.close();
  for (const market of markets) expect(read.books.get(market.specification.venueSymbol)).toEqual(trueBook(market));
  expect(read.changes).toBeGreaterThan(100);
  const compared = markets.map((market) => expectSameTradesAndQuote(market, read.trades, read.quotes));
  expect(compared.reduce((sum, each) => sum + each)).toBeGreaterThan(20);
  expect(read.quotes.length).toBeGreaterThan(100);
});

test.each(['zero', 'real'] as const)('tardis-dev rebuilds the books of okx (checksum dialect: %s)', async (okxChecksum) => {
  const ownTime = new ManualTime();
  const own = await startSimulator({ clock: ownTime, timers: ownTime, dialects: { okxChecksum } });
  const client = await TestClient.open(`${own.venues.okx.stream}/ws/v5/public`);
  const markets = own.model!.markets.filter((market) => market.venue.venue === 'okx');
  client.send({ op: 'subscribe', args: markets.flatMap(({ specification: { venueSymbol: instId } }) =>
    ['books', 'trades', 'bbo-tbt'].map((channel) => ({ channel, instId }))) });
  await until(() => client.frames.length >= markets.length * 3);
  await ownTime.run(5_000);
  await TestClient.caughtUp();
  const messages = client.json();
  let compared = 0;
  for (const market of markets) {
    const { venueSymbol, kind } = market.specification;
    const read = readWithTardis(kind === 'spot' ? 'okex' : 'okex-swap', messages.filter((each) => each.arg?.instId === venueSymbol));
    expect(read.books.get(venueSymbol)).toEqual(trueBook(market));
    expect(read.changes).toBeGreaterThan(40);
    compared += expectSameTradesAndQuote(market, read.trades, read.quotes);
    const books = messages.filter((each) => each.arg?.channel === 'books' && each.data && each.arg.instId === venueSymbol);
    expect(books[0].data[0].prevSeqId).toBe(-1);
    for (let i = 1; i < books.length; i++) expect(books[i].data[0].prevSeqId).toBe(books[i - 1].data[0].seqId);
    const last = books.at(-1).data[0].checksum;
    const { bids, asks } = read.books.get(venueSymbol)!;
    const parts = Array.from({ length: 25 }, (_, i) => [bids[i], asks[i]]).flat(2).map(plain);
    expect(last).toBe(okxChecksum === 'zero' ? 0 : crc32(parts.join(':')) << 0);
  }
  expect(compared).toBeGreaterThan(20);
  client.close();
  await own.stop();
});

/** Resolves once ccxt has read all that was sent to it. */
async function ccxtCaughtUp(exchange: any): Promise<void> {
  const clients: any[] = Object.values(exchange.clients);
  await Promise.all(clients.flatMap(({ connection }) => (connection ? [caughtUp(connection)] : [])));
}

/** ccxt's own class for a venue, pointed at the simulator: its REST and its sockets. */
function ccxtFor(venue: 'binance' | 'binanceusdm' | 'okx' | 'kraken' | 'coinbase'): any {
  const { stream, rest } = simulator.venues[venue];
  const exchange: any = new ccxt.pro[venue]({ enableRateLimit: false, newUpdates: false });
  const api = exchange.urls.api;
  exchange.has.fetchCurrencies = false;
  switch (venue) {
    case 'binance':
      exchange.options.fetchMarkets = { types: ['spot'] };
      api.public = `${rest}/api/v3`;
      api.ws.spot = `${stream}/ws`;
      break;
    case 'binanceusdm':
      exchange.options.fetchMarkets = { types: ['linear'] };
      api.fapiPublic = `${rest}/fapi/v1`;
      api.ws.future = `${stream}/ws`;
      break;
    case 'okx':
      exchange.options.fetchMarkets = { types: ['spot', 'swap'] };
      api.rest = rest;
      api.ws = `${stream}/ws/v5`;
      break;
    case 'kraken':
      api.public = rest;
      api.ws.publicV2 = `${stream}/v2`;
      break;
    case 'coinbase':
      api.rest = rest;
      api.ws = `${stream}/`;
      break;
  }
  return exchange;
}

/** After each Kraken book message: its checksum must be that of the book that ccxt holds then. Returns the count so far. */
function watchKrakenChecksums(exchange: any): () => number {
  let checked = 0;
  const original = exchange.handleOrderBook;
  exchange.handleOrderBook = function (client: unknown, message: any): void {
    original.call(this, client, message);
    if (message.channel !== 'book') return;
    const { symbol, checksum } = message.data[0];
    const { priceScale, sizeScale } = marketsOf('kraken').find((each) => each.specification.symbol === symbol)!.specification;
    const { asks, bids } = exchange.orderbooks[symbol];
    const text = [asks, bids].flatMap((side) => [...side].slice(0, 10)).map((level: number[]) =>
      `${Math.round(level[0] * 10 ** priceScale)}${Math.round(level[1] * 10 ** sizeScale)}`).join('');
    if (crc32(text) !== checksum) throw new Error(`checksum of ${symbol}: ${checksum}, ccxt's book gives ${crc32(text)}`);
    checked++;
  };
  return () => checked;
}

/** Coinbase numbers the whole connection, from 0, without a jump. */
function watchCoinbaseSequence(exchange: any): () => number {
  let next = 0;
  const original = exchange.handleMessage;
  exchange.handleMessage = function (client: unknown, message: any): void {
    if (message.sequence_num !== undefined && message.sequence_num !== next++) throw new Error(`sequence ${message.sequence_num}`);
    original.call(this, client, message);
  };
  return () => next;
}

test.each(['binance', 'binanceusdm', 'okx', 'kraken', 'coinbase'] as const)('ccxt rebuilds the books of %s', async (venue) => {
  const exchange = ccxtFor(venue);
  const checksums = watchKrakenChecksums(exchange);
  const sequences = watchCoinbaseSequence(exchange);
  const markets = marketsOf(venue);
  const depth = venue === 'kraken' ? 100 : venue === 'okx' ? undefined : 1000;
  const stopped = { value: false };
  const pump = (async () => {
    while (!stopped.value) {
      await time.run(50);
      // The market waits for its reader, as a slow machine would otherwise leave it far behind.
      await ccxtCaughtUp(exchange);
    }
  })();
  try {
    await exchange.loadHttpProxyAgent();
    await exchange.loadMarkets();
    for (const { specification } of markets) {
      const listed = exchange.market(specification.symbol);
      expect(listed.id === specification.venueSymbol || listed.info.wsname !== undefined).toBe(true);
      expect(Number(listed.precision.price)).toBeCloseTo(specification.priceStep / 10 ** specification.priceScale, 12);
      expect(Number(listed.precision.amount)).toBeCloseTo(specification.sizeStep / 10 ** specification.sizeScale, 12);
      if (specification.kind === 'swap') expect(listed.contractSize).toBe(Number(specification.contractSize));
    }
    await Promise.all(markets.map(({ specification: { symbol } }) => exchange.watchOrderBook(symbol, depth)));
    const from = simulator.model!.elapsedSeconds;
    await until(() => simulator.model!.elapsedSeconds > from + 4);
    stopped.value = true;
    await pump;
    await settle();
    await ccxtCaughtUp(exchange);
    for (const market of markets) {
      const { symbol } = market.specification;
      const book = exchange.orderbooks[symbol];
      const expected = trueBook(market, venue === 'kraken' ? 100 : Infinity);
      expect({ bids: held(book.bids), asks: held(book.asks) }).toEqual(expected);
    }
    if (venue === 'kraken') expect(checksums()).toBeGreaterThan(100);
    if (venue === 'coinbase') expect(sequences()).toBeGreaterThan(100);
  } finally {
    stopped.value = true;
    await pump;
    await exchange.close();
  }
});
