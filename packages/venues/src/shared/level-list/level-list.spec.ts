import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Levels } from '@parallax/book';
import { scaledFromText } from '@parallax/types';
import { ascii, ByteScanner } from '../scan.js';
import { FramePage } from './frame-page.js';
import { SOURCE_SHA256 } from './program.js';

type Pair = readonly [price: string, size: string];

let state = 7;
function next(limit: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}
const digits = (count: number): string => Array.from({ length: count }, () => (next(4) ? next(10) : 0)).join('');
function number(): string {
  const fraction = digits(next(12) ? next(9) : next(14));
  return digits(1 + (next(20) ? next(7) : next(17))) + (fraction === '' ? '' : `.${fraction}`);
}
const list = (pairs: readonly Pair[]): string => `${pairs.map((pair) => JSON.stringify(pair)).join(',')}]`;

const scanner = new ByteScanner();
function scanned(text: string, priceScale: number, sizeScale: number): number[] | 'missed' {
  const levels = new Levels();
  scanner.start(ascii(text));
  if (!scanner.pairs(levels, priceScale, sizeScale)) return 'missed';
  expect(scanner.at).toBe(text.startsWith(']') ? 1 : text.indexOf(']]') + 2);
  return Array.from({ length: levels.count }, (_, i) => [levels.prices[i], levels.sizes[i]]).flat();
}
function expected(pairs: readonly Pair[], priceScale: number, sizeScale: number): number[] | 'missed' {
  try {
    const numbers = pairs.flatMap(([price, size]) => [scaledFromText(price, priceScale), scaledFromText(size, sizeScale)]);
    return numbers.some((value, at) => at % 2 === 0 && value === 0) ? 'missed' : numbers;
  } catch {
    return 'missed';
  }
}

test('program.ts was made from level-list.as as it stands: `node tools/write-level-list.mjs`', () => {
  const source = readFileSync(new URL('level-list.as', import.meta.url));
  expect(createHash('sha256').update(source).digest('hex')).toBe(SOURCE_SHA256);
});

test('lists of every length and scale are read as the plain path reads them, or missed', () => {
  let read = 0;
  for (let i = 0; i < 30_000; i++) {
    const pairs = Array.from({ length: next(5) }, (): Pair => [number(), number()]);
    const scales = [next(11), next(11)] as const;
    const found = scanned(`${list(pairs)},"a":[["1","2"]]`, ...scales);
    expect(found).toEqual(expected(pairs, ...scales));
    if (found !== 'missed') read++;
  }
  expect(read).toBeGreaterThan(5_000);
});

test('the program itself reads usual levels, and stops at the first that is unusual', () => {
  const page = new FramePage(4_096);
  const stopsAt = (text: string): string => {
    page.bytes.fill(0);
    page.bytes.set(ascii(text));
    return text.slice(page.read(0, new Levels(), 2, 8));
  };
  expect(stopsAt('["61828.09000000","0.34217000"],["61828.08000000","123.00000000"]],"a"')).toBe(',"a"');
  expect(stopsAt('["61828","0"],["1","123456789"]],"a"')).toBe('["1","123456789"]],"a"');
  expect(stopsAt('["1","2"],["0.00","2"]]')).toBe('["0.00","2"]]');
});

test.each([
  '["1","2"', '["1","2"],', '["1","2"],]', '["1","2"]', '["1","2"]}', '["1",2]]', '[1,"2"]]', '["1","2","0"]]', '["1"]]', '["","2"]]', '["1",""]]',
  '["1.","2"]]', '[".5","2"]]', '["-1","2"]]', '["1e3","2"]]', '["1","2 "]]', '["1", "2"]]', '["1.2.3","2"]]', '["1","2"], ["3","4"]]', '[["1","2"]]', '',
])('%p is a miss', (text) => {
  expect(scanned(text, 2, 3)).toBe('missed');
});

test('what an earlier frame left behind the end of a shorter one is not read', () => {
  const whole = list([['61828.09', '0.342'], ['61828.10', '1.5']]);
  for (let cut = 1; cut < whole.length; cut++) {
    expect(scanned(whole, 2, 3)).toEqual([6_182_809, 342, 6_182_810, 1_500]);
    expect(scanned(whole.slice(0, cut), 2, 3)).toBe('missed');
  }
});

test('a frame that is larger than the page makes it grow', () => {
  const pairs = Array.from({ length: 40_000 }, (_, i): Pair => [`${i + 1}`, '0.5']);
  const levels = scanned(list(pairs), 0, 1);
  expect(levels).toEqual(pairs.flatMap((_, i) => [i + 1, 5]));
  expect(scanned(list(pairs.slice(0, 2)), 0, 1)).toEqual([1, 5, 2, 5]);
});
