import { expect, test } from '@jest/globals';
import { layoutOf, RowKind } from '@parallax/types';
import { bytesOfRow, isRowPart, RowAssembler } from '@parallax/wire';
import { HeldKeyframes } from './held-keyframes.js';

const rowOf = (columns: number, fill: number): Uint8Array => {
  const row = new Float64Array(columns).fill(fill);
  row[0] = layoutOf(RowKind.book);
  return bytesOfRow(row, columns);
};

test('what fits is the answer itself; what does not is given part by part, as it was when it was asked for', () => {
  const keyframes = new HeldKeyframes(400);
  const small = rowOf(50, 1);
  expect(keyframes.first(small, 0)).toBe(small);
  const large = rowOf(111, 2);
  const wanted = [...large];
  const assembler = new RowAssembler();
  const first = keyframes.first(large, 0);
  expect([isRowPart(first), assembler.take(first)]).toEqual([true, null]);
  // The row behind the bytes is written anew meanwhile, and somebody else asks.
  large.fill(7, 8);
  keyframes.first(rowOf(200, 3), 0);
  expect(assembler.take(keyframes.next({ of: assembler.last.of, part: 1 }, 5_000_000))).toBeNull();
  expect([...assembler.take(keyframes.next({ of: assembler.last.of, part: 2 }, 5_000_000))!]).toEqual(wanted);
  // The last part was asked for: nothing is held of it any more.
  expect(() => keyframes.next({ of: assembler.last.of, part: 1 }, 5_000_000)).toThrow(expect.objectContaining({ code: 'INPUT_REFUSED' }));
});

test('nothing is held for ever, and never too much', () => {
  const keyframes = new HeldKeyframes(400);
  const assembler = new RowAssembler();
  const ofFirst = (nowUs: number): number => (assembler.take(keyframes.first(rowOf(111, 2), nowUs)), assembler.last.of);
  const old = ofFirst(0);
  expect(() => keyframes.next({ of: old, part: 1 }, 10_000_001)).toThrow('ask for a new keyframe');
  const ids = Array.from({ length: 40 }, () => ofFirst(20_000_000));
  const given = ids.filter((of) => {
    try {
      return keyframes.next({ of, part: 1 }, 20_000_000).length > 0;
    } catch {
      return false;
    }
  });
  expect(given).toEqual(ids.slice(-16));
});
