import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMemoryBus, type MemoryBus, type StoredMessage } from '@parallax/bus';
import { overlay, until } from '@parallax/testing';
import type { AuditEntry, Fill, PlanResult } from '@parallax/types';
import { encodeJson, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import type { MonitoringCore } from '../src/core/monitoring-core.js';
import { MOST_WAITING, PlanFeed } from '../src/plan-feed.js';

const fillOf = (id: string, atUs: number): Fill => ({
  id, orderId: 'o', intentId: 'plan', leg: 0, account: 'paper', strategy: 's', venue: 'okx', symbol: 'BTC/USDT', side: 'buy', price: '50000', size: '0.01',
  fee: '0', feeCurrency: 'USDT', liquidity: 'taker', atUs,
});
const resultOf = (intentId: string, finishedAtUs: number): PlanResult => ({
  intentId, approvalId: 'a', account: 'paper', strategy: 's', outcome: 'completed', currency: 'USDT', spread: '0', slippage: '0', fees: '0', exitCost: '0',
  held: '0', total: '0', passedOver: {}, revision: 1, fillCount: 1, otherFees: {}, dust: null, uneven: null, finishedAtUs,
});
const auditOf = (id: string, atUs: number): AuditEntry => ({ id, action: 'evened', account: 'paper', plan: 'p', who: 'ada', why: 'by hand', service: 'gateway', atUs });

let bus: MemoryBus;
/** What reached the core, in order. */
let told: string[];
let warnings: string[];
/** What is read of the streams passes through it. */
let through: (stream: string, messages: AsyncIterable<StoredMessage>) => AsyncIterable<StoredMessage>;
/** The retries that were asked for: after so many milliseconds. */
let retries: { afterMs: number; now(): void }[];

beforeEach(async () => {
  bus = await createMemoryBus(TOPOLOGY);
  [told, warnings, retries] = [[], [], []];
  through = (_stream, messages) => messages;
  const execution = bus.as('execution').streams;
  for (const fill of [fillOf('f1', 10), fillOf('f2', 30)]) await execution.append(subjects.fill('paper', 'okx'), encodeJson(fill), { id: fill.id });
  await execution.append(subjects.fill('paper', 'okx'), new Uint8Array([123]), { id: 'unreadable' });
  await execution.append(subjects.fill('paper', 'okx'), encodeJson(fillOf('f3', 50)), { id: 'f3' });
  for (const result of [resultOf('r1', 20), resultOf('r2', 40), resultOf('r3', 50), resultOf('r4', 61)]) {
    await execution.append(subjects.result('paper'), encodeJson(result), { id: result.intentId });
  }
  for (const entry of [auditOf('a1', 35), auditOf('a2', 61)]) await bus.as('gateway').streams.append(subjects.audit(), encodeJson(entry), { id: entry.id });
});
afterEach(async () => bus.drain());

function feedOf(): PlanFeed {
  const core = {
    onFill: ({ id }: Fill) => void told.push(id), onResult: ({ intentId }: PlanResult) => void told.push(intentId), onAudit: ({ id }: AuditEntry) => void told.push(id),
  } as MonitoringCore;
  const monitoring = bus.as('monitoring');
  const streams = overlay(monitoring.streams, { read: (stream, ...given) => through(stream, monitoring.streams.read(stream, ...given)) });
  const timers = { after: (afterMs: number, now: () => void) => (retries.push({ afterMs, now }), () => {}) };
  const log = { info: () => {}, warn: (message: string) => void warnings.push(message), error: () => {} };
  return new PlanFeed(core, overlay(monitoring, { streams }), timers, log);
}
const PAST = ['f1', 'r1', 'f2', 'a1', 'r2', 'f3', 'r3', 'r4', 'a2'];

// r3 ends in the microsecond of its last fill, and the word a2 is said in that of the end r4.
test('the past comes first, in the order of time, then what came while it was read, then what comes live', async () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  through = async function* (stream, messages) {
    if (stream === STREAMS.fills) await released;
    yield* messages;
  };
  const feed = feedOf();
  const read = feed.start();
  feed.onFill(fillOf('meanwhile', 70));
  feed.onResult(resultOf('its end', 71));
  feed.onAudit(auditOf('its word', 72));
  expect([told, feed.missing]).toEqual([[], expect.any(String)]);
  release();
  await read;
  expect([told, feed.missing]).toEqual([[...PAST, 'meanwhile', 'its end', 'its word'], null]);
  feed.onFill(fillOf('live', 80));
  expect(told.at(-1)).toBe('live');
  expect(warnings).toEqual(['a stored message cannot be read']);
});

test('a reading that breaks off is told and goes on where it ended, ever later; nothing comes twice, and what is live waits for it', async () => {
  let breaks = 2;
  through = async function* (stream, messages) {
    for await (const message of messages) {
      if (stream === STREAMS.fills && message.sequence === 4 && breaks-- > 0) throw new Error('no leader');
      yield message;
    }
  };
  const feed = feedOf();
  await feed.start();
  feed.onFill(fillOf('live', 80));
  expect([told, feed.missing]).toEqual([['f1', 'r1', 'f2'], expect.stringContaining('no leader')]);
  for (const at of [0, 1]) {
    expect(retries).toHaveLength(at + 1);
    retries[at].now();
    for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
  }
  expect([told, feed.missing, retries.map(({ afterMs }) => afterMs)]).toEqual([[...PAST, 'live'], null, [250, 500]]);
});

test('of what comes while the past cannot be read only so much waits; more is let go and read from the streams, in its place', async () => {
  let breaks = true;
  through = (_stream, messages) => {
    if (breaks) throw new Error('no leader');
    return messages;
  };
  const feed = feedOf();
  await feed.start();
  await bus.as('execution').streams.append(subjects.fill('paper', 'okx'), encodeJson(fillOf('let go', 70)), { id: 'let go' });
  feed.onFill(fillOf('let go', 70));
  for (let count = 0; count < MOST_WAITING; count++) feed.onResult(resultOf('waits', 80));
  breaks = false;
  retries[0].now();
  await until(() => feed.missing === null);
  expect(told).toEqual([...PAST, 'let go', 'waits']);
});

test('what is let go while the past is being read is read once the past is', async () => {
  let meanwhile = async (): Promise<void> => {};
  through = async function* (stream, messages) {
    yield* messages;
    if (stream === STREAMS.fills) await meanwhile();
  };
  const feed = feedOf();
  meanwhile = async () => {
    meanwhile = async () => {};
    await bus.as('execution').streams.append(subjects.fill('paper', 'okx'), encodeJson(fillOf('let go', 70)), { id: 'let go' });
    feed.onFill(fillOf('let go', 70));
    for (let count = 0; count < MOST_WAITING; count++) feed.onResult(resultOf('waits', 80));
  };
  await feed.start();
  expect(told).toEqual([...PAST, 'let go', 'waits']);
});

test('who is stopped tries no more', async () => {
  through = () => { throw new Error('no leader'); };
  const feed = feedOf();
  const read = feed.start();
  feed.stop();
  await read;
  expect([told, retries, warnings]).toEqual([[], [], []]);
});
