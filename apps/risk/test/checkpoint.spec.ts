import { createMemoryBus, type MemoryBus, type StateBucket } from '@parallax/bus';
import { RiskCore, snapshot, type RiskSnapshot } from '@parallax/risk';
import { SystemRandom, SystemTimers, type ServiceContext } from '@parallax/runtime';
import { type Fill, InstrumentTable } from '@parallax/types';
import { encodeJson, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { afterEach, expect, test } from '@jest/globals';
import { RiskCheckpoint } from '../src/checkpoint.js';
import { History } from '../src/history.js';
import { ACCOUNT, SPECIFICATIONS } from './support.js';

const DAY_US = 86_400_000_000;
const START_US = 20_000 * DAY_US;
let nowUs = START_US;
let bus: MemoryBus;
const lost: string[] = [];
/** While it says so, shared state cannot be written. */
let isUnwritable = false;
afterEach(async () => bus.drain());

/** A bus whose stream of fills has room for so many bytes; its time is the test's. */
async function open(bytes: number): Promise<void> {
  nowUs = START_US;
  lost.length = 0;
  const streams = TOPOLOGY.streams.map((stream) => (stream.name === STREAMS.fills ? { ...stream, maximumBytes: bytes } : stream));
  bus = await createMemoryBus({ ...TOPOLOGY, streams }, { ports: { clock: { nowUs: () => nowUs } } });
}

/** One start of risk, as far as its past goes. */
async function begin(): Promise<{ core: RiskCore; history: History; checkpoint: RiskCheckpoint; state: () => RiskSnapshot }> {
  const instruments = new InstrumentTable();
  for (const specification of SPECIFICATIONS) instruments.add(specification);
  const core = new RiskCore({ instruments });
  core.setStartBalance(ACCOUNT, 'a', 'USDT', '1000');
  const own = bus.as('risk');
  const state = (name: string): StateBucket => {
    const bucket = own.state(name);
    return { ...bucket, get: (key) => bucket.get(key), put: (...given) => (isUnwritable ? Promise.reject(new Error('no leader')) : bucket.put(...given)) };
  };
  const context: ServiceContext = {
    bus: { ...own, streams: own.streams, state }, clock: { nowUs: () => nowUs }, timers: new SystemTimers(), random: new SystemRandom(), instance: 'test',
    log: { info: () => {}, warn: (message, fields) => { if (!isUnwritable) throw new Error(`${message} ${JSON.stringify(fields)}`); }, error: () => {} },
  };
  const checkpoint = new RiskCheckpoint(context, instruments, core, DAY_US);
  const history = new History(context.bus, core, () => nowUs, (_stream, _sequence, error) => { throw error; }, (error) => lost.push(error.message));
  history.resume(await checkpoint.load());
  await history.catchUp();
  return { core, history, checkpoint, state: () => snapshot(core, nowUs) };
}

let fills = 0;
async function fill(plan: string, side: 'buy' | 'sell', price: string, size: string, id = `fill-${++fills}`): Promise<void> {
  const told: Fill = {
    id, orderId: `order-${plan}`, intentId: plan, leg: 0, account: ACCOUNT, strategy: 'taker', venue: side === 'buy' ? 'a' : 'b', symbol: 'BTC/USDT',
    side, price, size, fee: '0.00001', feeCurrency: fills % 3 === 0 ? 'BTC' : 'USDT', liquidity: 'taker', atUs: nowUs,
  };
  await bus.as('execution').streams.append(subjects.fill(ACCOUNT, told.venue), encodeJson(told), { id: `${id}-${nowUs}` });
}
/** Some days of plans that buy and sell, not quite as much. */
async function days(count: number, from = 0): Promise<void> {
  for (let day = from; day < from + count; day++) {
    for (let plan = 0; plan < 6; plan++) {
      nowUs += DAY_US / 8;
      await fill(`plan-${day}-${plan}`, 'buy', `${100_000 + day * 10 + plan}.00`, '0.01');
      await fill(`plan-${day}-${plan}`, 'sell', `${100_050 - day * 7}.00`, plan % 2 === 0 ? '0.01' : '0.009');
    }
    nowUs += DAY_US / 4;
  }
}

test('who begins at a checkpoint holds what reading all fills gives, to the last digit', async () => {
  await open(2 ** 30);
  await days(6);
  const one = await begin();
  one.core.onWake(nowUs + 60_000_000);
  await one.checkpoint.advance();
  // Nothing of the last day is past: it may still be told again, and its plans are remembered.
  await days(3, 6);
  const other = await begin();
  await one.history.catchUp();
  expect(other.history.events).toBeLessThan(one.history.events);
  expect(other.state()).toEqual(one.state());
  // One checkpoint after the other, by whoever judges.
  other.core.onWake(nowUs + 60_000_000);
  await other.checkpoint.advance();
  await days(2, 9);
  const third = await begin();
  await one.history.catchUp();
  expect(third.history.events).toBeLessThan(other.history.events);
  expect(third.state()).toEqual(one.state());
  expect(lost).toEqual([]);
});

test('positions, balances and profit outlive the bound of the stream of fills', async () => {
  await open(24_000);
  const one = await begin();
  for (let day = 0; day < 12; day++) {
    await days(1, day);
    await one.history.catchUp();
    one.core.onWake(nowUs + 60_000_000);
    await one.checkpoint.advance();
  }
  for await (const { sequence } of bus.streams.read(STREAMS.fills, { limit: 1 })) expect(sequence).toBeGreaterThan(50);
  const other = await begin();
  expect([lost, other.state()]).toEqual([[], one.state()]);
});

test('a fill that was stored twice, on both sides of a checkpoint, counts once', async () => {
  await open(2 ** 30);
  fills = 1;
  await fill('plan', 'buy', '100000.00', '0.01', 'once');
  nowUs += DAY_US + 60_000_000;
  const one = await begin();
  one.core.forget(nowUs);
  await one.checkpoint.advance();
  // Its first answer was lost, and the server away for longer than it knows what it was given.
  await fill('plan', 'buy', '100000.00', '0.01', 'once');
  const other = await begin();
  expect(other.state().accounts[0].holdings).toMatchObject([{ size: '0.01' }]);
});

test('what could not be saved is saved by the next call, though nothing more is past, and is no trouble any more', async () => {
  await open(2 ** 30);
  await days(3);
  const one = await begin();
  one.core.onWake(nowUs + 60_000_000);
  isUnwritable = true;
  await one.checkpoint.advance();
  expect(one.checkpoint.troubles()).toHaveLength(1);
  isUnwritable = false;
  await one.checkpoint.advance();
  const other = await begin();
  expect([one.checkpoint.troubles(), other.history.events < one.history.events, other.state()]).toEqual([[], true, one.state()]);
});

test('fills that are in no checkpoint and no more in their stream are lost, and told', async () => {
  await open(4_000);
  await days(3);
  await begin();
  expect(lost).toEqual([expect.stringMatching(/messages are gone from the stream FILLS, from number 1 on, and in no checkpoint/)]);
});
