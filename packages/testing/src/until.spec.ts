import { expect, test } from '@jest/globals';
import { until } from './index.js';

test('gives back the first true value, of a promise as well', async () => {
  let looks = 0;
  expect(await until(() => ++looks > 2 && `after ${looks}`)).toBe('after 3');
  expect(await until(() => Promise.resolve([looks]))).toEqual([3]);
});

test('in vain: says what was awaited and what was seen last', async () => {
  const soon = { patienceMs: 1 };
  await expect(until(() => null, 'a fill', soon)).rejects.toThrow(/^waited \d+ s in vain for: a fill; seen last: null$/);
  let seen = 0;
  const told = await until(() => ++seen < 0, () => `less than nothing, not ${seen}`, soon).catch(({ message }: Error) => message);
  expect(told).toMatch(new RegExp(`less than nothing, not ${seen}; seen last: false$`));
  await expect(until(() => seen === -1, undefined, soon)).rejects.toThrow('seen === -1; seen last: false');
});

test('what the condition throws is no reason to wait', async () => {
  await expect(until(() => { throw new Error('it ended'); })).rejects.toThrow('it ended');
});
