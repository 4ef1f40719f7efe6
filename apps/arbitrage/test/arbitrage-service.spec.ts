import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Trust, type Intent } from '@parallax/types';
import { Stand } from './stand.js';

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

/** An edge at okx, of which something new is told. */
const edge = (bid = 60_100): Promise<void> => stand.market('okx', bid);
const calm = (): Promise<void> => stand.market('okx', 60_000);
const newest = async (): Promise<Intent> => (await stand.intents()).at(-1)!;

test('an edge is stored as an opportunity, and its strategy’s intent with it; so is the end of both', async () => {
  expect(stand.service.health()).toMatchObject({ ready: true, counters: { booksHeld: 2, quotes: 2 } });
  await edge();
  const [opened] = await stand.opportunities();
  expect(opened).toMatchObject({
    state: 'opened', kind: 'cross-venue', base: 'BTC', legs: [{ venue: 'binance', side: 'buy', limitPrice: expect.stringMatching(/^60001/) }, { venue: 'okx', side: 'sell' }],
  });
  const intents = await stand.intents();
  expect(intents).toMatchObject([{ id: `${opened.id}.0`, opportunityId: opened.id, account: 'paper', plan: { legs: [{ venue: 'binance' }, { venue: 'okx' }] } }]);
  await calm();
  expect((await stand.opportunities()).map(({ id, state, closeReason }) => [id, state, closeReason])).toEqual([
    [opened.id, 'opened', undefined], [opened.id, 'closed', 'edge-gone'],
  ]);
});

test('what is open as the service ends is closed, and the close is stored', async () => {
  await edge();
  await stand.service.stop();
  expect((await stand.opportunities()).map(({ state, closeReason }) => [state, closeReason])).toEqual([['opened', undefined], ['closed', 'shutdown']]);
});

test('a pair is busy until risk or execution has spoken of its intent, and free again after its rest', async () => {
  await edge();
  expect(await stand.intents()).toHaveLength(1);
  // Nobody has spoken of it: whatever the market offers is let pass, and said so.
  await calm();
  await stand.pass(20);
  await edge(60_150);
  expect(await stand.intents()).toHaveLength(1);
  expect(stand.passed).toMatchObject([{ reason: 'pair-busy', account: 'paper' }]);
  // Refused, it rests for ten seconds.
  await stand.refuse(await newest());
  expect(stand.service.health().counters).toMatchObject({ refused: 1, finished: 0 });
  await calm();
  await edge();
  expect(stand.passed.map(({ reason }) => reason)).toEqual(['pair-busy', 'pair-resting']);
  await calm();
  await stand.pass(10.1);
  await edge();
  expect(await stand.intents()).toHaveLength(2);
  // Finished with a gain, it rests for one.
  await stand.finish(await newest(), '12.5');
  expect(stand.service.health().counters).toMatchObject({ refused: 1, finished: 1 });
  await calm();
  await stand.pass(1.1);
  await edge();
  expect(await stand.intents()).toHaveLength(3);
  // With a loss, for ten again.
  await stand.finish(await newest(), '-0.01');
  await calm();
  await stand.pass(9);
  await edge();
  expect(await stand.intents()).toHaveLength(3);
  await calm();
  await stand.pass(1.1);
  await edge();
  expect(await stand.intents()).toHaveLength(4);
});

test('a quote whose book is lost takes the followed copy along: nothing is walked until a keyframe comes', async () => {
  stand.quote('okx', Trust.resyncing);
  await stand.pass(0);
  expect(stand.service.health().counters).toMatchObject({ booksHeld: 1 });
  // The chain goes on as if nothing had happened; what it changes is the copy of a book that is no more.
  await edge();
  expect(stand.asked).toEqual(['okx']);
  expect(await stand.opportunities()).toEqual([]);
  expect(stand.service.health().counters).toMatchObject({ booksHeld: 1, 'notTaken:book-missing': 1 });
  await stand.answer();
  expect(stand.service.health().counters).toMatchObject({ booksHeld: 2, chainBreaks: 0 });
  await edge(60_110);
  expect(await stand.opportunities()).toMatchObject([{ state: 'opened' }]);
});

test('a change that is missing breaks the chain: the keyframe is asked for once, and what came since is joined to it', async () => {
  stand.lose('okx');
  await edge();
  await edge(60_110);
  expect(stand.asked).toEqual(['okx']);
  expect(stand.service.health().counters).toMatchObject({ booksHeld: 1, chainBreaks: 1 });
  expect(await stand.opportunities()).toEqual([]);
  await stand.answer();
  await edge(60_120);
  expect(stand.service.health().counters).toMatchObject({ booksHeld: 2, chainBreaks: 1 });
  expect(await stand.opportunities()).toMatchObject([{ state: 'opened', legs: [{}, { limitPrice: expect.stringMatching(/^60120/) }] }]);
});

test('health tells a book that never came from one that came and is lost', async () => {
  const fresh = await Stand.open();
  const degraded = (one: Stand): readonly string[] | undefined => one.service.health().degraded;
  expect(degraded(fresh)).toEqual(['no book has come yet']);
  await fresh.market('okx', 60_000);
  expect(degraded(fresh)).toEqual(['no book is held yet: changes came, but no keyframe to begin a book with']);
  await fresh.answer();
  expect(degraded(fresh)).toBeUndefined();
  await fresh.close();
  for (const venue of ['binance', 'okx'] as const) stand.quote(venue, Trust.resyncing);
  await stand.pass(0);
  expect(degraded(stand)).toEqual(['no book is held now: those that came were lost or are in doubt, and come back with their next keyframes']);
  for (const venue of ['binance', 'okx'] as const) await stand.market(venue, 60_000, 60_001, true);
  expect(degraded(stand)).toBeUndefined();
});
