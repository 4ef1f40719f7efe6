import { normalisationDefinition, NormalisationService } from '@parallax/app-normalisation';
import { BookFollower, Side } from '@parallax/book';
import { provision } from '@parallax/bus';
import { askKeyframe, MarketFeed, publishInstruments, SystemClock, SystemRandom, SystemTimers } from '@parallax/runtime';
import { describeWith, startNatsServer, until } from '@parallax/testing';
import { InstrumentTable, RawKind, RowKind } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { RawWriter, RowReader, subjects, TOPOLOGY } from '@parallax/wire';
import { expect, test } from '@jest/globals';
import { memoryBuses, natsBuses, type Buses } from '../src/compose/buses.js';
import { House } from '../src/compose/house.js';

/** A side of so many levels makes rows of 2.2 MB; a message may have 1 MiB. */
const LEVELS = 70_000;
const symbol = 'BTC/USD';
const catalogue = VENUES.get('coinbase')!.catalogue.filter((one) => one.symbol === symbol);

const NOW = new Date(new SystemClock().nowUs() / 1000).toISOString();
const level = (side: string, price: number, size: string): object =>
  ({ side, event_time: NOW, price_level: (price / 100).toFixed(2), new_quantity: size });
const frame = (sequence: number, type: string, updates: readonly object[]): string =>
  JSON.stringify({ channel: 'l2_data', timestamp: NOW, sequence_num: sequence, events: [{ type, product_id: 'BTC-USD', updates }] });

/** A book larger than a message, its changes, and readers of it: one that hears all, one that comes later and asks. */
async function followed(buses: Buses): Promise<void> {
  const clock = new SystemClock();
  const house = new House(async (user) => ({
    bus: await buses.as(user), clock, timers: new SystemTimers(), random: new SystemRandom(), instance: 'test',
    log: { info: () => {}, warn: () => {}, error: (message, fields) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } },
  }));
  const ingestion = await buses.as('ingestion');
  await publishInstruments(ingestion, catalogue);
  const service = await house.start(normalisationDefinition, (context) => new NormalisationService(context, VENUES));
  const bus = await buses.as('arbitrage');
  const instruments = new InstrumentTable();
  instruments.add({ ...catalogue[0], version: 1 });
  const listening = new BookFollower(catalogue[0].priceStep);
  const late = new BookFollower(catalogue[0].priceStep);
  const feed = new MarketFeed(bus, instruments, clock);
  feed.rows('book', (_instrument, row) => {
    listening.apply(row);
    late.apply(row);
  });
  await bus.flush();
  const writer = new RawWriter();
  let frames = 0;
  const say = (text: string): void => {
    writer.write({ connection: 1, frame: ++frames, receivedAtUs: clock.nowUs(), epoch: 0, kind: RawKind.stream }, Buffer.from(text), (message) => {
      ingestion.publish(subjects.raw('coinbase', 1), message.slice());
    });
  };
  const sides = Array.from({ length: LEVELS }, (_, at) => [level('bid', 5_000_000 - at, '1.5'), level('offer', 5_000_001 + at, '2')]).flat();
  say(frame(0, 'snapshot', sides));
  await until(() => listening.inStep, () => JSON.stringify(service.health()));
  expect([Side.bid, Side.ask].map((side) => listening.book.levels(side))).toEqual([LEVELS, LEVELS]);

  // The second reader lost the chain and asks, while changes go on.
  late.lose();
  const reading = askKeyframe(bus, 'coinbase', { symbol, reason: 'a test' }, 10_000);
  for (let change = 1; change <= 20; change++) say(frame(change, 'update', [level('bid', 5_000_000 - change, '0'), level('offer', 5_000_001, String(change))]));
  const bytes = await reading;
  expect(bytes.length).toBeGreaterThan(2_000_000);
  late.apply(new RowReader().read(bytes, RowKind.book));
  await until(() => listening.book.bestAskSize === late.book.bestAskSize && listening.book.levels(Side.bid) === LEVELS - 20);
  for (const follower of [listening, late]) {
    expect([follower.inStep, follower.book.bestBidPrice, follower.book.bestAskPrice, follower.book.levels(Side.bid), follower.book.levels(Side.ask)])
      .toEqual([true, 5_000_000, 5_000_001, LEVELS - 20, LEVELS]);
  }
  expect(feed.counters.rowsUnreadable).toBe(0);
  await house.stop();
  await buses.drain();
}

test('a book of any size reaches its readers in the process, by the stream and on request', async () => followed(await memoryBuses()));

describeWith('nats-server', 'over NATS', () => {
  test('a book of any size reaches its readers, by the stream and on request', async () => {
    const server = await startNatsServer();
    try {
      await provision({ servers: server.url, name: 'test' }, TOPOLOGY);
      await followed(natsBuses(server.url, 'test', {}));
    } finally {
      await server.stop();
    }
  });
});
