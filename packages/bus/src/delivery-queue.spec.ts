import { expect, test } from '@jest/globals';
import { DeliveryQueue } from './delivery-queue.js';

interface Numbered {
  readonly subject: string;
  readonly number: number;
}
const drain = (queue: DeliveryQueue<Numbered>): string[] => {
  const texts: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) texts.push(`${next.subject}${next.number}`);
  return texts;
};

test('nothing is lost within the limit, whatever the policy', () => {
  for (const policy of ['newest', 'drop'] as const) {
    const queue = new DeliveryQueue<Numbered>(3, policy);
    for (let number = 0; number < 3; number++) queue.push({ subject: 'a', number });
    expect(drain(queue)).toEqual(['a0', 'a1', 'a2']);
    expect(queue.lost).toBe(0);
  }
});

test('newest: one per subject from the overflow until empty; more subjects than places lose the oldest', () => {
  const queue = new DeliveryQueue<Numbered>(4, 'newest');
  for (const [at, subject] of ['a', 'b', 'a', 'b'].entries()) queue.push({ subject, number: at });
  queue.push({ subject: 'a', number: 4 });
  expect(queue.size).toBe(2);
  for (const [at, subject] of ['c', 'd', 'b'].entries()) queue.push({ subject, number: 5 + at });
  queue.push({ subject: 'c', number: 8 });
  queue.push({ subject: 'e', number: 9 });
  expect(queue.takeLoss()).toBe(6);
  expect(queue.takeLoss()).toBe(0);
  expect(drain(queue)).toEqual(['b7', 'c8', 'd6', 'e9']);
  queue.push({ subject: 'a', number: 9 });
  queue.push({ subject: 'a', number: 10 });
  expect(drain(queue)).toEqual(['a9', 'a10']);
});

test('drop: what waits goes at once', () => {
  const queue = new DeliveryQueue<Numbered>(3, 'drop');
  for (let number = 0; number < 5; number++) queue.push({ subject: 'a', number });
  expect(queue.lost).toBe(3);
  expect(drain(queue)).toEqual(['a3', 'a4']);
});

test('it never holds more than its limit, under a million messages', () => {
  for (const policy of ['newest', 'drop'] as const) {
    const queue = new DeliveryQueue<Numbered>(100, policy);
    let largest = 0;
    let taken = 0;
    for (let number = 0; number < 1_000_000; number++) {
      queue.push({ subject: String(number % 1_000), number });
      largest = Math.max(largest, queue.size);
      if (number % 3 === 0 && queue.shift() !== undefined) taken++;
    }
    expect(largest).toBe(100);
    expect(taken + queue.size + queue.lost).toBe(1_000_000);
  }
});
