import { expect, test } from '@jest/globals';
import { InstrumentTable, Quote, QuoteSource, Trade, TRADE_COLUMNS, Trades, TRADES_COLUMNS, Trust, TrustCause } from '@parallax/types';
import { binance, okx } from '@parallax/venues';
import { VenueNormaliser } from './venue-normaliser.js';

const SECOND = 1_000_000;
const START = 1_723_161_300 * SECOND;
const bytes = (frame: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(frame));

/** A synced book of BTC/USDT with one level a side, and the quotes that it told: [bid, source, trust]. */
function synced() {
  const instruments = new InstrumentTable();
  const instrument = instruments.add(binance.catalogue[0]);
  const told: number[][] = [];
  const wanted: number[] = [];
  const normaliser = new VenueNormaliser(binance, instruments, {
    onQuote: (_, row) => told.push([row[Quote.bidPrice], row[Quote.source], row[Quote.trust]]),
    onBook: () => {}, onTrades: () => {}, onDeadLetter: () => {}, onTrust: () => {}, onSnapshotWanted: (_, cause) => wanted.push(cause),
  });
  let frame = 0;
  const send = (data: object, stream: string, atUs: number): void => {
    normaliser.onFrame(1, ++frame, atUs, bytes({ stream: `btcusdt@${stream}`, data: { s: 'BTCUSDT', ...data } }));
  };
  const depth = (first: number, last: number, bids: string[][], asks: string[][], atUs: number): void =>
    send({ e: 'depthUpdate', E: Math.floor(atUs / 1000), s: 'BTCUSDT', U: first, u: last, b: bids, a: asks }, 'depth@100ms', atUs);
  const ticker = (id: number, bid: string, atUs: number): void => send({ u: id, s: 'BTCUSDT', b: bid, B: '1', a: '101', A: '1' }, 'bookTicker', atUs);
  normaliser.onSnapshot(1, ++frame, START, bytes({ lastUpdateId: 10, bids: [['100', '1']], asks: [['101', '1']] }), instrument);
  told.length = 0;
  return { instruments, normaliser, market: normaliser.market(instrument), told, wanted, depth, ticker };
}

test('a ticker ahead moves the quote; a newer depth frame that takes it back is told at once', () => {
  const { told, depth, ticker } = synced();
  ticker(12, '99.5', START + 1_000);
  expect(told).toEqual([[9_950, QuoteSource.ticker, Trust.synced]]);
  // The book's own best stayed at 100 all the while.
  depth(11, 14, [['50', '1']], [], START + 2_000);
  expect(told.at(-1)).toEqual([10_000, QuoteSource.depth, Trust.synced]);
});

test('a depth frame behind the ticker does not move the quote back', () => {
  const { told, depth, ticker } = synced();
  ticker(20, '99.5', START + 1_000);
  depth(11, 14, [['100', '2']], [], START + 2_000);
  expect(told.at(-1)).toEqual([9_950, QuoteSource.ticker, Trust.synced]);
});

test('a ticker of the same update that says something else costs the book its trust', () => {
  const { market, told, depth, ticker, wanted } = synced();
  depth(11, 14, [['100', '2']], [], START + 1_000);
  ticker(14, '98', START + 1_100);
  expect(market.keeper.trust).toBe(Trust.resyncing);
  expect([market.counters.tickersChecked, market.counters.tickersFailed, wanted.length]).toEqual([1, 1, 1]);
  expect(told.at(-1)?.[2]).toBe(Trust.resyncing);
});

test('silence beyond the symbol’s rhythm makes it stale, the next linked update brings it back', () => {
  const { normaliser, market, told, depth } = synced();
  depth(11, 11, [['100', '2']], [], START + 100_000);
  normaliser.onWake(START + 5 * SECOND);
  expect(market.keeper.trust).toBe(Trust.synced);
  normaliser.onWake(START + 12 * SECOND);
  expect(told.at(-1)?.[2]).toBe(Trust.stale);
  depth(12, 12, [['100', '3']], [], START + 13 * SECOND);
  expect(told.at(-1)?.[2]).toBe(Trust.synced);
});

test('an exchange time more than a day off is refused', () => {
  const { normaliser, market, depth } = synced();
  depth(11, 11, [], [], START + 100_000);
  normaliser.onFrame(1, 99, START + 200_000, bytes({
    stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', E: 1_600_000_000_000, s: 'BTCUSDT', U: 12, u: 12, b: [], a: [] },
  }));
  expect([...normaliser.deadLetters]).toEqual([['the exchange time is more than a day off the receive time', 1]]);
  expect(market.keeper.trust).toBe(Trust.suspect);
  depth(13, 13, [], [], START + 300_000);
  expect([market.keeper.trust, market.keeper.cause]).toEqual([Trust.resyncing, TrustCause.gap]);
});

test('of the trades in one frame, those of a time that cannot be are refused in one letter and the others told', () => {
  const instruments = new InstrumentTable();
  const instrument = instruments.add(okx.catalogue[0]);
  const told: (readonly [id: number, exchangeAtUs: number])[] = [];
  const places: string[] = [];
  const ignored = (): void => undefined;
  const normaliser = new VenueNormaliser(okx, instruments, {
    onQuote: ignored, onBook: ignored, onTrust: ignored, onSnapshotWanted: ignored, onDeadLetter: ({ place }) => places.push(place),
    onTrades: (_, row) => {
      for (let i = 0; i < row[Trades.count]; i++) {
        const at = TRADES_COLUMNS + i * TRADE_COLUMNS;
        told.push([row[at + Trade.id], row[at + Trade.exchangeAtUs]]);
      }
    },
  });
  const { venueSymbol } = okx.catalogue[0];
  const trade = (id: number, atUs: number): object => ({ instId: venueSymbol, tradeId: String(id), px: '100', sz: '1', side: 'buy', ts: String(atUs / 1_000) });
  const dayUs = 86_400 * SECOND;
  const data = [trade(1, START - dayUs), trade(2, START - dayUs - 1_000), trade(3, START), trade(4, START + dayUs + 1_000), trade(5, START + dayUs)];
  normaliser.onFrame(1, 1, START, bytes({ arg: { channel: 'trades', instId: venueSymbol }, data }));
  expect(told).toEqual([[1, START - dayUs], [3, START], [5, START + dayUs]]);
  expect(places).toEqual(['time and 1 more']);
  expect([...normaliser.market(instrument).counters.deadLetters.values()]).toEqual([1]);
  expect(normaliser.market(instrument).counters.trades).toBe(3);
});

test('when a scale changes, the old book is told to be lost and no integer of it lives on in the new one', () => {
  const { instruments, normaliser, told, wanted, depth } = synced();
  instruments.add({ ...binance.catalogue[0], priceScale: 4, priceStep: 100, version: 2 });
  depth(11, 11, [['99', '2']], [], START + 1_000);
  expect(told).toEqual([[0, QuoteSource.depth, Trust.resyncing], [0, QuoteSource.depth, Trust.resyncing]]);
  expect(wanted.length).toBeGreaterThan(0);
  normaliser.onSnapshot(1, 50, START + 2_000, bytes({ lastUpdateId: 11, bids: [['99', '2']], asks: [['101', '1']] }), 0);
  const { keeper, quote } = normaliser.market(0);
  expect([keeper.trust, keeper.book.bestBidPrice, keeper.book.bestAskPrice, keeper.book.levels(0)]).toEqual([Trust.synced, 990_000, 1_010_000, 1]);
  expect(quote.row[Quote.specificationVersion]).toBe(2);
});

/** OKX's BTC/USDT with ten levels a side; the bids that its quotes told. */
function okxBook() {
  const instruments = new InstrumentTable();
  const instrument = instruments.add(okx.catalogue.find(({ venueSymbol }) => venueSymbol === 'BTC-USDT')!);
  const { priceScale } = instruments.get(instrument);
  const told: number[] = [];
  const normaliser = new VenueNormaliser(okx, instruments, {
    onQuote: (_, row) => told.push(row[Quote.bidPrice] / 10 ** priceScale),
    onBook: () => {}, onTrades: () => {}, onDeadLetter: () => {}, onTrust: () => {}, onSnapshotWanted: () => {},
  });
  const ten = Array.from({ length: 10 }, (_, index) => index);
  const levels = (prices: number[]): string[][] => prices.map((price) => [String(price), '1', '0', '1']);
  let frame = 0;
  const read = (arg: object, data: object, atUs: number): void =>
    normaliser.onFrame(1, ++frame, atUs, bytes({ arg: { channel: 'books', instId: 'BTC-USDT' }, ...arg, data: [data] }));
  return {
    normaliser, told,
    // Each with when it was received and what the venue says of the time.
    snapshot: (seqId: number, bid: number, atUs = START, saysUs = atUs): void => read({ action: 'snapshot' }, {
      asks: levels(ten.map((more) => 200 + more)), bids: levels(ten.map((less) => bid - less)), ts: String(saysUs / 1000), seqId, prevSeqId: -1,
    }, atUs),
    update: (prevSeqId: number, seqId: number, bid: number, atUs = START, saysUs = atUs): void =>
      read({ action: 'update' }, { asks: [], bids: levels([bid]), ts: String(saysUs / 1000), seqId, prevSeqId }, atUs),
    best: (seqId: number, bid: number, atUs = START, saysUs = atUs): void =>
      read({ arg: { channel: 'bbo-tbt', instId: 'BTC-USDT' } }, { asks: levels([200]), bids: levels([bid]), ts: String(saysUs / 1000), seqId }, atUs),
  };
}

test('a snapshot that begins a new, lower numbering moves the quote with the book', () => {
  const { told, snapshot } = okxBook();
  snapshot(1_000, 100);
  snapshot(7, 90);
  expect(told.at(-1)).toBe(90);
});

test('a numbering that begins anew after a silence moves the quote with the book, however high the last ticker was', () => {
  const { normaliser, told, snapshot, update, best } = okxBook();
  snapshot(1_000, 100);
  best(1_005, 101);
  expect(told.at(-1)).toBe(101);
  normaliser.onWake(START + 200 * SECOND);
  update(1_000, 3, 110, START + 201 * SECOND);
  expect(told.at(-1)).toBe(110);
  update(3, 4, 120, START + 201 * SECOND);
  expect(told.at(-1)).toBe(120);
});

test('a snapshot or a best quote may be of long ago, where nothing happens; a change may not, and nothing may be of tomorrow', () => {
  const days = (count: number): number => START + count * 86_400 * SECOND;
  const { normaliser, told, snapshot, update, best } = okxBook();
  snapshot(10, 100, START, days(-3));
  best(11, 101, START, days(-3));
  expect([told.at(-1), normaliser.market(0).keeper.trust, normaliser.clock.offsetUs]).toEqual([101, Trust.synced, null]);
  best(12, 102, START, days(2));
  expect([told.at(-1), normaliser.market(0).keeper.trust, normaliser.deadLetters.size]).toEqual([101, Trust.synced, 1]);
  snapshot(20, 100);
  update(20, 21, 103, START, days(-3));
  expect([told.at(-1), normaliser.market(0).keeper.trust]).toEqual([100, Trust.suspect]);
});
