import { expect, test } from '@jest/globals';
import { ALONE_AGAIN_US, WriterWatch } from './writer-watch.js';

const SECOND = 1_000_000;
const [a, b, c] = [1_000, 2_000, 3_000];

/** Says who writes at which second; gives whether it was admitted. */
function watching(): { watch: WriterWatch; says: (writer: number, second: number) => boolean } {
  const watch = new WriterWatch();
  return { watch, says: (writer, second) => watch.admits(writer, { nowUs: () => second * SECOND }) };
}

test('one writer after another is a successor, at whatever time', () => {
  const { watch, says } = watching();
  expect([says(a, 0), says(a, 1), says(b, 1.001), says(b, 2), says(c, 100)]).toEqual([true, true, true, true, true]);
  expect(watch.contenders(100 * SECOND)).toEqual([]);
});

test('who is followed and writes on shows that there are two; nothing of either is taken, whichever it is', () => {
  const { watch, says } = watching();
  says(a, 0);
  expect(says(b, 1)).toBe(true);
  expect([says(a, 1.1), says(a, 1.2), says(b, 1.3), says(b, 4), says(a, 6)]).toEqual([false, false, false, false, false]);
  expect(watch.contenders(6 * SECOND).toSorted()).toEqual([a, b]);
});

test.each([[a, b], [b, a]])('the one that is left is alone again once the other was silent for long enough', (stays, ends) => {
  const { watch, says } = watching();
  for (const writer of [a, b, a, b]) says(writer, 1);
  const alone = 1 + ALONE_AGAIN_US / SECOND;
  expect([says(stays, alone), says(stays, alone + 0.001), says(stays, alone + 10)]).toEqual([false, true, true]);
  expect(watch.contenders((alone + 0.001) * SECOND)).toEqual([]);
  // It was only slow: there are still two.
  expect([says(ends, alone + 11), says(stays, alone + 11)]).toEqual([false, false]);
});

test('of three writers two must be silent; where all are, nobody is in anybody’s way', () => {
  const { watch, says } = watching();
  for (const writer of [a, b, a, c]) says(writer, 1);
  expect([says(b, 4), says(a, 7)]).toEqual([false, false]);
  expect(says(a, 9.1)).toBe(true);
  says(b, 9.2);
  expect(watch.contenders(9.2 * SECOND).toSorted()).toEqual([a, b]);
  expect(watch.contenders(30 * SECOND)).toEqual([]);
});
