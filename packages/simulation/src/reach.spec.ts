import { LadderBook } from '@parallax/book';
import { expect, test } from '@jest/globals';
import { bookRow, specification } from '../test/rows.js';
import { MatchingEngine } from './matching-engine.js';
import { Lifetime, type MatchSink } from './matching-terms.js';
import { riskAverseQueue } from './queue-model.js';

const nothing = (): void => {};

/** What an order to buy at 1003 fills, and what of it expires, where 3 stand at 1002 and 40 at 1003. */
function boughtOf(size: number, reach?: number): { filled: number; expired: number } {
  const told = { filled: 0, expired: 0 };
  const sink: MatchSink = {
    onRefused: nothing, onResting: nothing, onTaken: nothing, onFilled: nothing, onCancelled: nothing,
    onFill: (_order, _price, filled) => void (told.filled += filled),
    onExpired: (_order, remaining) => void (told.expired += remaining),
  };
  const contracts = { ...specification, minimumSize: 1 };
  const engine = new MatchingEngine(contracts, new LadderBook(1), { queue: riskAverseQueue, depth: 'books' }, sink);
  engine.onBook(bookRow([[1000, 50]], [[1002, 3], [1003, 40]], { id: 1, keyframe: true }), 1);
  engine.submit(1, 1, 1003, size, Lifetime.immediateOrCancel, 2, reach);
  return told;
}

test('an order of the smallest size fills as any other', () => {
  expect([boughtOf(1), boughtOf(2), boughtOf(5)]).toEqual([1, 2, 5].map((filled) => ({ filled, expired: 0 })));
});

test('of an order no more than its reach meets what is visible', () => {
  expect([0, 1, 4].map((reach) => boughtOf(5, reach))).toEqual([0, 1, 4].map((filled) => ({ filled, expired: 5 - filled })));
});
