import { createMemoryBus, type BusMessage } from '@parallax/bus';
import { expect, test } from '@jest/globals';
import { publishInstruments } from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import { until } from '@parallax/testing';
import type { PlaceOutcome, VenueOrder } from '@parallax/types';
import { patterns, subjects, TOPOLOGY } from '@parallax/wire';
import { bookRow, contextOf, paperVenues, rowBytes, specificationOf, VENUE, VenueClient } from './paper-stand.js';

/** A round of the event loop in which whatever was told has come to its end. */
const turns = async (): Promise<void> => {
  for (let round = 0; round < 20; round++) await new Promise(setImmediate);
};

test('over the bus, with the services’ own rights: the venue asks for its book, fills, reports, and answers a repeat alike', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  await publishInstruments(bus, [specificationOf()]);
  bus.subscribe(patterns.keyframes, (message) => message.respond(rowBytes(bookRow(5, null, [1000, 300]))));
  const reports: VenueOrder[] = [];
  const execution = bus.as('execution');
  execution.subscribe(subjects.venueReport(VENUE), ({ bytes }) => reports.push(JSON.parse(Buffer.from(bytes).toString())));
  const service = paperVenues(contextOf(bus.as('paper')));
  await service.start();
  await until(() => service.health().ready);
  const client = await VenueClient.open(execution);
  expect(await client.place({ price: '1e5x' })).toMatchObject({ kind: 'rejected', code: 'INPUT_REFUSED' });
  const tried: PlaceOutcome[] = [await client.place()];
  expect(tried[0]).toMatchObject({ kind: 'rejected', code: 'MARKET_UNKNOWN' });
  const first = await until(async () => {
    tried.push(await client.place());
    return tried.at(-1)!.kind === 'accepted' && tried.at(-1);
  });
  expect(first).toMatchObject({ order: { status: 'filled', filledSize: '2', fills: [{ price: '100.0', fee: '0.2' }] } });
  expect(await client.place()).toEqual(first);
  expect(reports).toMatchObject([{ clientId: 'abc', status: 'filled' }]);
  expect(service.health()).toMatchObject({ ready: true, counters: { unreadable: 1, missingBooks: 0, venuesHeld: 1 } });
  await service.stop();
  await bus.drain();
});

test('an answer comes at the moment that the latency says, to the millisecond that timers have', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const time = new VirtualTime(1_000_000);
  await publishInstruments(bus, [specificationOf()]);
  const service = paperVenues(contextOf(bus.as('paper'), { clock: time, timers: time }), { mode: 'alone', latencyUs: 3_000 });
  await service.start();
  bus.publish(subjects.market('book', specificationOf()), rowBytes(bookRow(5, null, [1000, 300])));
  await turns();
  const client = await VenueClient.open(bus.as('execution'));
  let answered: PlaceOutcome | null = null;
  void client.place({ validUntilUs: 2_000_000 }).then((outcome) => (answered = outcome));
  await turns();
  time.advanceTo(1_005_000);
  await turns();
  expect(answered).toBeNull();
  time.advanceTo(1_006_000);
  await turns();
  expect(answered).toMatchObject({ kind: 'accepted', order: { status: 'filled', atUs: 1_003_000 } });
  await service.stop();
  await bus.drain();
});

test('a book is asked for while another is awaited, and what changed on its way is not lost', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const time = new VirtualTime(1_000_000);
  const symbols = ['BTC/USDT', 'ETH/USDT'];
  await publishInstruments(bus, symbols.map((symbol) => specificationOf(symbol)));
  const questions: { symbol: string; message: BusMessage }[] = [];
  bus.subscribe(patterns.keyframes, (message) => questions.push({ message, ...(JSON.parse(Buffer.from(message.bytes).toString()) as { symbol: string }) }));
  const asked = (): string[] => questions.map(({ symbol }) => symbol);
  const service = paperVenues(contextOf(bus.as('paper'), { clock: time, timers: time }), { mode: 'alone', latencyUs: 0 });
  await service.start();
  const client = await VenueClient.open(bus.as('execution'));
  const place = (symbol: string, clientId: string): Promise<PlaceOutcome> => client.place({ symbol, clientId, price: '101.0', validUntilUs: 9_000_000 });
  const pass = async (us: number): Promise<void> => {
    time.advanceTo(time.nowUs() + us);
    await turns();
  };
  const change = (row: Float64Array): void => bus.publish(subjects.market('book', specificationOf()), rowBytes(row));

  expect(await place('BTC/USDT', 'a')).toMatchObject({ code: 'MARKET_UNKNOWN' });
  await pass(500_000);
  expect(asked()).toEqual(['BTC/USDT']);
  expect(await place('ETH/USDT', 'b')).toMatchObject({ code: 'MARKET_UNKNOWN' });
  await pass(500_000);
  expect(asked()).toEqual(symbols);
  // The book of the first moves on twice before its keyframe comes, once from before it and once from after.
  change(bookRow(5, 4, [1000, 700]));
  change(bookRow(6, 5, [1000, 100]));
  await turns();
  questions[0].message.respond(rowBytes(bookRow(5, null, [1000, 700], [1010, 50])));
  await turns();
  change(bookRow(7, 6, [1010, 60]));
  await turns();
  expect(service.health().counters).toMatchObject({ missingBooks: 1 });
  expect(await place('BTC/USDT', 'c')).toMatchObject({ order: { fills: [{ price: '100.0', size: '1.00' }, { price: '101.0', size: '0.60' }] } });
  await service.stop();
  await bus.drain();
});
