import { expect, test } from '@jest/globals';
import type { VenueLimits, VenueStream } from '@parallax/venues';
import { AddressLimits, ConnectionCore } from '../src/index.js';
import { WantedChannel } from '../src/wanted-channel.js';
import { instrument, SECOND, testStream } from './support/test-stream.js';

const highest = { next: () => 0.999_999, id: () => '' };
const LIMITS: VenueLimits = {
  connections: { amount: 100, everyMs: 1_000 }, messages: { amount: 3, everyMs: 1_000 }, streamsPerConnection: 9, restWeight: { amount: 1, everyMs: 1 },
};
const encoder = new TextEncoder();
const hear = (core: ConnectionCore, text: string, atUs: number): void => core.onFrame(encoder.encode(text), atUs);

/** A connection that wants all feeds of one symbol, so three messages. */
function made(more: Partial<VenueStream> = {}, limits = LIMITS, shared = new AddressLimits(limits)) {
  const done: string[] = [];
  const door = {
    open: (url: string) => void done.push(`open ${url}`), send: (text: string) => void done.push(text), close: () => void done.push('close'), end: () => void done.push('end'),
  };
  const stream = testStream({ lifetimeMs: 3_600_000, ...more });
  const wanted = (['depth', 'ticker', 'trades'] as const).map((feed) => new WantedChannel(instrument('A'), feed, stream.owes[feed], SECOND, highest));
  const plan = { urls: ['ws://one', 'ws://two'], feeds: [] };
  return { core: new ConnectionCore(plan, wanted, { stream, limits }, shared, () => door, highest), done };
}
function opened(...how: Parameters<typeof made>): ReturnType<typeof made> {
  const connection = made(...how);
  connection.core.start(SECOND);
  connection.core.onOpen(SECOND);
  return connection;
}
const lost = (core: ConnectionCore, atUs: number): number => {
  core.onClose('lost', atUs);
  return core.wakeAtUs - atUs;
};
const again = (core: ConnectionCore): number => {
  core.onWake(core.wakeAtUs);
  core.onOpen(core.wakeAtUs);
  return core.wakeAtUs;
};
const [DEPTH, TICKER, TRADES] = ['ask depth A #1', 'ask ticker A #2', 'ask trades A #3'];

test('subscribes as fast as the venue allows, and leaves one message for what the socket answers by itself', () => {
  const { core, done } = opened();
  expect(done).toEqual(['open ws://one', DEPTH, TICKER]);
  expect(core.wakeAtUs).toBe(2.1 * SECOND);
  core.onWake(core.wakeAtUs);
  expect(done.at(-1)).toBe(TRADES);
});

test('a channel counts as asked for from when the message has gone, not from when it was queued', () => {
  const { core } = opened();
  expect(core.channels.all.map(({ state }) => state)).toEqual(['asked', 'asked', 'wanted']);
  core.onWake(2.1 * SECOND);
  expect(core.channels.all.map(({ state, askedAtUs }) => [state, askedAtUs]).at(-1)).toEqual(['asked', 2.1 * SECOND]);
});

test('those of one address share its limit of attempts to connect', () => {
  const own: VenueLimits = { ...LIMITS, connections: { amount: 1, everyMs: 1_000 } };
  const shared = new AddressLimits(own);
  const [first, second] = [opened({}, own, shared), opened({}, own, shared)];
  expect(first.done).toEqual(['open ws://one', DEPTH, TICKER]);
  expect([second.done, second.core.state, second.core.wakeAtUs]).toEqual([[], 'waiting', 2.1 * SECOND]);
  second.core.onWake(2.1 * SECOND);
  expect(second.done).toEqual(['open ws://one']);
});

test('none is opened whose subscription would have to wait for the address’s limit of messages', () => {
  const own: VenueLimits = { ...LIMITS, messages: { amount: 9, everyMs: 1_000 }, addressMessages: { amount: 4, everyMs: 1_000 } };
  const shared = new AddressLimits(own);
  const [first, second] = [opened({}, own, shared), opened({}, own, shared)];
  expect(first.done).toEqual(['open ws://one', DEPTH, TICKER, TRADES]);
  expect([second.done, second.core.wakeAtUs]).toEqual([[], 2.1 * SECOND]);
  first.core.send([{ text: 'd' }], 2 * SECOND);
  first.core.send([{ text: 'e' }], 2 * SECOND);
  expect(first.done.slice(4)).toEqual(['d']);
});

test('what must be said first counts among the messages of the address', () => {
  const own: VenueLimits = { ...LIMITS, messages: { amount: 9, everyMs: 1_000 }, addressMessages: { amount: 4, everyMs: 1_000 } };
  const shared = new AddressLimits(own);
  expect(opened({ opening: ['first'] }, own, shared).done).toEqual(['open ws://one', 'first', DEPTH, TICKER, TRADES]);
  expect(shared.messages!.availableAtUs(1, SECOND)).toBe(2.1 * SECOND);
});

test('keeps alive when nothing arrives, whatever waits to be sent, and gives up after silence', () => {
  const { core, done } = opened({}, { ...LIMITS, messages: { amount: 3, everyMs: 3_600_000 } });
  core.onWake(2 * SECOND);
  expect(done.at(-1)).toBe(TICKER);
  core.onWake(6 * SECOND);
  expect(done.at(-1)).toBe('ping');
  core.onWake(11 * SECOND);
  expect([done.at(-1), core.lastReason]).toEqual(['close', 'silence']);
  core.onClose('', 11 * SECOND);
  expect([core.state, core.losses, core.wakeAtUs]).toEqual(['waiting', 1, 11 * SECOND + 250_000]);
  core.onWake(core.wakeAtUs);
  expect(done.at(-1)).toBe('open ws://two');
});

test('where a venue beats, its answers do not stand for the beat or for data', () => {
  const { core, done } = opened({ beats: true, silenceMs: 20_000 });
  for (let second = 2; second <= 15; second++) {
    hear(core, second % 2 === 0 ? 'pong' : 'yes #1', second * SECOND);
    if (second === 5) hear(core, 'beat', second * SECOND);
    core.onWake(second * SECOND);
  }
  for (let second = 16; second < 25; second++) {
    hear(core, 'pong', second * SECOND);
    core.onWake(second * SECOND);
  }
  expect(done).not.toContain('close');
  core.onWake(25 * SECOND);
  expect([done.at(-1), core.lastReason]).toEqual(['close', 'neither data nor heartbeat, though it answers']);
});

test('waits longer for a venue that takes it, only answers, and is let go of again', () => {
  const { core } = opened({ beats: true });
  const waits = [1, 2, 3].map((round) => {
    hear(core, 'pong', core.wakeAtUs + 11 * SECOND);
    const wait = lost(core, round * 100 * SECOND);
    again(core);
    return wait;
  });
  expect(waits).toEqual([250_000, 500_000, 1_000_000]);
  hear(core, 'beat', 400 * SECOND);
  expect(lost(core, 401 * SECOND)).toBe(250_000);
});

test('waits longer for a venue that takes it and lets it go again, even with a word; anew once one has held', () => {
  const { core } = opened();
  const waits = [1, 2, 3].map((round) => {
    hear(core, 'anything', core.wakeAtUs);
    const wait = lost(core, round * 100 * SECOND);
    again(core);
    return wait;
  });
  expect(waits).toEqual([250_000, 500_000, 1_000_000]);
  hear(core, 'anything', 400 * SECOND);
  expect(lost(core, 401 * SECOND)).toBe(250_000);
});

test('a channel whose request waits to be sent is not asked for a second time', () => {
  const { core, done } = opened();
  const [depth] = core.channels.all;
  for (let i = 0; i < 5; i++) core.send(core.channels.askAgain([depth]), SECOND);
  for (let second = 2; second < 10; second++) {
    hear(core, 'anything', second * SECOND);
    core.onWake(second * SECOND);
  }
  expect(done.slice(3)).toEqual([TRADES, 'leave depth A #4', 'ask depth A #5']);
});

test('a venue that says that it is asked too much is not asked for a while', () => {
  const { core, done } = opened({}, { ...LIMITS, messages: { amount: 9, everyMs: 1_000 } });
  hear(core, 'no #2 rate', SECOND);
  core.send([{ text: 'more' }], 2 * SECOND);
  core.onWake(10 * SECOND);
  expect(done).not.toContain('more');
  hear(core, 'anything', 10 * SECOND);
  core.onWake(11 * SECOND);
  expect(done.at(-1)).toBe('more');
});

test('says when the venue will close it by its age, as long as it is open', () => {
  const { core } = made();
  core.start(SECOND);
  expect(core.expiresAtUs).toBe(Infinity);
  core.onOpen(5 * SECOND);
  expect(core.expiresAtUs).toBe(5 * SECOND + 3_600 * SECOND);
  core.onClose('lost', 6 * SECOND);
  expect(core.expiresAtUs).toBe(Infinity);
});

test('is made anew for one book’s sake ever less often, as the others on it lose theirs', () => {
  const { core, done } = opened();
  const restartedAt: number[] = [];
  for (let second = 1; second <= 3_600; second++) {
    const before = done.length;
    core.restart('one book', second * SECOND);
    if (done.length === before) continue;
    restartedAt.push(second);
    core.onClose('closed with 1006', second * SECOND);
    expect(core.lastReason).toBe('one book');
    again(core);
  }
  expect(restartedAt.slice(0, 5)).toEqual([1, 6, 16, 36, 76]);
  expect(restartedAt.length).toBeLessThan(14);
});

test('gives up connecting after a while, and a stopped one stays stopped', () => {
  const { core, done } = made();
  core.start(SECOND);
  core.onWake(11 * SECOND);
  expect(done.at(-1)).toBe('close');
  core.onClose('', 11 * SECOND);
  core.stop();
  core.onWake(60 * SECOND);
  expect(done).toEqual(['open ws://one', 'close', 'end']);
});
