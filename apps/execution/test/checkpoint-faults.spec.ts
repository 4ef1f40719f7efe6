import { createMemoryBus, type Bus, type MemoryBus } from '@parallax/bus';
import { DEFAULT_EXECUTION_OPTIONS, ExecutionCore, type ExecutionSink } from '@parallax/execution';
import { SystemRandom, SystemTimers, type ServiceContext } from '@parallax/runtime';
import { InstrumentTable, type Fill, type InstrumentSpecification } from '@parallax/types';
import { BUCKETS, encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ExecutionCheckpoint } from '../src/checkpoint.js';

const HOUR_US = 3_600_000_000;
const specification: InstrumentSpecification = {
  venue: 'okx', symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 1, sizeScale: 2, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};

let nowUs = 20_000 * 24 * HOUR_US;
let root: MemoryBus;
/** What of the bus fails at this moment. */
const faults = { readsEndAfter: Infinity, unwritable: false };
beforeEach(async () => {
  root = await createMemoryBus(TOPOLOGY, { ports: { clock: { nowUs: () => nowUs } } });
  Object.assign(faults, { readsEndAfter: Infinity, unwritable: false });
});
afterEach(async () => root.drain());

/** The bus of execution, whose streams break off and whose state cannot be written while {@link faults} say so. */
function faultyBus(): Bus {
  const bus = root.as('execution');
  const bucket = bus.state(BUCKETS.checkpoints);
  return {
    ...bus, state: () => ({
      ...bucket, get: (key) => bucket.get(key),
      put: (...given) => (faults.unwritable ? Promise.reject(new Error('no leader')) : bucket.put(...given)),
    }),
    streams: {
      ...bus.streams,
      async *read(stream, options) {
        let left = faults.readsEndAfter;
        for await (const message of bus.streams.read(stream, options)) {
          if (left-- === 0) throw new Error('the bus is away');
          yield message;
        }
      },
    },
  };
}

/** A checkpoint beside a core that remembers no order, and what both hold. */
async function begin(): Promise<{ checkpoint: ExecutionCheckpoint; size: () => string | undefined }> {
  const instruments = new InstrumentTable();
  instruments.add(specification);
  const options = { ...DEFAULT_EXECUTION_OPTIONS, accounts: ['main'], takerFees: {}, balances: [] };
  const core = new ExecutionCore(options, instruments, {} as ExecutionSink, { epoch: 1, grantedBy: 'bus' });
  const context: ServiceContext = {
    bus: faultyBus(), clock: { nowUs: () => nowUs }, timers: new SystemTimers(), random: new SystemRandom(), instance: 'test',
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  const checkpoint = new ExecutionCheckpoint(context, instruments, core, HOUR_US);
  await checkpoint.load();
  return { checkpoint, size: () => core.ledger.position('main', 's', 'okx', 'BTC/USDT')?.size };
}

let fills = 0;
/** So many purchases of 1, which are past at once. */
async function buy(count: number): Promise<void> {
  for (let left = count; left > 0; left--) {
    const fill: Fill = {
      id: `fill-${++fills}`, orderId: `order-${fills}`, intentId: `plan-${fills}`, leg: 0, purpose: 'leg', account: 'main', strategy: 's', venue: 'okx',
      symbol: 'BTC/USDT', side: 'buy', price: '100', size: '1', fee: '0', feeCurrency: 'USDT', liquidity: 'taker', atUs: nowUs,
    };
    await root.as('execution').streams.append(subjects.fill('main', 'okx'), encodeJson(fill), { id: fill.id });
  }
  nowUs += 2 * HOUR_US;
}

test('a reading of the past that breaks off goes on where it ended: no fill counts twice', async () => {
  const { checkpoint } = await begin();
  // More than are told apart by their ids.
  await buy(1_200);
  faults.readsEndAfter = 1_100;
  await checkpoint.advance();
  expect(checkpoint.troubles()).toMatchObject([{ key: 'checkpoint', summary: expect.stringContaining('the bus is away') }]);
  faults.readsEndAfter = Infinity;
  await checkpoint.advance();
  expect([checkpoint.troubles(), (await begin()).size()]).toEqual([[], '1200']);
});

test('what could not be saved is saved by the next call, though nothing more is past, and is no trouble any more', async () => {
  const { checkpoint } = await begin();
  await buy(3);
  faults.unwritable = true;
  await checkpoint.advance();
  expect([checkpoint.troubles().length, (await begin()).size()]).toEqual([1, undefined]);
  faults.unwritable = false;
  await checkpoint.advance();
  expect([checkpoint.troubles(), (await begin()).size()]).toEqual([[], '3']);
  // A reading that failed is no trouble any more once one succeeded, whether something was past or not.
  faults.readsEndAfter = 0;
  await buy(1);
  await checkpoint.advance();
  expect(checkpoint.troubles()).toHaveLength(1);
  nowUs -= 2 * HOUR_US;
  faults.readsEndAfter = Infinity;
  await checkpoint.advance();
  expect(checkpoint.troubles()).toEqual([]);
});
