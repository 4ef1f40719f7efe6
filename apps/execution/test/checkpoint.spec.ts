import { afterEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { Position, Profit } from '@parallax/types';
import { BUCKETS, patterns, STREAMS, TOPOLOGY } from '@parallax/wire';
import type { ExecutionService } from '../src/index.js';
import { Stand } from './stand.js';

/** Room for some forty fills and ten results. */
const ROOM: Record<string, number> = { [STREAMS.fills]: 24_000, [STREAMS.results]: 8_000 };
const SMALL = { ...TOPOLOGY, streams: TOPOLOGY.streams.map((stream) => ({ ...stream, maximumBytes: ROOM[stream.name] ?? stream.maximumBytes })) };
const OPTIONS = { retentionUs: 300_000, balances: [{ account: 'main', venue: 'binance', currency: 'USDT', amount: '1000' }] };
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

let stand: Stand;
/** Orders are forgotten once a minute: the services' clock jumps over it. */
let aheadUs = 0;
const clock = { nowUs: () => stand.time.nowUs() + aheadUs };
afterEach(async () => stand.close());

/** The newest position that was told of each instrument. */
function positionsOf(told: Map<string, Position>): Record<string, [size: string, realised: string, fees: string]> {
  return Object.fromEntries([...told].map(([venue, { size, realised, fees }]) => [venue, [size, realised, fees]]));
}
/** The newest word on what the account earned. */
const profits: Profit[] = [];
function listen(): Map<string, Position> {
  const told = new Map<string, Position>();
  profits.length = 0;
  stand.bus.subscribe(patterns.profits, ({ bytes }) => void profits.push(JSON.parse(Buffer.from(bytes).toString()) as Profit));
  stand.bus.subscribe(patterns.positions, ({ bytes }) => {
    const position = JSON.parse(Buffer.from(bytes).toString()) as Position;
    told.set(position.venue, position);
  });
  return told;
}
async function trade(service: ExecutionService, from: number, count: number): Promise<void> {
  for (let number = from; number < from + count; number++) await stand.approve(`plan-${number}`, clock.nowUs());
  await until(() => service.health().counters.running === 0 && service.health().counters.fills >= 2 * (from + count), () => JSON.stringify(service.health()));
}
const oldest = async (): Promise<number> => {
  for await (const { sequence } of stand.bus.streams.read(STREAMS.fills, { limit: 1 })) return sequence;
  return 0;
};

test('positions and balances outlive the bound of the stream of fills', async () => {
  stand = await Stand.open(SMALL);
  const first = stand.service('first', { checkpointEveryMs: 20 }, { clock, log: quiet }, OPTIONS);
  await first.start();
  await until(() => first.health().ready);
  const bucket = stand.bus.as('execution').state(BUCKETS.checkpoints);
  let plans = 0;
  // Until the stream has let go of its beginning, and a checkpoint holds at least that.
  await until(async () => {
    // After each jump the lease is in doubt until it is renewed: as few jumps as the stream's room allows.
    await trade(first, plans, 10);
    plans += 10;
    aheadUs += 61_000_000;
    return (await oldest()) > 20 && (await bucket.get('execution.head')) !== null;
  });
  const before = listen();
  await until(() => before.size === 2);
  const told = positionsOf(before);
  await until(() => profits.length > 0);
  const { atUs: _, ...earned } = profits.at(-1)!;
  expect(told).toEqual({ binance: [String(plans), '0', (plans * 0.1).toFixed(1).replace(/\.0$/, '')], okx: [String(-plans), '0', (plans * 0.1).toFixed(1).replace(/\.0$/, '')] });
  await first.stop();

  const second = stand.service('second', { checkpointEveryMs: 20 }, { clock, log: quiet }, OPTIONS);
  await second.start();
  await until(() => second.health().ready);
  const after = listen();
  await until(() => after.size === 2);
  expect(positionsOf(after)).toEqual(told);
  await until(() => profits.length > 0);
  expect(profits.at(-1)).toMatchObject(earned);
});

test('fills that are in no checkpoint and no more in their stream leave positions unknown, and nothing is traded', async () => {
  stand = await Stand.open(SMALL);
  const first = stand.service('first', { checkpointEveryMs: 3_600_000 }, {}, OPTIONS);
  await first.start();
  await until(() => first.health().ready);
  let plans = 0;
  await until(async () => {
    await trade(first, plans, 5);
    plans += 5;
    return (await oldest()) > 1;
  });
  await first.stop();
  const errors: unknown[] = [];
  const second = stand.service('second', {}, { log: { ...quiet, error: (message: string, fields?: object) => void errors.push([message, fields]) } }, OPTIONS);
  await second.start();
  await until(() => errors.length > 0);
  expect(errors[0]).toEqual(['execution could not take or leave its work', { error: expect.stringMatching(/messages are gone from the stream FILLS, from number 1 on, and in no checkpoint/) }]);
  await until(() => second.health().missing.some((sentence) => sentence.startsWith('its state cannot be rebuilt: ') && sentence.includes('gone from the stream FILLS')));
  expect(second.health().ready).toBe(false);
});
