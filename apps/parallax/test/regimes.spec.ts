import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { RegimeService } from '@parallax/app-regime';
import { createMemoryBus, type MemoryBus } from '@parallax/bus';
import { publishInstruments, SystemRandom } from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import { layoutOf, Quote, QUOTE_COLUMNS, type RegimeEvent, RowKind, Trust } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { bytesOfRow, decodeJson, patterns, regimeEventSchema, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { SILENT } from './support/replaying.js';

const START_US = 1_760_000_000_000_000;
const SECOND_US = 1_000_000;
const MARKET = { ...VENUES.get('okx')!.catalogue.find(({ symbol }) => symbol === 'BTC/USDT')!, status: 'trading' as const };

let time: VirtualTime;
let bus: MemoryBus;
let service: RegimeService;
/** What was told to stand, in order. */
let told: RegimeEvent[];

beforeEach(async () => {
  time = new VirtualTime(START_US);
  bus = await createMemoryBus(TOPOLOGY, { ports: { clock: time, timers: time, random: new SystemRandom() } });
  await publishInstruments(bus, [MARKET]);
  told = [];
  // As the gateway may hear it; regime itself publishes as its own user.
  bus.as('gateway').subscribe(patterns.standingRegimes, ({ bytes }) => told.push(decodeJson(regimeEventSchema, bytes)));
  service = new RegimeService({ bus: bus.as('regime'), clock: time, timers: time, random: new SystemRandom(), log: SILENT, instance: 'test' });
  await service.start();
});
afterEach(async () => {
  await service.stop();
  await bus.drain();
});

const settled = async (): Promise<void> => {
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
};

/** Passes so many seconds, at each fifth of one a quote of the market, or none where `trust` is null. */
async function pass(seconds: number, trust: number | null = Trust.synced): Promise<void> {
  for (let fifth = 0; fifth < seconds * 5; fifth++) {
    if (trust !== null) {
      const row = new Float64Array(QUOTE_COLUMNS);
      row[Quote.layout] = layoutOf(RowKind.quote);
      row[Quote.specificationVersion] = MARKET.version;
      row[Quote.bidPrice] = 60_000 * 10 ** MARKET.priceScale;
      row[Quote.askPrice] = row[Quote.bidPrice] + 1;
      row[Quote.trust] = trust;
      row[Quote.receivedAtUs] = time.nowUs();
      bus.publish(subjects.market('quote', MARKET), bytesOfRow(row, QUOTE_COLUMNS));
    }
    await settled();
    time.advanceTo(time.nowUs() + SECOND_US / 5);
    await settled();
  }
}

test('what stands is told each second from half a minute of quotes on, and only its changes are stored', async () => {
  await pass(28);
  expect(told).toEqual([]);
  await pass(12);
  expect(told.length).toBeGreaterThanOrEqual(10);
  expect(told.at(-1)).toMatchObject({ venue: 'okx', symbol: 'BTC/USDT', regime: 'NORMAL', atUs: time.nowUs(), enteredAtUs: told[0].enteredAtUs });
  expect(told.slice(1).map(({ atUs }, at) => atUs - told[at].atUs)).toEqual(told.slice(1).map(() => SECOND_US));
  const stored: RegimeEvent[] = [];
  for await (const { bytes } of bus.as('gateway').streams.read(STREAMS.signals, {})) stored.push(decodeJson(regimeEventSchema, bytes));
  expect(stored.map(({ regime, previous }) => [regime, previous])).toEqual([['NORMAL', null]]);
  expect(service.health().counters).toMatchObject({ known: 1 });
});

test.each<[string, number | null, number]>([['stop', null, 40], ['lose their trust', Trust.suspect, 30]])(
  'where quotes %s nothing is told any more after a while, and again half a minute after they are back', async (_, trust, lastsS) => {
    await pass(70);
    const before = told.length;
    await pass(60, trust);
    // No longer than half of the window shows what was, and the time for which a price stands without a word.
    expect(told.length - before).toBeLessThanOrEqual(lastsS);
    expect(told.length - before).toBeGreaterThan(lastsS - 5);
    expect(service.health().counters).toMatchObject({ known: 0 });
    const silent = told.length;
    await pass(28);
    expect(told).toHaveLength(silent);
    await pass(5);
    expect(told.length).toBeGreaterThan(silent);
  },
);
