import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { scaledFromText } from '@parallax/types';
import { ascii, ByteScanner } from '../scan.js';
import type { LevelShape } from './frame-page.js';
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

const WRITTEN: Record<LevelShape, (pair: Pair) => string> = {
  pair: ([price, size]) => `["${price}","${size}"]`,
  'pair-and-orders': ([price, size]) => `["${price}","${size}","0","${next(30)}"]`,
  object: ([price, size]) => `{"price":${price},"qty":${size}}`,
};
const list = (shape: LevelShape, pairs: readonly Pair[]): string => `${pairs.map(WRITTEN[shape]).join(',')}]`;

/** What the plain reading makes of a level; null where it is refused. */
function reference([price, size]: Pair, scales: readonly [number, number]): number[] | null {
  try {
    const value = [scaledFromText(price, scales[0]), scaledFromText(size, scales[1])];
    return value[0] === 0 ? null : value;
  } catch {
    return null;
  }
}
const hasFewDigits = (text: string): boolean => text.split('.').every((part) => part.length <= 8);
const isBare = (text: string): boolean => !/^0\d/.test(text);

const scanners = new Map<LevelShape, ByteScanner>();
function scan(shape: LevelShape, text: string, priceScale: number, sizeScale: number) {
  const scanner = scanners.get(shape) ?? new ByteScanner(shape);
  scanners.set(shape, scanner);
  const levels = scanner.bids;
  scanner.start(ascii(text));
  const ended = scanner.usualLevels(levels, priceScale, sizeScale);
  return { ended, at: scanner.at, found: Array.from({ length: levels.count }, (_, i) => [levels.prices[i], levels.sizes[i]]) };
}

test('program.ts was made from frame-program.as as it stands: `node tools/write-frame-program.mjs`', () => {
  const source = readFileSync(new URL('frame-program.as', import.meta.url));
  expect(createHash('sha256').update(source).digest('hex')).toBe(SOURCE_SHA256);
});

describe.each(['pair', 'pair-and-orders', 'object'] as const)('levels written as %s', (shape) => {
  test('are read as the plain path reads them, up to the first that is unusual', () => {
    let ends = 0;
    for (let i = 0; i < 20_000; i++) {
      const pairs = Array.from({ length: next(5) }, (): Pair => [number(), number()]);
      const scales = [next(18), next(18)] as const;
      const whole = list(shape, pairs);
      const { ended, at, found } = scan(shape, `${whole},"next":[["1","2"]]`, ...scales);
      expect(found).toEqual(pairs.slice(0, found.length).map((pair) => reference(pair, scales)));
      if (ended) {
        ends++;
        expect([at, found.length]).toEqual([whole.length, pairs.length]);
        continue;
      }
      const stopped = pairs[found.length];
      const fits = reference(stopped, scales) !== null && Math.max(...scales) <= 15 && stopped.every(hasFewDigits);
      const isUsual = fits && stopped.join('').length <= 22 && (shape !== 'object' || stopped.every(isBare));
      expect({ stopped, isUsual }).toEqual({ stopped, isUsual: false });
    }
    expect(ends).toBeGreaterThan(3_000);
  });

  test('that an earlier frame left behind the end of a shorter one are not read', () => {
    const whole = list(shape, [['61828.09', '0.342'], ['61828.10', '1.5']]);
    for (let cut = 1; cut < whole.length; cut++) {
      expect(scan(shape, whole, 2, 3)).toEqual({ ended: true, at: whole.length, found: [[6_182_809, 342], [6_182_810, 1_500]] });
      const { ended, at } = scan(shape, whole.slice(0, cut), 2, 3);
      expect([ended, at <= cut]).toEqual([false, true]);
    }
  });

  test('of a frame that is larger than the page make it grow', () => {
    const pairs = Array.from({ length: 40_000 }, (_, i): Pair => [`${i + 1}`, '0.5']);
    expect(scan(shape, list(shape, pairs), 0, 1)).toMatchObject({ ended: true, found: pairs.map((_, i) => [i + 1, 5]) });
    expect(scan(shape, list(shape, pairs.slice(0, 2)), 0, 1)).toMatchObject({ ended: true, found: [[1, 5], [2, 5]] });
  });

  test('are missed where one character is another', () => {
    const whole = list(shape, [['61828.09', '0.342']]);
    for (let at = 0; at < whole.length; at++) {
      for (const character of '"x,:.[]{} -e') {
        if (character === whole[at]) continue;
        const { ended, found } = scan(shape, whole.slice(0, at) + character + whole.slice(at + 1), 2, 3);
        // A point between digits makes another number.
        if (character === '.' && /\d/.test(whole[at])) continue;
        expect({ at, character, ended: ended && found.length > 0 }).toEqual({ at, character, ended: false });
      }
    }
  });
});
