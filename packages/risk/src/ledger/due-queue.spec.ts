import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DueQueue } from './due-queue.js';

test('items come in the order of their times, and none before its time', () => {
  fc.assert(fc.property(fc.array(fc.nat(1000)), fc.nat(1000), (times, nowUs) => {
    const queue = new DueQueue<number>();
    for (const atUs of times) queue.add(atUs, atUs);
    const taken: number[] = [];
    for (let item = queue.take(nowUs); item !== undefined; item = queue.take(nowUs)) taken.push(item);
    const sorted = times.toSorted((a, b) => a - b);
    expect(taken).toEqual(sorted.filter((atUs) => atUs <= nowUs));
    expect(queue.nextAtUs).toBe(sorted.find((atUs) => atUs > nowUs) ?? Infinity);
  }));
});
