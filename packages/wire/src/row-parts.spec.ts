import { expect, test } from '@jest/globals';
import { Column, HEADER_COLUMNS, layoutOf, RowKind } from '@parallax/types';
import { isRowPart, RowAssembler, rowPart, sendRow } from './row-parts.js';
import { bytesOfRow } from './rows.js';

const PART_BYTES = 256;

function rowOf(columns: number): Uint8Array {
  const row = Float64Array.from({ length: columns }, (_, i) => i * 1.5);
  row[Column.layout] = layoutOf(RowKind.book);
  row[Column.receivedAtUs] = 1_700_000_000_000_000;
  return bytesOfRow(row, columns);
}
function messagesOf(bytes: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  sendRow(bytes, (message) => messages.push(message.slice()), PART_BYTES);
  return messages;
}

test.each([HEADER_COLUMNS, 31, 32, 33, 64, 65, 1_000])('a row of %d columns comes back whole', (columns) => {
  const bytes = rowOf(columns);
  const messages = messagesOf(bytes);
  expect(messages).toHaveLength(Math.ceil(bytes.length / PART_BYTES));
  if (messages.length === 1) {
    expect([isRowPart(messages[0]), [...messages[0]]]).toEqual([false, [...bytes]]);
    return;
  }
  const assembler = new RowAssembler();
  const taken = messages.map((message) => assembler.take(message));
  expect(taken.slice(0, -1).every((whole) => whole === null)).toBe(true);
  expect([...taken.at(-1)!]).toEqual([...bytes]);
  // Whoever puts messages in the order of time finds the row's own in each part.
  for (const message of messages) expect(new Float64Array(message.slice(0, 96).buffer)[Column.receivedAtUs]).toBe(1_700_000_000_000_000);
});

test('a row with a part missing, doubled or of another row never comes out, and the next one does', () => {
  const [first, second] = [messagesOf(rowOf(100)), messagesOf(rowOf(150))];
  for (const order of [
    [first[0], first[2], first[3]], [first[1], first[2], first[3]], [first[0], first[1], first[1], first[2], first[3]],
    [first[0], first[1], second[2], first[3]],
  ]) {
    const assembler = new RowAssembler();
    expect(order.map((message) => assembler.take(message)).every((whole) => whole === null)).toBe(true);
    expect(second.map((message) => assembler.take(message)).at(-1)?.length).toBe(150 * 8);
    expect(assembler.lost).toBeLessThanOrEqual(1);
  }
});

test('what is no part, or claims what cannot be, is refused and sets no memory aside', () => {
  const assembler = new RowAssembler();
  const part = rowPart(rowOf(100), 0, 0, PART_BYTES);
  const claiming = (column: number, value: number): Uint8Array => {
    const copy = part.slice();
    new Float64Array(copy.buffer, 0, 12)[column] = value;
    return copy;
  };
  for (const bad of [rowOf(40), part.subarray(0, 90), claiming(10, 2 ** 40), claiming(10, -1), claiming(8, 7), claiming(8, 0.5), claiming(9, NaN), claiming(10, 100)]) {
    expect(() => assembler.take(bad)).toThrow(expect.objectContaining({ code: 'INPUT_REFUSED' }));
  }
});
