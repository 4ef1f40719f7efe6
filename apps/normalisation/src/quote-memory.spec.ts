import { expect, test } from '@jest/globals';
import type { VenueNormaliser } from '@parallax/normalisation';
import { InstrumentTable, Quote, QUOTE_COLUMNS, type InstrumentSpecification, type LastValues, type Row } from '@parallax/types';
import { QuoteMemory, SLICES } from './quote-memory.js';

const specificationOf = (symbol: string, version: number): InstrumentSpecification => ({
  venue: 'okx', symbol, venueSymbol: symbol, base: symbol, quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false, contractSize: '1',
  priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0', status: 'trading', version, source: 'listing',
});

/** Symbols S0, S1, … of one venue, whose quotes the test moves. */
function stand(symbols: number): { rows: Row[]; instruments: InstrumentTable; turn: () => string[] } {
  const instruments = new InstrumentTable();
  const rows: Row[] = [];
  for (let i = 0; i < symbols; i++) {
    instruments.add(specificationOf(`S${i}`, 1));
    rows.push(new Float64Array(QUOTE_COLUMNS));
    rows[i][Quote.specificationVersion] = 1;
  }
  const put: string[] = [];
  const values: LastValues = {
    putQuote: ({ symbol }, row) => void put.push(`${symbol}#${row[Quote.sequence]}`),
    putRegime: () => {}, recall: () => Promise.resolve({ quotes: [], regimes: [] }), counters: {},
  };
  const memory = new QuoteMemory(values, instruments);
  const normaliser = { seen: () => rows.keys(), market: (instrument: number) => ({ quote: { row: rows[instrument] } }) };
  return {
    rows, instruments,
    turn() {
      for (let round = 0; round < SLICES; round++) memory.round([normaliser as unknown as VenueNormaliser]);
      return put.splice(0).toSorted();
    },
  };
}

test('a turn of rounds puts each quote that moved once, however often it moved, and no other', () => {
  const { rows, turn } = stand(25);
  for (const row of rows) row[Quote.sequence] = 1;
  expect(turn()).toHaveLength(25);
  expect(turn()).toEqual([]);
  for (let sequence = 2; sequence < 1_000; sequence++) rows[7][Quote.sequence] = sequence;
  // A book that began anew counts from one again.
  rows[9][Quote.sequence] = 0;
  expect(turn()).toEqual(['S7#999', 'S9#0']);
});

test('a quote of another version than the specification has is not put', () => {
  const { rows, instruments, turn } = stand(1);
  instruments.add(specificationOf('S0', 2));
  expect(turn()).toEqual([]);
  rows[0][Quote.specificationVersion] = 2;
  expect(turn()).toEqual(['S0#0']);
});
