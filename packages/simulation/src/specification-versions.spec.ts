import { LadderBook } from '@parallax/book';
import { expect, test } from '@jest/globals';
import { Column, type Row } from '@parallax/types';
import { bookRow, quoteRow, specification, tradesRow } from '../test/rows.js';
import { MatchingEngine } from './matching-engine.js';
import { Lifetime, type MatchSink } from './matching-terms.js';
import { riskAverseQueue } from './queue-model.js';

/** Integers of another version stand for other prices and sizes. */
const ofVersion = (version: number, row: Row): Row => {
  row[Column.specificationVersion] = version;
  return row;
};
const nothing = (): void => {};

function engineWith(depth: 'books' | 'quotes'): { engine: MatchingEngine; filled: string[] } {
  const filled: string[] = [];
  const sink: MatchSink = {
    onRefused: nothing, onResting: nothing, onTaken: nothing, onFilled: nothing, onExpired: nothing, onCancelled: nothing,
    onFill: (order, price, size) => void filled.push(`${order}: ${size}@${price}`),
  };
  return { engine: new MatchingEngine(specification, new LadderBook(1), { queue: riskAverseQueue, depth }, sink), filled };
}

test.each([0, 2])('books and trades of version %d of a specification are not those of version 1', (other) => {
  const { engine, filled } = engineWith('books');
  engine.onBook(ofVersion(other, bookRow([[1000, 50]], [[1002, 30]], { id: 1, keyframe: true })), 1);
  expect(engine.hasBook).toBe(false);
  engine.onBook(bookRow([[1000, 50]], [[1002, 30]], { id: 1, keyframe: true }), 2);
  engine.onBook(ofVersion(other, bookRow([], [[1001, 30]], { id: 2 })), 3);
  engine.submit(1, 1, 1001, 10, Lifetime.goodTillCancelled, 4);
  engine.onTrades(ofVersion(other, tradesRow({ price: 1001, size: 500, side: -1 })), 5);
  expect(filled).toEqual([]);
  engine.onBook(bookRow([], [[1001, 30]], { id: 2 }), 6);
  expect(filled).toEqual(['1: 10@1001']);
});

test('nor are quotes, where they are the whole book', () => {
  const { engine } = engineWith('quotes');
  engine.onQuote(ofVersion(2, quoteRow([1000, 5], [1002, 7])), 1);
  expect(engine.hasBook).toBe(false);
  engine.onQuote(quoteRow([1000, 5], [1002, 7]), 2);
  expect(engine.hasBook).toBe(true);
});
