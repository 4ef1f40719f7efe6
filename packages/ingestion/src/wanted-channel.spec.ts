import { expect, test } from '@jest/globals';
import type { InstrumentSpecification } from '@parallax/types';
import { WantedChannel } from './wanted-channel.js';

const SECOND = 1_000_000;
const instrument = {
  venue: 'okx', symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false, contractSize: '1',
  priceScale: 2, sizeScale: 4, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5', status: 'trading', version: 1, source: 'listing',
} satisfies InstrumentSpecification;
const channelOf = (given: Partial<InstrumentSpecification> = {}): WantedChannel =>
  new WantedChannel({ ...instrument, ...given }, 'depth', { onAsking: true, everyMs: null }, 1, { next: () => 0.5, id: () => '' });

test('what is heard is missing no more, and was not refused; the next silence counts from its own beginning', () => {
  const channel = channelOf();
  channel.refused({ kind: 'other', reason: 'not now' }, 20 * SECOND);
  channel.silent(25 * SECOND);
  expect([channel.missingSinceUs, channel.refusal]).toEqual([20 * SECOND, expect.objectContaining({ reason: 'not now' })]);
  channel.heard(30 * SECOND);
  expect([channel.missingSinceUs, channel.refusal, channel.heardAtUs]).toEqual([0, null, 30 * SECOND]);
  channel.heard(31 * SECOND);
  channel.silent(90 * SECOND);
  expect([channel.missingSinceUs, channel.refusal]).toEqual([90 * SECOND, null]);
});

test('a market that the venue has closed is not missing', () => {
  const channel = channelOf({ status: 'halted' });
  channel.silent(20 * SECOND);
  expect(channel.missingSinceUs).toBe(0);
});

test('tries come ever later, until it has lived for a while after the last one', () => {
  const channel = channelOf();
  const waits = (atUs: number): number => {
    channel.tried(atUs);
    return channel.cureAtUs - atUs;
  };
  const [first, second] = [waits(SECOND), waits(100 * SECOND)];
  expect([first > 0, second > first, channel.attempts]).toEqual([true, true, 2]);
  channel.heard(100 * SECOND + 59 * SECOND);
  expect(channel.attempts).toBe(2);
  channel.heard(100 * SECOND + 60 * SECOND);
  expect([channel.attempts, channel.cureAtUs]).toEqual([0, 0]);
  expect(waits(200 * SECOND)).toBe(first);
});
