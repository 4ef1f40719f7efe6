import { beforeEach, expect, test } from '@jest/globals';
import { ParallaxError } from '@parallax/types';
import { createLog } from '../src/index.js';

const MINUTE_US = 60_000_000;
let nowUs: number;
let waiting: { atUs: number; callback: () => void }[];
let lines: Record<string, unknown>[];
let log: ReturnType<typeof createLog>;
const pass = (us: number): void => {
  nowUs += us;
  for (const due of waiting.filter(({ atUs }) => atUs <= nowUs)) {
    waiting.splice(waiting.indexOf(due), 1);
    due.callback();
  }
};
const told = (): unknown[] => lines.map(({ msg, repeated }) => (repeated === undefined ? msg : [msg, repeated]));

beforeEach(() => {
  nowUs = 1_000_000;
  waiting = [];
  lines = [];
  const timers = {
    after: (delayMs: number, callback: () => void) => {
      const one = { atUs: nowUs + delayMs * 1_000, callback };
      waiting.push(one);
      return () => void (waiting = waiting.filter((other) => other !== one));
    },
  };
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  log = createLog({ service: 'risk', instance: 'r', destination, pace: { clock: { nowUs: () => nowUs }, timers } });
});

test('a warning that comes 603 times is one line, and one with a count', () => {
  for (let number = 0; number < 603; number++) {
    log.warn('no keyframe', { venue: 'okx', error: `no answer within ${5_000 + number} ms`, againInMs: number });
    pass(50_000);
  }
  expect(told()).toEqual(['no keyframe']);
  pass(MINUTE_US);
  expect(told()).toEqual(['no keyframe', ['no keyframe', 602]]);
  // The newest is what is written.
  expect(lines[1]).toMatchObject({ level: 'warn', venue: 'okx', againInMs: 602 });
  pass(10 * MINUTE_US);
  expect(lines).toHaveLength(2);
  log.warn('no keyframe', { venue: 'okx', error: 'no answer within 7 ms' });
  expect(told()[2]).toEqual(['no keyframe', 1]);
  expect(waiting).toEqual([]);
});

test('another place, cause, level or message is another line, and what is said for information is always said', () => {
  log.warn('no keyframe', { venue: 'okx', symbol: 'BTC/USDT', error: 'nobody listens' });
  log.warn('no keyframe', { venue: 'okx', symbol: 'ETH/USDT', error: 'nobody listens' });
  log.warn('no keyframe', { venue: 'okx', symbol: 'BTC/USDT', error: 'the disk is full' });
  log.error('no keyframe', { venue: 'okx', symbol: 'BTC/USDT', error: 'nobody listens' });
  log.warn('no snapshot', { venue: 'okx', symbol: 'BTC/USDT', error: 'nobody listens' });
  expect(lines).toHaveLength(5);
  for (let round = 0; round < 3; round++) log.info('round');
  expect(lines).toHaveLength(8);
});

test('a thousand different lines are remembered; what one of them still had to say is said when it goes', () => {
  for (let round = 0; round < 3; round++) log.error('unreadable', { key: 'k' });
  for (let number = 0; number < 1_000; number++) log.error('unreadable', { key: `k${number}` });
  expect(told().filter((line) => Array.isArray(line))).toEqual([['unreadable', 2]]);
  expect(waiting).toEqual([]);
});

test('an error that is thrown on purpose has no stack in the log', () => {
  log.error('x', { error: new ParallaxError('STORE_FAILED', 'no space', { place: '/state', cause: new Error('ENOSPC') }) });
  expect(lines[0].error).toMatchObject({ type: 'ParallaxError', code: 'STORE_FAILED', message: 'no space', place: '/state', cause: { message: 'ENOSPC' } });
  expect((lines[0].error as object)).not.toHaveProperty('stack');
});

test('a reason that a message has already is not told again as its cause', () => {
  const disk = new Error('IO error: /state/1.log: No space left on device', { cause: new Error('the disk of the machine') });
  const written = new ParallaxError('STORE_FAILED', `what is durable cannot be written: ${disk.message}`, { cause: disk });
  log.error('x', { error: new ParallaxError('STORE_FAILED', `stream orders: ${written.message}`, { cause: written }) });
  expect(JSON.stringify(lines[0]).match(/No space left/g)).toHaveLength(1);
  expect(lines[0].error).toMatchObject({ cause: { message: 'the disk of the machine' } });
});

test.each([
  ['the audit entry of a halt could not be stored', ['ada', 'bob', 'cyd'].map((who) => ({ entry: { action: 'halt', who } }))],
  ['a record could not be stored and is tried again', ['o-1', 'o-2', 'o-3'].map((id) => ({ id, subject: 'exec.order.okx' }))],
  ['an approval cannot be read', [1, 2, 3].map((sequence) => ({ sequence }))],
  ['another plan came under an id that was judged', ['a', 'b'].map((name) => ({ intent: `${name}${'-'.repeat(300)}` }))],
])('what a line alone says is not lost: %s', (message, each) => {
  for (let round = 0; round < 2; round++) for (const fields of each) log.error(message, { ...fields, error: 'disk full' });
  expect(lines).toMatchObject(each);
  expect(lines).toHaveLength(each.length);
});

test('lines of a log with further fields are held back beside its own, and are others', () => {
  const [okx, kraken] = ['okx', 'kraken'].map((venue) => log.with({ venue }));
  for (let round = 0; round < 2; round++) for (const one of [log, okx, kraken]) one.warn('gap');
  expect(lines.map(({ venue }) => venue)).toEqual([undefined, 'okx', 'kraken']);
  log.flush();
  expect(lines.slice(3).map(({ venue, repeated }) => [venue, repeated])).toEqual([[undefined, 1], ['okx', 1], ['kraken', 1]]);
  log.flush();
  pass(2 * MINUTE_US);
  expect(lines).toHaveLength(6);
});
