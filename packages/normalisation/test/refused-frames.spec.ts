import { expect, test } from '@jest/globals';
import { InstrumentTable, Trust, TrustCause } from '@parallax/types';
import { binance, kraken, type VenueDefinition } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

const START = 1_786_309_548_000_000;

function oneBook(definition: VenueDefinition, symbol: string) {
  const table = new InstrumentTable();
  for (const specification of definition.catalogue) if (specification.symbol === symbol) table.add(specification);
  const places: string[] = [];
  const wanted: number[] = [];
  const ignored = (): void => undefined;
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: ignored, onBook: ignored, onTrades: ignored, onTrust: ignored,
    onDeadLetter: ({ place }) => places.push(place), onSnapshotWanted: (_instrument, cause) => wanted.push(cause),
  });
  let frame = 0;
  const instrument = table.find(definition.id, symbol);
  const { keeper } = normaliser.market(instrument);
  const state = (): unknown => [keeper.trust, keeper.cause];
  const read = (text: string): unknown => (normaliser.onFrame(1, ++frame, START + frame * 1_000, Buffer.from(text)), state());
  const snapshot = (text: string): unknown => (normaliser.onSnapshot(1, ++frame, START + frame * 1_000, Buffer.from(text), instrument), state());
  return { read, snapshot, places, wanted };
}

const stream = (channel: string, data: string): string => `{"stream":"btcusdt@${channel}","data":{${data}}}`;
const depth = (first: number, last: number, price = '99.00'): string =>
  stream('depth@100ms', `"e":"depthUpdate","E":1786309548000,"s":"BTCUSDT","U":${first},"u":${last},"b":[["${price}","1.00000000"]],"a":[]`);
const trade = (price: string): string =>
  stream('trade', `"e":"trade","E":1786309548000,"s":"BTCUSDT","t":1,"p":"${price}","q":"1.00000000","T":1786309548000,"m":true,"M":true`);

function joined() {
  const book = oneBook(binance, 'BTC/USDT');
  book.read(depth(9, 11));
  expect(book.snapshot('{"lastUpdateId":10,"bids":[["98.00","1"]],"asks":[["101.00","1"]]}')).toEqual([Trust.synced, TrustCause.snapshotApplied]);
  book.wanted.length = 0;
  return book;
}

test('a frame of which nothing can be told costs a chained book no more than the time until its next update', () => {
  const { read, places, wanted } = joined();
  // Stream and event do not agree, so that it may have been an update of the book.
  expect(read(trade('99.00').replace('@trade', '@depth'))).toEqual([Trust.suspect, TrustCause.frameRefused]);
  expect(read(trade('99.00'))).toEqual([Trust.suspect, TrustCause.frameRefused]);
  expect(read(depth(12, 14))).toEqual([Trust.synced, TrustCause.resumed]);
  expect([places, wanted]).toEqual([['stream'], []]);
});

test('an update of the book that cannot be read is a gap as soon as the next one comes', () => {
  const { read, snapshot, wanted } = joined();
  expect(read(depth(12, 14, 'garbage'))).toEqual([Trust.suspect, TrustCause.frameRefused]);
  expect(read(depth(15, 16))).toEqual([Trust.resyncing, TrustCause.gap]);
  expect(wanted).toEqual([TrustCause.gap]);
  expect(snapshot('{"lastUpdateId":15,"bids":[["98.00","1"]],"asks":[["101.00","1"]]}')).toEqual([Trust.synced, TrustCause.snapshotApplied]);
});

test('where no ids chain the updates, what cannot be read costs the book: nothing would show what was lost', () => {
  const { read, wanted } = oneBook(kraken, 'BTC/USD');
  const book = (type: string, price: string): string =>
    `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD","bids":[{"price":${price},"qty":2.0}],"asks":[]}]}`;
  expect(read(book('snapshot', '99.0'))).toEqual([Trust.synced, TrustCause.snapshotApplied]);
  expect(read(book('update', '-1'))).toEqual([Trust.resyncing, TrustCause.numberRefused]);
  expect(wanted).toEqual([TrustCause.numberRefused]);
});
