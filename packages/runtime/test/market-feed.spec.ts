import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import {
  BOOK_COLUMNS, BookChange, InstrumentTable, isTrusted, layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust, TrustCause, type InstrumentSpecification, type
  Row,
} from '@parallax/types';
import { bytesOfRow, encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { ALONE_AGAIN_US, MarketFeed, WriterNames } from '../src/index.js';

const START = 1_790_000_000_000_000;
const of = (venue: string): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false, contractSize: '1',
  priceScale: 1, sizeScale: 1, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0', status: 'trading', version: 1, source: 'catalogue',
});

test('of two writers of a venue at once no quote is trusted and no change of a book is told, until one is alone; other venues go on', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const instruments = new InstrumentTable();
  for (const venue of ['okx', 'binance']) instruments.add(of(venue));
  let nowUs = START;
  const feed = new MarketFeed(bus.as('risk'), instruments, { nowUs: () => nowUs });
  const heard: string[] = [];
  feed.quotes((instrument, row) => {
    const { venue } = instruments.get(instrument);
    heard.push(`${venue} ${row[Quote.bidPrice]} ${isTrusted(row) ? 'trusted' : `${row[Quote.trust]} ${row[Quote.cause]}`}`);
  });
  const books = new MarketFeed(bus.as('arbitrage'), instruments, { nowUs: () => nowUs });
  books.rows('book', (instrument, row) => void heard.push(`${instruments.get(instrument).venue} book ${row[BookChange.lastId]}`));
  const names = new WriterNames('normalisation');
  names.follow(bus.as('risk'));
  const normalisation = bus.as('normalisation');
  const row = (kind: typeof RowKind.quote | typeof RowKind.book, columns: number, writer: number): Row => {
    const made = new Float64Array(columns);
    made[Quote.layout] = layoutOf(kind);
    made[Quote.epoch] = writer;
    return made;
  };
  const quote = (venue: string, writer: number, bid: number): void => {
    const made = row(RowKind.quote, QUOTE_COLUMNS, writer);
    Object.assign(made, { [Quote.bidPrice]: bid, [Quote.bidSize]: 1, [Quote.askPrice]: bid + 1, [Quote.askSize]: 1, [Quote.trust]: Trust.synced });
    normalisation.publish(subjects.market('quote', of(venue)), bytesOfRow(made, QUOTE_COLUMNS));
  };
  const book = (writer: number, id: number): void => {
    const made = row(RowKind.book, BOOK_COLUMNS, writer);
    made[BookChange.lastId] = id;
    normalisation.publish(subjects.market('book', of('okx')), bytesOfRow(made, BOOK_COLUMNS));
  };
  const said = async (count: number): Promise<string[]> => {
    await until(() => heard.length >= count, () => heard.join());
    return heard.splice(0);
  };
  const told = () => names.troubles(feed.writers, nowUs);
  const [one, two] = [START - 7_000_000, START - 2_000_000];
  for (const [instance, startedAtUs] of [['n-one', one], ['n-two', two]] as const) {
    normalisation.publish(subjects.serviceHealth('normalisation'), encodeJson({ service: 'normalisation', instance, ready: true, missing: [], startedAtUs, atUs: START, counters: {}, latencies: {} }));
  }

  quote('okx', one, 100);
  expect(await said(1)).toEqual(['okx 100 trusted']);
  book(one, 5);
  quote('binance', one, 200);
  expect((await said(2)).toSorted()).toEqual(['binance 200 trusted', 'okx book 5']);
  expect(told()).toEqual([]);
  // The second is taken for a successor until the first writes on.
  quote('okx', two, 300);
  expect(await said(1)).toEqual(['okx 300 trusted']);
  quote('okx', one, 101);
  const doubted = `${Trust.resyncing} ${TrustCause.twoWriters}`;
  expect(await said(1)).toEqual([`okx 101 ${doubted}`]);
  quote('okx', two, 301);
  expect(await said(1)).toEqual([`okx 301 ${doubted}`]);
  book(two, 6);
  book(one, 7);
  quote('binance', one, 201);
  // The first change of another one may be a successor's; the next shows that there are two.
  expect((await said(2)).toSorted()).toEqual(['binance 201 trusted', 'okx book 6']);
  expect(told()).toEqual([{
    key: 'two-writers.normalisation.okx', severity: 'critical',
    summary: expect.stringMatching(/^2 instances of normalisation write the market of okx at once: n-two \(started at .*\) and n-one \(started at .*\)\. .*End all but one/),
  }]);
  quote('binance', two, 400);
  quote('binance', one, 202);
  await said(2);
  expect(told().map(({ key, stopsTrading }) => [key, stopsTrading])).toEqual([['two-writers.normalisation.okx', true], ['two-writers.normalisation.binance', true]]);

  nowUs += ALONE_AGAIN_US + 1;
  quote('okx', one, 102);
  book(one, 8);
  expect((await said(2)).toSorted()).toEqual(['okx 102 trusted', 'okx book 8']);
  expect(told()).toEqual([]);
  await bus.drain();
});

test('rows that cannot be read, and those of instruments that are not known, are counted apart for the health of who reads', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const instruments = new InstrumentTable();
  instruments.add(of('okx'));
  const feed = new MarketFeed(bus.as('risk'), instruments, { nowUs: () => START });
  let taken = 0;
  feed.quotes(() => void taken++);
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.layout] = layoutOf(RowKind.quote);
  const normalisation = bus.as('normalisation');
  expect(feed.counters).toEqual({ rowsUnreadable: 0, rowsUnknown: 0, lost: 0 });
  normalisation.publish(subjects.market('quote', of('kraken')), bytesOfRow(row, QUOTE_COLUMNS));
  for (let times = 0; times < 2; times++) normalisation.publish(subjects.market('quote', of('okx')), new Uint8Array(16));
  normalisation.publish(subjects.market('quote', of('okx')), bytesOfRow(row, QUOTE_COLUMNS));
  await until(() => taken === 1);
  expect(feed.counters).toMatchObject({ rowsUnreadable: 2 - feed.counters.lost, rowsUnknown: 1 });
  await bus.drain();
});
