import { expect, test } from '@jest/globals';
import { guardedSink } from './guarded-sink.js';

interface Sink {
  onFirst(value: number): void;
  onSecond(value: number, atUs: number): void;
}

test('what a sink throws is told with its place, and its caller goes on', () => {
  const told: unknown[] = [];
  const heard: number[] = [];
  const sink: Sink = {
    onFirst(value) {
      heard.push(value);
      if (value === 2) throw new Error('away');
    },
    onSecond: (value, atUs) => heard.push(value, atUs),
  };
  const guarded = guardedSink(sink, ['onFirst', 'onSecond'], (error, place) => told.push([(error as Error).message, place]));
  for (const value of [1, 2, 3]) guarded.onFirst(value);
  guarded.onSecond(4, 5);
  expect([heard, told]).toEqual([[1, 2, 3, 4, 5], [['away', 'onFirst']]]);
});
