import { createMemoryBus, type Bus } from '@parallax/bus';
import { publishInstruments, SystemRandom } from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import { overlay } from '@parallax/testing';
import { layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust, type RegimeEvent } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { bytesOfRow, decodeJson, patterns, regimeEventSchema, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { expect, test } from '@jest/globals';
import { RegimeService } from '../src/regime-service.js';

const START_US = 1_790_000_000_000_000;
const SYMBOL = 'BTC/USDT';
const market = { ...VENUES.get('binance')!.catalogue.find(({ symbol }) => symbol === SYMBOL)!, status: 'trading' as const };

/** A service on a bus in the process and in virtual time, whose quotes are the test's. */
async function open(around: (bus: Bus) => Bus = (bus) => bus) {
  const time = new VirtualTime(START_US);
  const bus = await createMemoryBus(TOPOLOGY, { ports: { clock: time, timers: time, random: new SystemRandom() } });
  await publishInstruments(bus, [market]);
  const failed: string[] = [];
  const watch = { counters: {}, failed: (_error: unknown, place: string) => void failed.push(place), troubles: () => [] };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const service = new RegimeService({ bus: around(bus.as('regime')), clock: time, timers: time, random: new SystemRandom(), log, instance: 'test', watch });
  const standing: string[] = [];
  bus.as('risk').subscribe(patterns.standingRegimes, ({ bytes }) => void standing.push(decodeJson(regimeEventSchema, bytes).regime));
  await service.start();
  let told = 0;
  const quote = async (bid: number): Promise<void> => {
    const row = new Float64Array(QUOTE_COLUMNS);
    row[Quote.layout] = layoutOf(RowKind.quote);
    row[Quote.connection] = 1;
    row[Quote.frame] = row[Quote.sequence] = ++told;
    row[Quote.receivedAtUs] = row[Quote.changedAtUs] = row[Quote.provenAtUs] = time.nowUs();
    row[Quote.specificationVersion] = market.version;
    row[Quote.bidPrice] = row[Quote.depthBidPrice] = bid * 10 ** market.priceScale;
    row[Quote.askPrice] = row[Quote.depthAskPrice] = (bid + 1) * 10 ** market.priceScale;
    row[Quote.bidSize] = row[Quote.askSize] = row[Quote.depthBidSize] = row[Quote.depthAskSize] = 10 ** market.sizeScale;
    row[Quote.trust] = Trust.synced;
    bus.as('normalisation').publish(subjects.market('quote', market), bytesOfRow(row, row.length));
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  };
  /** A quote each half second, so long. */
  const calm = async (seconds: number): Promise<void> => {
    for (let half = 0; half < seconds * 2; half++) {
      time.advanceTo(time.nowUs() + 500_000);
      await quote(60_000 + (half % 2));
    }
  };
  const events = async (): Promise<RegimeEvent[]> => {
    const found: RegimeEvent[] = [];
    for await (const { bytes } of bus.as('gateway').streams.read(STREAMS.signals, {})) found.push(decodeJson(regimeEventSchema, bytes));
    return found;
  };
  const close = async (): Promise<void> => {
    await service.stop();
    await bus.drain();
  };
  return { service, time, standing, failed, quote, calm, events, close };
}

test('a regime is stored once it is known, told each second while quotes come, and told no more once they stop', async () => {
  const stand = await open();
  try {
    const told = () => {
      const { degraded, counters: { known, regimesUnknown } } = stand.service.health();
      return [degraded, known, regimesUnknown];
    };
    const unknown = expect.stringMatching(/^the regime of 1 of 1 markets \(binance BTC\/USDT\) is not known, .*RISK_STATE_UNKNOWN/);
    expect(told()).toEqual([['no quote has come yet'], 0, 0]);
    await stand.calm(5);
    expect(told()).toEqual([[unknown], 0, 1]);
    await stand.calm(85);
    expect(told()).toEqual([undefined, 1, 0]);
    expect([stand.service.health().degraded, (await stand.events()).map(({ regime, previous }) => [regime, previous])]).toEqual([undefined, [['NORMAL', null]]]);
    expect(stand.standing.at(-1)).toBe('NORMAL');
    const before = stand.standing.length;
    await stand.calm(5);
    expect(stand.standing.length).toBeGreaterThanOrEqual(before + 4);
    stand.time.advanceTo(stand.time.nowUs() + 60_000_000);
    const after = stand.standing.length;
    stand.time.advanceTo(stand.time.nowUs() + 5_000_000);
    expect([stand.standing.length, told()]).toEqual([after, [['no quote has come for 65 s', unknown], 0, 1]]);
  } finally {
    await stand.close();
  }
});

test('an event whose storing throws is told to the host, and the regime stands all the same', async () => {
  const stand = await open((bus) => overlay(bus, { streams: overlay(bus.streams, { append: () => { throw new Error('not taken'); } }) }));
  try {
    await stand.calm(90);
    expect([stand.failed, stand.standing.at(-1), await stand.events()]).toEqual([['onRegime'], 'NORMAL', []]);
  } finally {
    await stand.close();
  }
});
