import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readJournal } from '@parallax/simulation';
import type { Fill, Order, PlanResult, Position, Profit } from '@parallax/types';
import { decodeJson, fillSchema, planResultSchema, STREAMS } from '@parallax/wire';
import { memoryBuses } from '../src/compose/buses.js';
import { Amount } from '../src/profit/amount.js';
import { parallax } from './support/command-line.js';
import { StartedSystem } from './support/started-system.js';

/**
 * The whole of `npm start` on a market whose paper venues refuse orders, fill them in part and answer late, ended by Ctrl-C and
 * by a kill: what the API tells of money is what its own fills say, to the last digit.
 */
const SETTINGS = { FEES: '0.00003', MIN_EDGE_BPS: '0', PAPER_FAULTS: 'seed=5,refused=0.4,unfilled=0.1,partial=0.2,latency=0-20' };
/** An edge that no market has: nothing new is traded. */
const AT_REST = { MIN_EDGE_BPS: '9999' };
/** Plans that were taken back, in whole or in part, by the end of each run. */
const TAKEN_BACK = [1, 2, 3];
const OVER = new Set<Order['state']>(['filled', 'cancelled', 'rejected', 'expired']);
const state = mkdtempSync(join(tmpdir(), 'parallax-profit-'));
let system: StartedSystem;
afterAll(async () => {
  await system.end('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

const list = async <Row>(path: string): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await system.get(`${path}?limit=1000${cursor && `&cursor=${cursor}`}`);
    rows.push(...(page.data as Row[]));
    ({ cursor } = page);
  }
  return rows;
};
const signed = ({ side, size }: Pick<Fill, 'side' | 'size'>): Amount => Amount.of(size).times(side === 'buy' ? 1 : -1);
/** Paper venues take their fees in quote. */
const cashOf = (fill: Fill): Amount => signed(fill).times(Amount.of(fill.price)).times(-1).minus(Amount.of(fill.fee));
const standsAlone = (fills: readonly Fill[]): boolean => Amount.sum(fills.map(signed)).sign !== 0;
const wasTakenBack = (fills: readonly Fill[]): boolean => fills.some(({ purpose }) => purpose === 'reverse');

function byPlan(fills: readonly Fill[]): Map<string, Fill[]> {
  const plans = new Map<string, Fill[]>();
  for (const fill of fills) plans.set(fill.intentId, [...(plans.get(fill.intentId) ?? []), fill]);
  return plans;
}
const takenBack = (count: number): Promise<unknown> => system.seen(`${count} plans that were taken back`, async () =>
  [...byPlan(await list<Fill>('fills')).values()].filter(wasTakenBack).length >= count);

/** What the paper venues wrote down, as `client id-trade id price size fee`. */
function journalled(): string[] {
  return readdirSync(state).filter((name) => name.endsWith('.journal')).flatMap((name) => {
    const { records } = readJournal(readFileSync(join(state, name)));
    const clientIds = new Map(records.flatMap((record) => (record.kind === 'accepted' ? [[record.venueOrderId, record.request.clientId]] : [])));
    return records.flatMap((record) => (record.kind === 'fill' ? [textOf(`${clientIds.get(record.order)}-${record.fill.tradeId}`, record.fill)] : []));
  });
}
const textOf = (id: string, { price, size, fee }: Pick<Fill, 'price' | 'size' | 'fee'>): string => `${id} ${price} ${size} ${fee}`;

/** What the streams hold; the system has ended. */
async function stored(): Promise<{ fills: Fill[]; results: Map<string, PlanResult> }> {
  const buses = await memoryBuses(join(state, 'bus'));
  try {
    const { streams } = await buses.as('gateway');
    const fills: Fill[] = [];
    for await (const { bytes } of streams.read(STREAMS.fills, {})) fills.push(decodeJson(fillSchema, bytes));
    const results = new Map<string, PlanResult>();
    for await (const { bytes } of streams.read(STREAMS.results, {})) {
      const result = decodeJson(planResultSchema, bytes);
      results.set(result.intentId, result);
    }
    return { fills, results };
  } finally {
    await buses.drain();
  }
}

test('orders are refused, filled in part and late, until plans are taken back; Ctrl-C, and a kill while an order is under way', async () => {
  system = await StartedSystem.start(state, SETTINGS);
  await takenBack(TAKEN_BACK[0]);
  expect(await system.end()).toBe(0);
  system = await StartedSystem.start(state, SETTINGS);
  await takenBack(TAKEN_BACK[1]);
  await system.seen('an order under way', async () => (await list<Order>('orders')).some((order) => !OVER.has(order.state)));
  expect(await system.end('SIGKILL')).toBe('SIGKILL');
  system = await StartedSystem.start(state, SETTINGS);
  await takenBack(TAKEN_BACK[2]);
});

test('while it trades the profit that is told is what the fills say', async () => {
  const { code, out, err } = await parallax(['profit', '--check', '--json', '--gateway', system.address]);
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject([{ account: 'paper', currency: 'USDT', differences: [] }]);
  expect(code).toBe(0);
});

test('started anew it ends what was under way; then positions are the sums of the fills, and the profit of the plans’ results', async () => {
  expect(await system.end()).toBe(0);
  system = await StartedSystem.start(state, { ...SETTINGS, ...AT_REST });
  let fills: Fill[] = [];
  const told = await system.seen('all fills in the profit', async () => {
    fills = await list<Fill>('fills');
    const [profit] = await list<Profit>('profit');
    return profit?.fills === fills.length && profit;
  });
  const sums = new Map<string, Amount>();
  for (const { venue, symbol, ...fill } of fills) sums.set(`${venue} ${symbol}`, (sums.get(`${venue} ${symbol}`) ?? Amount.zero).plus(signed(fill)));
  const positions = await list<Position>('positions');
  expect(positions.map(({ venue, symbol, size }) => `${venue} ${symbol} ${size}`).toSorted()).toEqual([...sums].map(([key, sum]) => `${key} ${sum.toString()}`).toSorted());
  expect((await parallax(['profit', '--check', '--tries', '1', '--gateway', system.address])).out).toMatch(/: equal;/);
  expect(await system.end()).toBe(0);

  const { results } = await stored();
  for (const cause of ['spread', 'slippage', 'exitCost', 'fees'] as const) {
    expect([cause, told.causes[cause]]).toEqual([cause, Amount.sum([...results.values()].map((result) => Amount.of(result[cause]))).toString()]);
  }
});

test('every fill is in the stream once and as its venue wrote it down; each plan’s causes add up to the cash of its fills', async () => {
  const { fills, results } = await stored();
  expect(fills.map((fill) => textOf(fill.id, fill)).toSorted()).toEqual(journalled().toSorted());
  const plans = byPlan(fills);
  for (const [intentId, ofPlan] of plans) {
    const { fillCount, spread, slippage, fees, exitCost, held, total, uneven, dust } = results.get(intentId)!;
    const cash = Amount.sum(ofPlan.map(cashOf)).toString();
    const causes = Amount.sum([spread, slippage, fees, exitCost, held].map(Amount.of)).toString();
    const isHeld = standsAlone(ofPlan);
    expect([intentId, fillCount, total, causes, Amount.of(held).sign !== 0, uneven !== null || dust !== null]).toEqual([intentId, ofPlan.length, cash, cash, isHeld, isHeld]);
  }
  expect([...plans.values()].filter(wasTakenBack).length).toBeGreaterThanOrEqual(TAKEN_BACK[2]);
});
