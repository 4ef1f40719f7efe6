import { expect, test } from '@jest/globals';
import type { PlanResult, Position } from '@parallax/types';
import { ProfitBook } from './profit-book.js';

const result = (intentId: string, more: Partial<PlanResult> = {}): PlanResult => ({
  intentId, approvalId: 'a', account: 'paper', strategy: 's', outcome: 'completed', currency: 'USDT', spread: '0.1', slippage: '0.2', fees: '-0.05',
  exitCost: '0', held: '-500', total: '-499.75', passedOver: {}, revision: 1, fillCount: 0, otherFees: {}, dust: null, uneven: null, finishedAtUs: 1_000_000, ...more,
});
const position = (venue: string, realised: string, fees: string): Position => ({
  account: 'paper', strategy: 's', venue, symbol: 'B/U', size: '0', averagePrice: null, realised, fees, currency: 'USDT', updatedAtUs: 5,
});

test('plans add up exactly by cause, each once, and what is held counts for nothing', () => {
  const book = new ProfitBook();
  book.onResult(result('i1'));
  expect(book.onResult(result('i1'))).toEqual([]);
  const [profit] = book.onResult(result('i2', { exitCost: '-0.35', finishedAtUs: 3_000_000 }));
  expect(profit).toEqual({
    account: 'paper', currency: 'USDT', causes: { spread: '0.2', slippage: '0.4', fees: '-0.1', exits: '-0.35' }, net: '0.15', atUs: 3_000_000,
  });
  expect(book.history.map(({ net }) => net)).toEqual(['0.25', '0.15']);
});

test('without plans the positions count; with plans they do not', () => {
  const book = new ProfitBook();
  const positions = [position('a', '0.3', '0.1'), position('b', '-0.1', '0.2')];
  expect(book.onPositions(positions)).toMatchObject([{ causes: { price: '0.2', fees: '-0.3' }, net: '-0.1' }]);
  expect(book.onPositions(positions)).toEqual([]);
  book.onResult(result('i1'));
  expect(book.onPositions([position('a', '9', '0')])).toEqual([]);
});

test('samples within a second become one', () => {
  const book = new ProfitBook();
  for (let i = 0; i < 10; i++) book.onResult(result(`i${i}`, { finishedAtUs: 1_000_000 + i * 300_000 }));
  expect(book.history).toHaveLength(3);
});
