import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Connection } from './connection.js';
import type { StreamMessage } from './entities.js';

/** A connection whose end the browser never tells, as of one that broke while the machine slept. */
class Socket extends EventTarget {
  static readonly OPEN = 1;
  static readonly made: Socket[] = [];
  readyState = 0;
  isClosed = false;

  constructor() {
    super();
    Socket.made.push(this);
  }

  /** It is open, and tells something. */
  tell(sequence: number): void {
    this.readyState = Socket.OPEN;
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify({ type: 'ping', sequence, atUs: 0 }) }));
  }

  close(): void {
    this.isClosed = true;
  }
}

const heard: number[] = [];
let connection: Connection;
const passed = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  jest.useFakeTimers();
  Object.assign(globalThis, { WebSocket: Socket, addEventListener: () => {} });
  Socket.made.length = 0;
  heard.length = 0;
  connection = new Connection({
    url: 'ws://gateway', protocols: () => [], isLetIn: () => Promise.resolve(true),
    onMessage: (message: StreamMessage) => heard.push((message as { sequence: number }).sequence) > 0,
  });
  await passed(0);
});
afterEach(() => void jest.useRealTimers());

test('a connection that falls silent is stale, then left for another, and heard no more', async () => {
  const [first] = Socket.made;
  first.tell(1);
  expect(connection.state).toBe('live');
  await passed(7_000);
  expect([connection.state, Socket.made.length]).toEqual(['stale', 1]);
  await passed(10_000);
  expect([connection.state, first.isClosed, Socket.made.length]).toEqual(['disconnected', true, 2]);
  first.tell(2);
  Socket.made[1].tell(3);
  expect([connection.state, heard]).toEqual(['live', [1, 3]]);
  // One that speaks stays.
  for (let sequence = 4; sequence < 24; sequence++) {
    await passed(2_000);
    Socket.made[1].tell(sequence);
  }
  expect([connection.state, Socket.made.length]).toEqual(['live', 2]);
});

test('one that never opens, or opens and tells nothing, is left too, and is never live', async () => {
  await passed(17_000);
  expect([connection.state, Socket.made.length]).toEqual(['connecting', 2]);
  Socket.made[1].readyState = Socket.OPEN;
  expect(connection.state).toBe('connecting');
  await passed(17_000);
  expect(Socket.made).toHaveLength(3);
});

test('after the machine has slept it is not live before something is heard, though the even clock stood still', async () => {
  Socket.made[0].tell(1);
  jest.setSystemTime(Date.now() + 8 * 3_600_000);
  expect(connection.state).toBe('stale');
  await passed(2_000);
  expect([Socket.made[0].isClosed, connection.state, Socket.made.length]).toEqual([true, 'disconnected', 2]);
  Socket.made[1].tell(2);
  expect([connection.state, connection.lastHeardAtUs]).toEqual(['live', Date.now() * 1_000]);
});

test('a clock that is set back makes nothing recent', async () => {
  Socket.made[0].tell(1);
  jest.setSystemTime(Date.now() - 3_600_000);
  await passed(7_000);
  expect(connection.state).toBe('stale');
});
