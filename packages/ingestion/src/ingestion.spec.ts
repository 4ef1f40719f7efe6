import { describe, expect, test } from '@jest/globals';
import type { ConnectionPlan, VenueDefinition, VenueLimits } from '@parallax/venues';
import { BackOff } from './back-off.js';
import { ConnectionCore } from './connection-core.js';
import { SnapshotPlanner } from './snapshot-planner.js';
import { AddressLimits, RateLimit } from './rate-limit.js';

const SECOND = 1_000_000;
const highest = { next: () => 0.999_999, id: () => '' };

test('waits double up to the cap, jittered in their upper half, and start anew after success', () => {
  const backOff = new BackOff(highest, { firstMs: 100, highestMs: 1_000 });
  expect(Array.from({ length: 6 }, () => backOff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  backOff.reset();
  expect(backOff.next()).toBe(100);
  expect(new BackOff({ next: () => 0, id: () => '' }, { firstMs: 100, highestMs: 1_000 }).next()).toBe(50);
});

test('a rate limit gives no more than its amount within any stretch of its period and a tenth, and obeys a pause', () => {
  const limit = new RateLimit({ amount: 4, everyMs: 1_000 });
  const at = (seconds: number): number => 10 * SECOND + seconds * SECOND;
  expect([0, 0, 0.5, 0.5, 0.5].map((seconds) => limit.take(1, at(seconds)))).toEqual([true, true, true, true, false]);
  expect(limit.availableAtUs(1, at(0.5))).toBe(at(1.1));
  expect(limit.availableAtUs(3, at(0.5))).toBe(at(1.6));
  expect([limit.take(3, at(1.1)), limit.take(2, at(1.1)), limit.take(1, at(1.2))]).toEqual([false, true, false]);
  limit.pause(at(10));
  expect([limit.take(1, at(9)), limit.availableAtUs(1, at(9)), limit.take(1, at(10))]).toEqual([false, at(10), true]);
});

test('what is more than a whole limit is not waited for for ever', () => {
  const limit = new RateLimit({ amount: 4, everyMs: 1_000 });
  expect([limit.take(9, SECOND), limit.take(1, SECOND), limit.take(9, 3 * SECOND)]).toEqual([true, false, true]);
});

test('snapshots keep within the weight limit, one request per symbol', () => {
  const fetched: string[] = [];
  const planner = new SnapshotPlanner({ amount: 120, everyMs: 60_000 }, 20, (symbol) => fetched.push(symbol));
  for (const symbol of ['A', 'B', 'A', 'C', 'D', 'E', 'F', 'G', 'H']) planner.want(symbol, SECOND);
  expect(fetched).toEqual(['A', 'B', 'C']);
  expect(planner.wakeAtUs).toBe(67 * SECOND);
  planner.onWake(planner.wakeAtUs);
  expect(fetched).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
  planner.onWake(planner.wakeAtUs);
  expect(fetched).toHaveLength(8);
  // Who has nothing to do does not want to be woken: a timer set by it would spin.
  expect(planner.wakeAtUs).toBe(Infinity);
  planner.want('A', 134 * SECOND);
  planner.onDone('A');
  planner.pause(390 * SECOND);
  planner.want('I', 300 * SECOND);
  expect([fetched.length, planner.wakeAtUs]).toEqual([8, 390 * SECOND]);
  planner.onWake(390 * SECOND);
  expect([fetched.length, planner.wakeAtUs]).toEqual([9, Infinity]);
});

describe('a connection', () => {
  const plan: ConnectionPlan = { urls: ['ws://one', 'ws://two'], subscribe: ['a', 'b', 'c'], symbols: [], feeds: [] };
  const limits: VenueLimits = {
    connections: { amount: 100, everyMs: 1_000 }, messages: { amount: 3, everyMs: 1_000 }, streamsPerConnection: 9, restWeight: { amount: 1, everyMs: 1 },
  };
  const stream = { silenceMs: 10_000, lifetimeMs: 3_600_000, keepAlive: { afterMs: 4_000, text: 'ping' } } as VenueDefinition['stream'];
  const made = (own: VenueLimits = limits, shared = new AddressLimits(own)): { core: ConnectionCore; done: string[] } => {
    const done: string[] = [];
    const door = { open: (url: string) => done.push(`open ${url}`), send: (text: string) => done.push(`send ${text}`), close: () => done.push('close') };
    return { core: new ConnectionCore(plan, { stream, limits: own }, shared, door, highest), done };
  };
  const opened = (...how: Parameters<typeof made>): ReturnType<typeof made> => {
    const connection = made(...how);
    connection.core.start(SECOND);
    connection.core.onOpen(SECOND);
    return connection;
  };
  const lost = (core: ConnectionCore, atUs: number): number => {
    core.onClose('lost', atUs);
    return core.wakeAtUs - atUs;
  };
  const again = (core: ConnectionCore): number => {
    core.onWake(core.wakeAtUs);
    core.onOpen(core.wakeAtUs);
    return core.wakeAtUs;
  };

  test('subscribes as fast as the venue allows, and leaves one message for what the socket answers by itself', () => {
    const { core, done } = opened();
    expect(done).toEqual(['open ws://one', 'send a', 'send b']);
    expect(core.wakeAtUs).toBe(2.1 * SECOND);
    core.onWake(core.wakeAtUs);
    expect(done.at(-1)).toBe('send c');
  });

  test('those of one address share its limit of attempts to connect', () => {
    const own: VenueLimits = { ...limits, connections: { amount: 1, everyMs: 1_000 } };
    const shared = new AddressLimits(own);
    const [first, second] = [opened(own, shared), opened(own, shared)];
    expect(first.done).toEqual(['open ws://one', 'send a', 'send b']);
    expect([second.done, second.core.state, second.core.wakeAtUs]).toEqual([[], 'waiting', 2.1 * SECOND]);
    second.core.onWake(2.1 * SECOND);
    expect(second.done).toEqual(['open ws://one']);
  });

  test('none is opened whose subscription would have to wait for the address’s limit of messages', () => {
    const own: VenueLimits = { ...limits, messages: { amount: 9, everyMs: 1_000 }, addressMessages: { amount: 4, everyMs: 1_000 } };
    const shared = new AddressLimits(own);
    const [first, second] = [opened(own, shared), opened(own, shared)];
    expect(first.done).toEqual(['open ws://one', 'send a', 'send b', 'send c']);
    expect([second.done, second.core.wakeAtUs]).toEqual([[], 2.1 * SECOND]);
    first.core.send(['d'], 2 * SECOND);
    first.core.send(['e'], 2 * SECOND);
    expect(first.done.slice(4)).toEqual(['send d']);
  });

  test('keeps alive when nothing arrives, whatever waits to be sent, and gives up after silence', () => {
    const { core, done } = opened({ ...limits, messages: { amount: 3, everyMs: 3_600_000 } });
    core.onWake(2 * SECOND);
    expect(done.at(-1)).toBe('send b');
    core.onWake(6 * SECOND);
    expect(done.at(-1)).toBe('send ping');
    core.onWake(11 * SECOND);
    expect([done.at(-1), core.lastReason]).toEqual(['close', 'silence']);
    core.onClose('', 11 * SECOND);
    expect([core.state, core.losses, core.wakeAtUs]).toEqual(['waiting', 1, 11 * SECOND + 250_000]);
    core.onWake(core.wakeAtUs);
    expect(done.at(-1)).toBe('open ws://two');
  });

  test('waits longer for a venue that takes it and lets it go again, even with a word; anew once one has held', () => {
    const { core } = opened();
    const waits = [1, 2, 3].map((round) => {
      core.onFrame(core.wakeAtUs);
      const wait = lost(core, round * 100 * SECOND);
      again(core);
      return wait;
    });
    expect(waits).toEqual([250_000, 500_000, 1_000_000]);
    core.onFrame(400 * SECOND);
    expect(lost(core, 401 * SECOND)).toBe(250_000);
  });

  test('messages that belong together are not queued a second time while they wait', () => {
    const { core, done } = opened();
    for (let i = 0; i < 5; i++) {
      core.send(['leave', 'join'], SECOND);
      core.send(['leave', 'join elsewhere'], SECOND);
    }
    for (let second = 2; second < 10; second++) {
      core.onFrame(second * SECOND);
      core.onWake(second * SECOND);
    }
    expect(done.slice(3)).toEqual(['send c', 'send leave', 'send join', 'send leave', 'send join elsewhere']);
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
    expect(done).toEqual(['open ws://one', 'close']);
  });
});
