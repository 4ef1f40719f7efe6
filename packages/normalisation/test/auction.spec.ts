import { expect, test } from '@jest/globals';
import { InstrumentTable, Quote, Trust, TrustCause } from '@parallax/types';
import { coinbase } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

const START_US = 1_786_309_548_000_000;

test('coinbase: a product in auction is crossed by design: it alone is not trusted, nothing is asked for, and it is trusted as it uncrosses', () => {
  const table = new InstrumentTable();
  const symbols = ['BTC/USD', 'SOL/USD'];
  for (const specification of coinbase.catalogue) if (symbols.includes(specification.symbol)) table.add(specification);
  const wanted: number[] = [];
  const quotes = new Map<string, number[]>();
  const normaliser = new VenueNormaliser(coinbase, table, {
    onQuote: (instrument, row) => quotes.set(table.get(instrument).symbol, [row[Quote.trust], row[Quote.cause], row[Quote.bidPrice], row[Quote.askPrice]]),
    onBook: () => {}, onTrades: () => {}, onDeadLetter: () => {}, onTrust: () => {}, onSnapshotWanted: (instrument) => wanted.push(instrument),
  });
  let sequence = 0;
  const read = (type: string, product: string, levels: readonly (readonly [side: string, price: string, size: string])[]): void => {
    const updates = levels.map(([side, price, size]) =>
      `{"side":"${side}","event_time":"2026-08-09T21:05:48.17Z","price_level":"${price}","new_quantity":"${size}"}`);
    const text = `{"channel":"l2_data","client_id":"","timestamp":"2026-08-09T21:05:48.228Z","sequence_num":${sequence},"events":[{"type":"${type}","product_id":"${product}","updates":[${updates.join(',')}]}]}`;
    normaliser.onFrame(1, ++sequence, START_US + sequence * 100_000, Buffer.from(text));
  };
  read('snapshot', 'BTC-USD', [['bid', '60000.00', '1'], ['offer', '60000.01', '1']]);
  read('snapshot', 'SOL-USD', [['bid', '151.00', '10'], ['offer', '149.00', '12']]);
  expect([...quotes]).toEqual([
    ['BTC/USD', [Trust.synced, TrustCause.snapshotApplied, 6_000_000, 6_000_001]], ['SOL/USD', [Trust.suspect, TrustCause.crossedAtVenue, 15_100, 14_900]],
  ]);
  read('update', 'SOL-USD', [['bid', '152.00', '5']]);
  read('update', 'BTC-USD', [['bid', '60000.00', '2']]);
  expect(normaliser.market(0).keeper.trust).toBe(Trust.synced);
  read('update', 'SOL-USD', [['bid', '151.00', '0'], ['bid', '152.00', '0'], ['bid', '149.90', '4'], ['offer', '149.00', '0'], ['offer', '150.10', '6']]);
  expect(quotes.get('SOL/USD')).toEqual([Trust.synced, TrustCause.resumed, 14_990, 15_010]);
  // An auction may begin while trading goes on.
  read('update', 'SOL-USD', [['bid', '150.10', '1']]);
  expect(quotes.get('SOL/USD')?.slice(0, 2)).toEqual([Trust.suspect, TrustCause.crossedAtVenue]);
  expect([wanted, [0, 1].map((instrument) => normaliser.market(instrument).keeper.isJoined)]).toEqual([[], [true, true]]);
  expect(normaliser.market(0).keeper.counters).toMatchObject({ crossed: 0, gaps: 0, resyncs: 1 });
});
