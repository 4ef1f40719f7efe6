import { createMemoryBus } from '@parallax/bus';
import { expect, test } from '@jest/globals';
import { DEFAULT_EXECUTION_OPTIONS } from '@parallax/execution';
import { publishInstruments, SystemClock, SystemRandom, SystemTimers } from '@parallax/runtime';
import type { InstrumentSpecification, Order, VenueDoor, VenueOrder } from '@parallax/types';
import { BUCKETS, encodeJson, patterns, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { ExecutionService } from '../src/index.js';

const specification: InstrumentSpecification = {
  venue: 'okx', symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 1, sizeScale: 2, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};
const unused = () => Promise.resolve({ kind: 'unknown' as const, detail: 'not asked for here' });

/** Fills whatever it is sent, at once. */
function doorTo(venue: string, placed: string[]): VenueDoor {
  return {
    venue, cancel: unused, openOrders: unused, changedSince: unused, onReport: () => () => {},
    order: () => Promise.resolve({ kind: 'notFound' }),
    place: ({ clientId, account, symbol, side, price, size }) => {
      placed.push(clientId);
      const fill = { tradeId: `t${placed.length}`, price, size, fee: '0.1', feeCurrency: 'USDT', liquidity: 'taker' as const, atUs: 1 };
      const order: VenueOrder = { clientId, venueOrderId: 'v', account, symbol, side, price, size, status: 'filled', filledSize: size, fills: [fill], reason: null, atUs: 1 };
      return Promise.resolve({ kind: 'accepted', order });
    },
  };
}

async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await met()); tries++) {
    if (tries > 200) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('approvals become orders, fills, positions and results; halted they become nothing; the stand-by takes over', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  await publishInstruments(bus, ['binance', 'okx'].map((venue) => ({ ...specification, venue })));
  const placed: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (message: string, fields?: object) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } };
  const open = (instance: string): ExecutionService => new ExecutionService(
    { bus: bus.as('execution'), clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log, instance },
    { ...DEFAULT_EXECUTION_OPTIONS, takerFees: {}, balances: [] },
    [doorTo('binance', placed), doorTo('okx', placed)],
  );
  const alive = setInterval(() => bus.publish(subjects.riskAlive(), new Uint8Array()), 50);
  const positions: unknown[] = [];
  bus.subscribe(patterns.positions, ({ bytes }) => positions.push(JSON.parse(Buffer.from(bytes).toString())));
  const approve = (id: string) => {
    const nowUs = Date.now() * 1000;
    const leg = (number: number, venue: string, side: string) => ({ leg: number, venue, symbol: 'BTC/USDT', side, type: 'limit', timeInForce: 'IOC', price: '100', size: '1' });
    const plan = { legs: [leg(0, 'binance', 'buy'), leg(1, 'okx', 'sell')], exits: [], currency: 'USDT', notional: '100' };
    const times = { createdAtUs: nowUs, expiresAtUs: nowUs + 60_000_000 };
    const intent = { id, account: 'main', strategy: 's', kind: 'arbitrage', opportunityId: 'o', plan, expectedNet: '0', ...times };
    const approval = { kind: 'approved', id: `approval-${id}`, intent, plan, reserved: '100', scaledBy: '1', epoch: 1, atUs: nowUs, expiresAtUs: times.expiresAtUs };
    return bus.as('risk').streams.append(subjects.approved('main'), encodeJson(approval), { id });
  };
  const read = async (stream: string): Promise<Record<string, string>[]> => {
    const found: Record<string, string>[] = [];
    for await (const { bytes } of bus.streams.read(stream, {})) found.push(JSON.parse(Buffer.from(bytes).toString()));
    return found;
  };

  const [first, second] = [open('first'), open('second')];
  await first.start();
  await until(() => first.health().ready);
  await second.start();
  expect(second.health().missing[0]).toContain('lease');
  await approve('a');
  await until(async () => (await read(STREAMS.results)).length === 1);
  expect(await read(STREAMS.results)).toMatchObject([{ intentId: 'a', outcome: 'completed', fees: '-0.2' }]);
  // Positions are told, not stored: they come in a turn of their own.
  await until(() => positions.length === 2);
  expect([placed.length, (await read(STREAMS.fills)).length]).toEqual([2, 2]);

  const halt = (halted: boolean) => bus.as('gateway').state(BUCKETS.halt).put('halt', encodeJson({ halted, by: 'me', reason: 'a test', atUs: 1 }));
  await halt(true);
  await approve('b');
  await until(async () => (await read(STREAMS.results)).length === 2);
  expect(placed).toHaveLength(2);
  const orders = (await read(STREAMS.orders)) as unknown as Order[];
  expect(orders.filter(({ intentId }) => intentId === 'b')).toMatchObject([{ state: 'expired', reason: 'halted: a test' }, { state: 'expired' }]);

  await first.stop();
  await until(() => second.health().ready);
  expect(second.health().counters).toMatchObject({ leaseRenewals: expect.any(Number), leaseLatestUs: expect.any(Number) });
  await halt(false);
  await approve('c');
  await until(async () => (await read(STREAMS.results)).length === 3);
  expect(placed).toHaveLength(4);
  await second.stop();
  clearInterval(alive);
  await bus.drain();
}, 30_000);
