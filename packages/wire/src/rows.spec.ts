import { expect, test } from '@jest/globals';
import { layoutOf, Quote, QUOTE_COLUMNS, RowKind } from '@parallax/types';
import { bytesOfRow, rowFromBytes, RowReader } from './rows.js';

const quote = (): Float64Array => {
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.layout] = layoutOf(RowKind.quote);
  row[Quote.bidPrice] = 9_007_199_254_740_991;
  row[Quote.depthUpdateId] = 5_123_107_852_948;
  return row;
};

test('a row read from unaligned bytes is the row that was written', () => {
  const shifted = new Uint8Array(QUOTE_COLUMNS * 8 + 3);
  shifted.set(bytesOfRow(quote(), QUOTE_COLUMNS), 3);
  const read = new RowReader().read(shifted.subarray(3), RowKind.quote);
  expect([...read.subarray(0, QUOTE_COLUMNS)]).toEqual([...quote()]);
  expect([...rowFromBytes(shifted.subarray(3))]).toEqual([...quote()]);
});

test('bytes of another kind, another version or too few are refused', () => {
  const reader = new RowReader();
  expect(() => reader.read(bytesOfRow(quote(), QUOTE_COLUMNS), RowKind.book)).toThrow('row layout 257 is not kind 2');
  expect(() => reader.read(new Uint8Array(16), RowKind.quote)).toThrow('at least 64 bytes');
});

test('a row longer than the reader’s memory grows it', () => {
  const row = new Float64Array(1000);
  row[0] = layoutOf(RowKind.book);
  row[999] = 7;
  expect(new RowReader().read(bytesOfRow(row, 1000), RowKind.book)[999]).toBe(7);
});
