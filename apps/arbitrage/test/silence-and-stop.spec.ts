import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Stand } from './stand.js';

/** An intent is good for 1.5 s; its exits are given a minute, and 30 s later nobody will speak of it. */
const SILENT_S = 92;

let stand: Stand;
beforeEach(async () => {
  stand = await Stand.open();
  await stand.market('binance', 60_000, 60_001, true);
  await stand.market('okx', 60_000, 60_001, true);
});
afterEach(async () => {
  expect(stand.errors).toEqual([]);
  await stand.close();
});

test('an intent of which nobody ever speaks frees its pair in the end', async () => {
  await stand.market('okx', 60_100);
  await stand.market('okx', 60_000);
  expect([(await stand.intents()).length, stand.service.health().counters.silent]).toEqual([1, 0]);
  await stand.pass(SILENT_S);
  expect(stand.service.health().counters.silent).toBe(1);
  // It rests as after a loss; then the pair is traded again.
  await stand.pass(11);
  await stand.market('binance', 60_000);
  await stand.market('okx', 60_100);
  expect(await stand.intents()).toHaveLength(2);
});

test('who is stopped hears nothing more and tells nothing more', async () => {
  const { quotes } = stand.service.health().counters;
  await stand.service.stop();
  await stand.market('okx', 60_100);
  await stand.pass(2);
  expect([stand.service.health().counters.quotes, await stand.opportunities(), await stand.intents()]).toEqual([quotes, [], []]);
});
