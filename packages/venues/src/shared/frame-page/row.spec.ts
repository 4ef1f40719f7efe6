import { expect, test } from '@jest/globals';
import { scaledFromText } from '@parallax/types';
import { ascii, ByteScanner } from '../scan.js';
import { decimal, FLAG, INTEGER, row, TEXT, type Row } from './row.js';

let state = 11;
function next(limit: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}
const digits = (count: number): string => Array.from({ length: count }, () => (next(4) ? next(10) : 0)).join('');
const integerText = (): string => digits(1 + (next(3) ? next(16) : next(20)));
function decimalText(): string {
  const fraction = digits(next(12) ? next(9) : next(14));
  return digits(1 + (next(20) ? next(8) : next(17))) + (fraction === '' ? '' : `.${fraction}`);
}

/** What a row's text says by plain means; null where it is not the row. */
function reference(text: string, [idAt, priceAt, flagAt]: readonly string[], scale: number): number[] | null {
  try {
    if (!/^(0|[1-9]\d*)$/.test(idAt) || !Number.isSafeInteger(Number(idAt))) return null;
    return [Number(idAt), scaledFromText(priceAt, scale), flagAt === 'true' ? 1 : 0];
  } catch {
    return null;
  }
}

function taken(scanner: ByteScanner, place: number, text: string, values: number): { at: number; values: number[] } | null {
  scanner.start(ascii(text));
  return scanner.takeRow(place) ? { at: scanner.at, values: Array.from(scanner.values.subarray(0, values)) } : null;
}

test('a template takes texts, values and other rows', () => {
  const price = decimal(2);
  const inner = row`"p":"${price}"`;
  const expected: Row = { texts: ['{"s":"X","t":', ',"p":"', '"}'], values: [INTEGER, price] };
  expect(row`{"s":"${'X'}","t":${INTEGER},${inner}}`).toEqual(expected);
});

test('rows are read as the plain reading reads them', () => {
  const scanner = new ByteScanner();
  let read = 0;
  for (let i = 0; i < 30_000; i++) {
    const scale = next(16);
    const name = 'symbol-and-more-of-it'.slice(0, next(22));
    const place = scanner.keep(row`{"${name}":${INTEGER},"x":"${TEXT}","p":"${decimal(scale)}","m":${FLAG}}`);
    const parts = [integerText(), decimalText(), next(2) ? 'true' : 'false'];
    const text = `{"${name}":${parts[0]},"x":"any text at all","p":"${parts[1]}","m":${parts[2]}}`;
    const found = taken(scanner, place, text, 3);
    if (found) {
      read++;
      expect(found).toEqual({ at: text.length, values: reference(text, parts, scale) });
    } else if (parts[1].split('.').every((part) => part.length <= 8) && parts[0].length <= 16) {
      expect({ text, scale, read: reference(text, parts, scale) }).toEqual({ text, scale, read: null });
    }
  }
  expect(read).toBeGreaterThan(5_000);
});

test('a row is missed where one character is another, or the frame ends within it', () => {
  const scanner = new ByteScanner();
  const place = scanner.keep(row`{"symbol":"BTCUSDT","id":${INTEGER},"x":"${TEXT}","price":"${decimal(2)}","maker":${FLAG}}`);
  const whole = '{"symbol":"BTCUSDT","id":1723161256313,"x":"y","price":"61800.20","maker":false}';
  expect(taken(scanner, place, whole, 3)).toEqual({ at: whole.length, values: [1_723_161_256_313, 6_180_020, 0] });
  for (let at = 0; at < whole.length; at++) {
    for (const character of '"x,:.[]{} -e\u0001\u007f') {
      const isText = at === whole.indexOf('y"') && !'"\u0001\u007f'.includes(character);
      const splitsNumber = character === '.' && at > whole.indexOf('61800') && at < whole.indexOf('.20');
      if (character === whole[at] || isText || splitsNumber) continue;
      const text = whole.slice(0, at) + character + whole.slice(at + 1);
      expect({ text, found: taken(scanner, place, text, 3) }).toEqual({ text, found: null });
    }
    taken(scanner, place, whole, 3);
    expect(taken(scanner, place, whole.slice(0, at), 3)).toBeNull();
  }
});

test('rows stay where they are when the memory grows for more of them, or for a larger frame', () => {
  const scanner = new ByteScanner();
  const first = scanner.keep(row`first ${INTEGER}!`);
  const places = Array.from({ length: 5_000 }, (_, i) => scanner.keep(row`number ${String(i)} is ${INTEGER}.`));
  taken(scanner, first, 'x'.repeat(300_000), 0);
  expect(taken(scanner, first, 'first 7!', 1)).toEqual({ at: 8, values: [7] });
  for (const i of [0, 17, 4_999]) expect(taken(scanner, places[i], `number ${i} is 12.`, 1)?.values).toEqual([12]);
});

test('a row that is kept between two frames leaves the frame as it is', () => {
  const scanner = new ByteScanner();
  scanner.start(ascii('later 5;'));
  const places = Array.from({ length: 2_000 }, () => scanner.keep(row`later ${INTEGER};`));
  expect([scanner.takeRow(places[1_999]), scanner.values[0]]).toEqual([true, 5]);
});

test('a scale beyond what is known stands nowhere, and too many values are refused', () => {
  const scanner = new ByteScanner();
  expect(taken(scanner, scanner.keep(row`${decimal(16)}`), '1', 1)).toBeNull();
  expect(taken(scanner, scanner.keep(row`${decimal(15)}`), '1', 1)?.values).toEqual([1e15]);
  const many: Row = { texts: Array.from({ length: 18 }, () => 'x'), values: Array.from({ length: 17 }, () => INTEGER) };
  expect(() => scanner.keep(many)).toThrow('a row of 17 values');
});
