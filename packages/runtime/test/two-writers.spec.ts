import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMemoryBus, type MemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import {
  BOOK_COLUMNS, BookChange, InstrumentTable, isTrusted, layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust, TrustCause, type InstrumentSpecification, type Row,
} from '@parallax/types';
import { bytesOfRow, subjects, TOPOLOGY } from '@parallax/wire';
import { MarketFeed } from '../src/index.js';

const of = (base: string, venue = 'okx'): InstrumentSpecification => ({
  venue, symbol: `${base}/USDT`, venueSymbol: `${base}-USDT`, base, quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false, contractSize: '1',
  priceScale: 1, sizeScale: 1, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0', status: 'trading', version: 1, source: 'catalogue',
});
const BTC = of('BTC');
const ETH = of('ETH');
const SOL = of('SOL');
const ELSEWHERE = of('BTC', 'binance');

let bus: MemoryBus;
let feed: MarketFeed;
let instruments: InstrumentTable;
/** By instrument: the last quote that was handed over. */
let last: Map<string, string>;
let heard: number;

beforeEach(async () => {
  bus = await createMemoryBus(TOPOLOGY);
  instruments = new InstrumentTable();
  for (const specification of [BTC, ETH, SOL, ELSEWHERE]) instruments.add(specification);
  feed = new MarketFeed(bus.as('arbitrage'), instruments, { nowUs: () => 1_790_000_000_000_000 });
  [last, heard] = [new Map(), 0];
  feed.rows('book', () => void heard++);
});
afterEach(async () => bus.drain());

function keep(instrument: number, row: Row): void {
  const { venue, base } = instruments.get(instrument);
  const trust = isTrusted(row) ? 'trusted' : `trust ${row[Quote.trust]} cause ${row[Quote.cause]}`;
  last.set(`${venue} ${base}`, `${row[Quote.bidPrice]} ${trust}, of frame ${row[Quote.frame]}`);
  heard++;
}

function rowOf(kind: typeof RowKind.quote | typeof RowKind.book, columns: number, writer: number, frame: number): Row {
  const row = new Float64Array(columns);
  Object.assign(row, { [Quote.layout]: layoutOf(kind), [Quote.epoch]: writer, [Quote.frame]: frame, [Quote.specificationVersion]: 1 });
  return row;
}

async function quote(specification: InstrumentSpecification, writer: number, bid: number): Promise<void> {
  const row = rowOf(RowKind.quote, QUOTE_COLUMNS, writer, bid);
  Object.assign(row, { [Quote.bidPrice]: bid, [Quote.bidSize]: 1, [Quote.askPrice]: bid + 1, [Quote.askSize]: 1, [Quote.trust]: Trust.synced });
  const before = heard;
  bus.as('normalisation').publish(subjects.market('quote', specification), bytesOfRow(row, QUOTE_COLUMNS));
  await until(() => heard > before);
}

async function book(specification: InstrumentSpecification, writer: number, frame: number): Promise<void> {
  const row = rowOf(RowKind.book, BOOK_COLUMNS, writer, frame);
  row[BookChange.keyframe] = 1;
  const before = heard;
  bus.as('normalisation').publish(subjects.market('book', specification), bytesOfRow(row, BOOK_COLUMNS));
  await until(() => heard > before);
}
const doubted = (bid: number, frame: number): string => `${bid} trust ${Trust.resyncing} cause ${TrustCause.twoWriters}, of frame ${frame}`;

test('what was taken of the venue before the first writer wrote on is taken back, of every instrument; other venues keep theirs', async () => {
  feed.quotes(keep);
  await quote(ELSEWHERE, 1, 500);
  await quote(BTC, 1, 100);
  await quote(ETH, 1, 10);
  await quote(ETH, 2, 30);
  await book(SOL, 2, 7);
  await quote(BTC, 1, 101);
  expect(Object.fromEntries(last)).toEqual({
    'okx BTC': doubted(101, 101), 'okx ETH': doubted(30, 101), 'okx SOL': doubted(0, 101), 'binance BTC': '500 trusted, of frame 500',
  });
});

test('a change of a book shows it as well; a handler that fails keeps it from no other, and one that left hears nothing', async () => {
  let left = 0;
  const leaving = feed.quotes(() => void left++);
  feed.quotes((_, row) => {
    if (!isTrusted(row)) throw new Error('a handler that fails');
  });
  feed.quotes(keep);
  await quote(BTC, 1, 100);
  await quote(ETH, 2, 30);
  await until(() => left === 2);
  leaving.unsubscribe();
  await book(ETH, 1, 7);
  expect([Object.fromEntries(last), left]).toEqual([{ 'okx BTC': doubted(100, 7), 'okx ETH': doubted(30, 7) }, 2]);
});
