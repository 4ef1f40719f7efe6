import { describe, expect, test } from '@jest/globals';
import type { ConnectionPlan, VenueDefinition } from '@parallax/venues';
import { BackOff } from './back-off.js';
import { ConnectionCore } from './connection-core.js';
import { SnapshotPlanner } from './snapshot-planner.js';
import { TokenBucket } from './token-bucket.js';

const SECOND = 1_000_000;
const highest = { next: () => 0.999_999, id: () => '' };

test('waits double up to the cap, jittered in their upper half, and start anew after success', () => {
  const backOff = new BackOff(highest, { firstMs: 100, highestMs: 1_000 });
  expect(Array.from({ length: 6 }, () => backOff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  backOff.reset();
  expect(backOff.next()).toBe(100);
  expect(new BackOff({ next: () => 0, id: () => '' }, { firstMs: 100, highestMs: 1_000 }).next()).toBe(50);
});

test('a token bucket gives what it holds, refills evenly, and obeys a pause', () => {
  const bucket = new TokenBucket(4, SECOND);
  expect([1, 2, 3, 4, 5].map(() => bucket.take(1, 10 * SECOND))).toEqual([true, true, true, true, false]);
  expect(bucket.availableAtUs(1, 10 * SECOND)).toBe(10 * SECOND + 250_000);
  expect(bucket.take(1, 10 * SECOND + 250_000)).toBe(true);
  bucket.pause(20 * SECOND);
  expect(bucket.take(1, 19 * SECOND)).toBe(false);
  expect(bucket.take(1, 20 * SECOND + 250_000)).toBe(true);
});

test('snapshots keep within the weight limit, one request per symbol', () => {
  const fetched: string[] = [];
  const planner = new SnapshotPlanner(120, 20, (symbol) => fetched.push(symbol));
  for (const symbol of ['A', 'B', 'A', 'C', 'D', 'E']) planner.want(symbol, SECOND);
  expect(fetched).toEqual(['A', 'B', 'C']);
  expect(planner.wakeAtUs).toBe(21 * SECOND);
  planner.onWake(planner.wakeAtUs);
  expect(fetched).toEqual(['A', 'B', 'C', 'D']);
  planner.want('A', 22 * SECOND);
  planner.onDone('A');
  planner.pause(90 * SECOND);
  planner.onWake(80 * SECOND);
  expect(fetched).toHaveLength(4);
});

describe('a connection', () => {
  const plan: ConnectionPlan = { urls: ['ws://one', 'ws://two'], subscribe: ['a', 'b', 'c'], symbols: [], feeds: [] };
  const definition = {
    stream: { silenceMs: 10_000, lifetimeMs: 3_600_000, keepAlive: { afterMs: 4_000, text: 'ping' } },
    limits: { messagesPerSecond: 2 },
  } as unknown as VenueDefinition;
  const made = (): { core: ConnectionCore; done: string[] } => {
    const done: string[] = [];
    const door = { open: (url: string) => done.push(`open ${url}`), send: (text: string) => done.push(`send ${text}`), close: () => done.push('close') };
    return { core: new ConnectionCore(plan, definition, door, highest), done };
  };
  const opened = (): ReturnType<typeof made> => {
    const connection = made();
    connection.core.start(SECOND);
    connection.core.onOpen(SECOND);
    return connection;
  };

  test('subscribes as fast as the venue allows', () => {
    const { core, done } = opened();
    expect(done).toEqual(['open ws://one', 'send a', 'send b']);
    expect(core.wakeAtUs).toBe(SECOND + 500_000);
    core.onWake(core.wakeAtUs);
    expect(done.at(-1)).toBe('send c');
  });

  test('keeps alive when nothing arrives and gives up after silence', () => {
    const { core, done } = opened();
    core.onWake(2 * SECOND);
    core.onWake(6 * SECOND);
    expect(done.at(-1)).toBe('send ping');
    core.onWake(11 * SECOND);
    expect([done.at(-1), core.lastReason]).toEqual(['close', 'silence']);
    core.onClose('', 11 * SECOND);
    expect([core.state, core.losses, core.wakeAtUs]).toEqual(['waiting', 1, 11 * SECOND + 250_000]);
    core.onWake(core.wakeAtUs);
    expect(done.at(-1)).toBe('open ws://two');
  });

  test('waits longer for an address that never sends a frame, and starts anew once one did', () => {
    const { core } = opened();
    const waits = [1, 2, 3].map((round) => {
      core.onClose('refused', round * 100 * SECOND);
      const wait = core.wakeAtUs - round * 100 * SECOND;
      core.onWake(core.wakeAtUs);
      core.onOpen(core.wakeAtUs);
      return wait;
    });
    expect(waits).toEqual([250_000, 500_000, 1_000_000]);
    core.onFrame(500 * SECOND);
    core.onClose('', 501 * SECOND);
    expect(core.wakeAtUs).toBe(501 * SECOND + 250_000);
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
