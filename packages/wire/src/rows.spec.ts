import { expect, test } from '@jest/globals';
import { BOOK_COLUMNS, BookChange, layoutOf, MARKET_ROW_NAMES, MARKET_ROWS, Quote, QUOTE_COLUMNS, RowKind, Trades } from '@parallax/types';
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

test('a market row that is cut short, or longer than its counts announce, is refused: what stood before would be read as its end', () => {
  const reader = new RowReader();
  for (const name of MARKET_ROW_NAMES) {
    const { kind, columns } = MARKET_ROWS[name];
    const row = new Float64Array(columns + 8);
    row[0] = layoutOf(kind);
    expect(reader.market(bytesOfRow(row, columns), name)[0]).toBe(layoutOf(kind));
    expect(() => reader.market(bytesOfRow(row, columns - 1), name)).toThrow(`a ${name} row has ${columns} columns, this one ${columns - 1}`);
    expect(() => reader.market(bytesOfRow(row, columns + 1), name)).toThrow(`this one ${columns + 1}`);
    expect(() => reader.market(bytesOfRow(row, columns).subarray(0, columns * 8 - 1), name)).toThrow('columns');
  }
  const book = new Float64Array(BOOK_COLUMNS + 4);
  Object.assign(book, { [BookChange.layout]: layoutOf(RowKind.book), [BookChange.bidCount]: 1, [BookChange.askCount]: 1 });
  expect(reader.market(bytesOfRow(book, BOOK_COLUMNS + 4), 'book')[BookChange.bidCount]).toBe(1);
  expect(() => reader.market(bytesOfRow(book, BOOK_COLUMNS + 2), 'book')).toThrow(`a book row has ${BOOK_COLUMNS + 4} columns`);
  for (const count of [-1, 0.5, Number.NaN, Infinity, 2 ** 60]) {
    const trades = new Float64Array(64);
    Object.assign(trades, { [Trades.layout]: layoutOf(RowKind.trades), [Trades.count]: count });
    expect(() => reader.market(bytesOfRow(trades, 64), 'trade')).toThrow('a trade row has');
  }
});
