import { expect, test } from '@jest/globals';
import type { DeadLetter } from '@parallax/types';
import { DeadLetters } from './dead-letters.js';

const letter = (frame: number): DeadLetter => ({
  venue: 'okx', symbol: null, kind: 'stream', connection: 1, frame, receivedAtUs: frame, reason: 'no', place: '', text: '', truncated: false,
});

test('what came while the past was read stands after it, and what came both ways stands once', () => {
  const letters = new DeadLetters();
  for (const frame of [3, 4]) letters.onLive(letter(frame));
  for (const frame of [1, 2, 3]) letters.onPast(letter(frame));
  letters.onPastRead();
  letters.onLive(letter(5));
  expect(letters.kept.values().map(({ frame }) => frame)).toEqual([5, 4, 3, 2, 1]);
});

test('the newest thousand are kept', () => {
  const letters = new DeadLetters();
  letters.onPastRead();
  for (let frame = 1; frame <= 1_200; frame++) letters.onLive(letter(frame));
  expect([letters.kept.size, letters.kept.values().at(-1)!.frame]).toEqual([1_000, 201]);
});
