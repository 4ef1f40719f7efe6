import { LadderBook } from '@parallax/book';
import { expect, test } from '@jest/globals';
import { bookRow, quoteRow, specification, tradesRow } from '../test/rows.js';
import { MatchingEngine } from './matching-engine.js';
import { Lifetime, MATCH_REFUSAL_NAMES, type MatchSink } from './matching-terms.js';
import { probabilisticQueue, riskAverseQueue, type QueueModel } from './queue-model.js';

class Log implements MatchSink {
  readonly lines: string[] = [];
  onRefused(order: number, refusal: 0): void { this.lines.push(`${order} refused ${MATCH_REFUSAL_NAMES[refusal]}`); }
  onResting(order: number, remaining: number): void { this.lines.push(`${order} rests ${remaining}`); }
  onTaken(): void {}
  onFill(order: number, price: number, size: number, maker: boolean): void {
    this.lines.push(`${order} ${maker ? 'maker' : 'taker'} ${size}@${price}`);
  }
  onFilled(order: number): void { this.lines.push(`${order} filled`); }
  onExpired(order: number, remaining: number): void { this.lines.push(`${order} expired ${remaining}`); }
  onCancelled(order: number, remaining: number): void { this.lines.push(`${order} cancelled ${remaining}`); }
  take(): string[] { return this.lines.splice(0); }
}

function engineWith(queue: QueueModel = riskAverseQueue, depth: 'books' | 'quotes' = 'books') {
  const log = new Log();
  const engine = new MatchingEngine(specification, new LadderBook(1), { queue, depth }, log);
  if (depth === 'books') {
    engine.onBook(bookRow([[1000, 50], [999, 70]], [[1002, 30], [1003, 40]], { id: 1, keyframe: true }), 1);
  }
  return { engine, log };
}

test('a taker walks the visible levels at their own prices, and what it took stays taken until the level changes', () => {
  const { engine, log } = engineWith();
  engine.submit(1, 1, 1003, 50, Lifetime.immediateOrCancel, 2);
  expect(log.take()).toEqual(['1 taker 30@1002', '1 taker 20@1003', '1 filled']);
  engine.submit(2, 1, 1003, 50, Lifetime.immediateOrCancel, 3);
  expect(log.take()).toEqual(['2 taker 20@1003', '2 expired 30']);
  engine.onBook(bookRow([], [[1003, 40]], { id: 2 }), 4);
  engine.submit(3, 1, 1003, 10, Lifetime.immediateOrCancel, 5);
  expect(log.take()).toEqual(['3 expired 10']);
  engine.onBook(bookRow([], [[1002, 12]], { id: 3 }), 6);
  engine.submit(4, 1, 1003, 50, Lifetime.immediateOrCancel, 7);
  expect(log.take()).toEqual(['4 taker 12@1002', '4 expired 38']);
});

test('a keyframe that shows a taken level unchanged does not give it back', () => {
  const { engine, log } = engineWith();
  engine.submit(1, -1, 999, 60, Lifetime.immediateOrCancel, 2);
  expect(log.take()).toEqual(['1 taker 50@1000', '1 taker 10@999', '1 filled']);
  engine.onBook(bookRow([[1000, 50], [999, 71]], [[1002, 30]], { id: 9, keyframe: true }), 3);
  engine.submit(2, -1, 999, 100, Lifetime.immediateOrCancel, 4);
  expect(log.take()).toEqual(['2 taker 71@999', '2 expired 29']);
});

test('a resting order waits for the size before it, and fills by what trades beyond', () => {
  const { engine, log } = engineWith();
  engine.submit(1, 1, 1000, 20, Lifetime.goodTillCancelled, 2);
  expect(engine.frontOf(1)).toBe(50);
  engine.onTrades(tradesRow({ price: 1000, size: 30, side: -1 }), 3);
  expect(engine.frontOf(1)).toBe(20);
  engine.onBook(bookRow([[1000, 20]], [], { id: 2 }), 4);
  expect(engine.frontOf(1)).toBe(20);
  engine.onTrades(tradesRow({ price: 1000, size: 25, side: -1 }, { price: 1000, size: 99, side: 1 }), 5);
  expect(log.take()).toEqual(['1 rests 20', '1 maker 5@1000']);
  engine.onTrades(tradesRow({ price: 999, size: 99, side: -1 }), 6);
  expect(log.take()).toEqual(['1 maker 15@1000', '1 filled']);
});

test('two orders at one price share what trades there in the order of their coming', () => {
  const { engine, log } = engineWith();
  engine.submit(1, 1, 1000, 10, Lifetime.goodTillCancelled, 2);
  engine.submit(2, 1, 1000, 10, Lifetime.goodTillCancelled, 3);
  log.take();
  engine.onTrades(tradesRow({ price: 1000, size: 65, side: -1 }), 4);
  expect(log.take()).toEqual(['1 maker 10@1000', '1 filled', '2 maker 5@1000']);
});

test('a cancellation before or behind us moves the front by the queue model', () => {
  const averse = engineWith(riskAverseQueue).engine;
  const likely = engineWith(probabilisticQueue(1)).engine;
  for (const engine of [averse, likely]) {
    engine.submit(1, 1, 1000, 20, Lifetime.goodTillCancelled, 2);
    engine.onBook(bookRow([[1000, 80]], [], { id: 2 }), 3);
    engine.onBook(bookRow([[1000, 64]], [], { id: 3 }), 4);
  }
  // Of 16 cancelled, 50 stand before and 30 behind us: behind with 30/80, so 10 left the front.
  expect([averse.frontOf(1), likely.frontOf(1)]).toEqual([50, 40]);
  averse.onBook(bookRow([[1000, 30]], [], { id: 4 }), 5);
  expect(averse.frontOf(1)).toBe(30);
});

test('the other side coming to our price fills us there, by no more than it shows', () => {
  const { engine, log } = engineWith();
  engine.submit(1, -1, 1002, 25, Lifetime.goodTillCancelled, 2);
  engine.onBook(bookRow([[1003, 10]], [[1002, 0], [1003, 0]], { id: 2 }), 3);
  expect(log.take()).toEqual(['1 rests 25', '1 maker 10@1002']);
  engine.onBook(bookRow([[1003, 11]], [], { id: 3, trust: 2 }), 4);
  expect(log.take()).toEqual([]);
  engine.onBook(bookRow([], [], { id: 4 }), 5);
  expect(log.take()).toEqual(['1 maker 11@1002']);
  expect(engine.cancel(1, 6)).toBe(true);
  expect(engine.cancel(1, 7)).toBe(false);
  expect(log.take()).toEqual(['1 cancelled 4']);
});

test('post-only, steps, minimum and a book that is not to be believed are refused by name', () => {
  const { engine, log } = engineWith();
  engine.submit(1, 1, 1002, 20, Lifetime.postOnly, 2);
  engine.submit(2, 1, 1001, 20, Lifetime.postOnly, 2);
  engine.submit(3, 1, 1000.5, 20, Lifetime.goodTillCancelled, 2);
  engine.submit(4, 1, 1000, 0, Lifetime.goodTillCancelled, 2);
  engine.submit(5, 1, 1000, 1, Lifetime.goodTillCancelled, 2);
  engine.onBook(bookRow([[900, 1]], [], { id: 7 }), 3);
  engine.submit(6, 1, 1000, 20, Lifetime.goodTillCancelled, 4);
  expect(log.take()).toEqual([
    '1 refused WOULD_MATCH', '2 rests 20', '3 refused PRICE_STEP', '4 refused SIZE_STEP', '5 refused BELOW_MINIMUM_SIZE',
    '6 refused MARKET_UNKNOWN',
  ]);
  expect([engine.hasBook, engine.gaps]).toEqual([false, 1]);
});

test('with quotes alone the best quote is the whole book', () => {
  const { engine, log } = engineWith(riskAverseQueue, 'quotes');
  engine.onQuote(quoteRow([1000, 5], [1002, 7]), 1);
  engine.submit(1, 1, 1005, 10, Lifetime.immediateOrCancel, 2);
  engine.onQuote(quoteRow([1000, 5], [1002, 7]), 3);
  engine.submit(2, 1, 1005, 10, Lifetime.immediateOrCancel, 4);
  expect(log.take()).toEqual(['1 taker 7@1002', '1 expired 3', '2 expired 10']);
});

test('an order put back after a restart queues behind what is there when its level is seen', () => {
  const log = new Log();
  const engine = new MatchingEngine(specification, new LadderBook(1), { queue: riskAverseQueue, depth: 'books' }, log);
  engine.restore(1, 1, 1000, 20);
  engine.onTrades(tradesRow({ price: 1000, size: 500, side: -1 }), 1);
  engine.onBook(bookRow([[1000, 40]], [[1002, 1]], { id: 1, keyframe: true }), 2);
  expect(engine.frontOf(1)).toBe(40);
  engine.onTrades(tradesRow({ price: 1000, size: 45, side: -1 }), 3);
  expect(log.take()).toEqual(['1 maker 5@1000']);
});

test('an order behind the last told level waits until its level is told, behind all that stands there', () => {
  for (const side of [1, -1] as const) {
    const { engine, log } = engineWith();
    const [price, further] = side === 1 ? [990, 989] : [1010, 1011];
    const whole = (levels: (readonly [number, number])[], id: number): void =>
      engine.onBook(side === 1 ? bookRow(levels, [[1020, 1]], { id, keyframe: true }) : bookRow([[980, 1]], levels, { id, keyframe: true }), id);
    engine.submit(1, side, price, 20, Lifetime.goodTillCancelled, 2);
    engine.onTrades(tradesRow({ price, size: 500, side: side === 1 ? -1 : 1 }), 3);
    expect([log.take(), engine.frontOf(1)]).toEqual([['1 rests 20'], -1]);
    whole([[1000, 5]], 4);
    expect(engine.frontOf(1)).toBe(-1);
    // The market comes nearer, and a fresh snapshot reaches further.
    whole([[1000, 5], [price, 40], [further, 7]], 5);
    expect(engine.frontOf(1)).toBe(40);
    // One that does not reach it again is no cancellation.
    whole([[1000, 5]], 6);
    expect(engine.frontOf(1)).toBe(40);
    engine.onTrades(tradesRow({ price, size: 45, side: side === 1 ? -1 : 1 }), 7);
    expect(log.take()).toEqual(['1 maker 5@' + price]);
  }
});

test('with quotes alone an order behind the best waits until its price is the best', () => {
  const { engine, log } = engineWith(riskAverseQueue, 'quotes');
  engine.onQuote(quoteRow([1000, 5], [1002, 7]), 1);
  engine.submit(1, 1, 999, 10, Lifetime.goodTillCancelled, 2);
  engine.onQuote(quoteRow([1000, 6], [1002, 7]), 3);
  engine.onTrades(tradesRow({ price: 999, size: 50, side: -1 }), 4);
  expect([log.take(), engine.frontOf(1)]).toEqual([['1 rests 10'], -1]);
  engine.onQuote(quoteRow([999, 8], [1002, 7]), 5);
  engine.onTrades(tradesRow({ price: 999, size: 9, side: -1 }), 6);
  expect(log.take()).toEqual(['1 maker 1@999']);
});
