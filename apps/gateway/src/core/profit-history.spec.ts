import { expect, test } from '@jest/globals';
import type { Profit } from '@parallax/types';
import { ProfitHistory } from './profit-history.js';

const profit = (atUs: number, realised: string, account = 'paper'): Profit => ({
  account, currency: 'USDT', plans: 1, fills: 2, sinceUs: 1, causes: { spread: realised, slippage: '0', exitCost: '0', fees: '0', evened: '0' },
  realised, open: [], openProfit: '0', total: realised, cash: realised, dust: [], otherFees: {}, atUs,
});

test('samples within a second become one, which is the newest, and accounts do not share theirs', () => {
  const history = new ProfitHistory();
  for (let i = 0; i < 10; i++) history.add(profit(1_000_000 + i * 300_000, String(i)));
  history.add(profit(1_100_000, '7', 'other'));
  expect(history.samples.map(({ account, atUs, realised }) => [account, atUs, realised])).toEqual([
    ['paper', 1_000_000, '3'], ['other', 1_100_000, '7'], ['paper', 2_200_000, '7'], ['paper', 3_400_000, '9'],
  ]);
});

test('a day is as few samples as a quarter of an hour, from the first to the newest', () => {
  const history = new ProfitHistory();
  const seconds = 86_400;
  for (let i = 0; i <= seconds; i++) history.add(profit(i * 1_000_000, String(i)));
  const { samples } = history;
  expect(samples.length).toBeGreaterThan(400);
  expect(samples.length).toBeLessThanOrEqual(900);
  expect([samples[0].atUs, samples.at(-1)!.realised]).toEqual([0, String(seconds)]);
  const gaps = samples.slice(1).map(({ atUs }, at) => atUs - samples[at].atUs);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps));
});
