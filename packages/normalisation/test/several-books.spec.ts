import { expect, test } from '@jest/globals';
import { InstrumentTable, Trust, TrustCause } from '@parallax/types';
import { coinbase, kraken, type VenueDefinition } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

const ignored = (): void => undefined;

function twoBooks(definition: VenueDefinition, symbols: readonly string[]) {
  const table = new InstrumentTable();
  for (const specification of definition.catalogue) if (symbols.includes(specification.symbol)) table.add(specification);
  const wanted: number[] = [];
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: ignored, onBook: ignored, onTrades: ignored, onDeadLetter: ignored, onSnapshotWanted: (instrument) => wanted.push(instrument), onTrust: ignored,
  });
  let frame = 0;
  const read = (text: string, connection = 1): void => normaliser.onFrame(connection, ++frame, 1_786_309_548_200_000 + frame * 1_000, Buffer.from(text));
  const keepers = symbols.map((symbol) => normaliser.market(table.find(definition.id, symbol)).keeper);
  return { read, keepers, wanted };
}

const coinbaseEvent = (type: string, product: string, price: string): string =>
  `{"type":"${type}","product_id":"${product}","updates":[{"side":"bid","event_time":"2026-08-09T21:05:48.17Z","price_level":"${price}","new_quantity":"2"}]}`;
const coinbaseFrame = (sequence: number, ...events: string[]): string =>
  `{"channel":"l2_data","timestamp":"2026-08-09T21:05:48.228Z","sequence_num":${sequence},"events":[${events.join(',')}]}`;

const krakenBook = (symbol: string, price: string): string => `{"symbol":"${symbol}","bids":[{"price":${price},"qty":2.0}],"asks":[]}`;
const krakenFrame = (type: string, ...books: string[]): string => `{"channel":"book","type":"${type}","data":[${books.join(',')}]}`;

test.each([
  ['coinbase', coinbase,
    coinbaseFrame(0, coinbaseEvent('snapshot', 'BTC-USD', '1.00'), coinbaseEvent('snapshot', 'ETH-USD', '1.00')),
    coinbaseFrame(1, coinbaseEvent('update', 'BTC-USD', '2.00'), coinbaseEvent('update', 'ETH-USD', '-2.00')),
    coinbaseFrame(2, coinbaseEvent('update', 'BTC-USD', '2.00'), coinbaseEvent('update', 'ETH-USD', '2.00')),
    coinbaseFrame(3, coinbaseEvent('snapshot', 'BTC-USD', '1.00'), coinbaseEvent('snapshot', 'ETH-USD', '1.00'))],
  ['kraken', kraken,
    krakenFrame('snapshot', krakenBook('BTC/USD', '1.0'), krakenBook('ETH/USD', '1.00')),
    krakenFrame('update', krakenBook('BTC/USD', '2.0'), krakenBook('ETH/USD', '-2.00')),
    krakenFrame('update', krakenBook('BTC/USD', '2.0'), krakenBook('ETH/USD', '2.00')),
    krakenFrame('snapshot', krakenBook('BTC/USD', '1.0'), krakenBook('ETH/USD', '1.00'))],
] as const)('%s: a fault in one of a frame’s books costs that one alone: the change of the other is taken', (_name, definition, snapshot, update, next, again) => {
  const { read, keepers, wanted } = twoBooks(definition, ['BTC/USD', 'ETH/USD']);
  const [bitcoin, ether] = keepers;
  read(snapshot);
  expect(keepers.map(({ trust }) => trust)).toEqual([Trust.synced, Trust.synced]);
  const before = bitcoin.book.bestBidPrice;
  read(update);
  expect([bitcoin.trust, bitcoin.book.bestBidPrice]).toEqual([Trust.synced, before * 2]);
  expect([ether.trust, ether.cause, wanted]).toEqual([Trust.resyncing, TrustCause.numberRefused, [1]]);
  // The next change is right by itself and proves nothing of the lost one.
  read(next);
  expect(keepers.map(({ trust }) => trust)).toEqual([Trust.synced, Trust.resyncing]);
  read(again);
  expect(keepers.map(({ trust }) => trust)).toEqual([Trust.synced, Trust.synced]);
});

test.each([
  ['coinbase', coinbase, coinbaseFrame(0, coinbaseEvent('snapshot', 'BTC-USD', '1.00'), coinbaseEvent('snapshot', 'ETH-USD', '1.00')),
    coinbaseFrame(1, '7', coinbaseEvent('update', 'BTC-USD', '2.00'))],
  ['kraken', kraken, krakenFrame('snapshot', krakenBook('BTC/USD', '1.0'), krakenBook('ETH/USD', '1.00')), krakenFrame('update', '7', krakenBook('BTC/USD', '2.0'))],
] as const)('%s: a part of a frame that names no book may have been of any', (_name, definition, snapshot, update) => {
  const { read, keepers } = twoBooks(definition, ['BTC/USD', 'ETH/USD']);
  read(snapshot);
  read(update);
  expect(keepers.map(({ trust, cause }) => [trust, cause])).toEqual([[Trust.suspect, TrustCause.frameRefused], [Trust.suspect, TrustCause.frameRefused]]);
});

test('coinbase: a frame that is missing from the connection’s numbering leaves none of its books trusted, and another connection alone', () => {
  const { read, keepers, wanted } = twoBooks(coinbase, ['BTC/USD', 'ETH/USD', 'SOL/USD']);
  read(coinbaseFrame(0, coinbaseEvent('snapshot', 'BTC-USD', '1.00'), coinbaseEvent('snapshot', 'ETH-USD', '1.00')));
  read(coinbaseFrame(0, coinbaseEvent('snapshot', 'SOL-USD', '1.00')), 2);
  read(coinbaseFrame(2, coinbaseEvent('update', 'BTC-USD', '0.50')));
  expect(keepers.map(({ trust, cause }) => [trust, cause])).toEqual([
    [Trust.suspect, TrustCause.connectionGap], [Trust.suspect, TrustCause.connectionGap], [Trust.synced, TrustCause.snapshotApplied],
  ]);
  expect(wanted.toSorted()).toEqual([0, 1]);
  expect(keepers.map(({ counters }) => counters.gaps)).toEqual([1, 1, 0]);
});
