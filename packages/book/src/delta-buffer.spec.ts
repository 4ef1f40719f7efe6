import { BOOK_COLUMNS, BookChange } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { DeltaBuffer } from './delta-buffer.js';

test('gives what follows the keyframe, as it was when it came', () => {
  const buffer = new DeltaBuffer(3);
  const row = new Float64Array(BOOK_COLUMNS + 50);
  for (let id = 1; id <= 5; id++) {
    row[BookChange.previousId] = id - 1;
    row[BookChange.lastId] = id;
    buffer.keep(row);
  }
  expect(buffer.after(3).map((kept) => [kept[BookChange.lastId], kept.length])).toEqual([[4, BOOK_COLUMNS], [5, BOOK_COLUMNS]]);
  expect(buffer.after(1)).toEqual([]);
  expect(buffer.after(5)).toEqual([]);
});
