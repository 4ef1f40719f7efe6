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
  const read = (text: string): void => normaliser.onFrame(1, ++frame, 1_786_309_548_200_000 + frame * 1_000, Buffer.from(text));
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
    coinbaseFrame(1, coinbaseEvent('update', 'BTC-USD', '2.00'), coinbaseEvent('update', 'ETH-USD', '2.001')),
    coinbaseFrame(2, coinbaseEvent('update', 'BTC-USD', '2.00'), coinbaseEvent('update', 'ETH-USD', '2.00')),
    coinbaseFrame(3, coinbaseEvent('snapshot', 'BTC-USD', '1.00'), coinbaseEvent('snapshot', 'ETH-USD', '1.00'))],
  ['kraken', kraken,
    krakenFrame('snapshot', krakenBook('BTC/USD', '1.0'), krakenBook('ETH/USD', '1.00')),
    krakenFrame('update', krakenBook('BTC/USD', '2.0'), krakenBook('ETH/USD', '2.001')),
    krakenFrame('update', krakenBook('BTC/USD', '2.0'), krakenBook('ETH/USD', '2.00')),
    krakenFrame('snapshot', krakenBook('BTC/USD', '1.0'), krakenBook('ETH/USD', '1.00'))],
] as const)('%s: a fault in one of a frame’s books leaves none of them trusted, as all have missed it', (_name, definition, snapshot, update, next, again) => {
  const { read, keepers, wanted } = twoBooks(definition, ['BTC/USD', 'ETH/USD']);
  read(snapshot);
  expect(keepers.map(({ trust }) => trust)).toEqual([Trust.synced, Trust.synced]);
  read(update);
  expect(keepers.map(({ trust, cause }) => [trust, cause])).toEqual([[Trust.suspect, TrustCause.frameRefused], [Trust.suspect, TrustCause.frameRefused]]);
  // The next change is right by itself and proves nothing of the lost one.
  read(next);
  expect(keepers.map(({ trust }) => trust)).toEqual([Trust.suspect, Trust.suspect]);
  expect(wanted).not.toHaveLength(0);
  read(again);
  expect(keepers.map(({ trust }) => trust)).toEqual([Trust.synced, Trust.synced]);
});
