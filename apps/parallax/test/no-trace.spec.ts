import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { arbitrageOf } from '@parallax/app-arbitrage';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMemoryBus, type MemoryBus } from '@parallax/bus';
import { settingsOf } from '@parallax/config';
import { publishInstruments, SystemClock, SystemRandom, SystemTimers, type ServiceContext } from '@parallax/runtime';
import { ProcessTracing, type ServiceTracing } from '@parallax/telemetry';
import { startOtlpReceiver, until, type OtlpReceiver } from '@parallax/testing';
import { layoutOf, Quote, QUOTE_COLUMNS, RawKind, RowKind, type InstrumentSpecification, type ServiceName } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { bytesOfRow, RawWriter, subjects, TOPOLOGY } from '@parallax/wire';
import { NormalisationService } from '@parallax/app-normalisation';

const MILLION = 1_000_000;
/** Whole frames cost more than quotes: enough to go over every ring many times. */
const FRAMES = 200_000;
const CONNECTION = 7;
/** A hundred bytes kept of each quote would be more; what other tests of this process leave behind is less. */
const LEAK_BYTES = 90 * 2 ** 20;
const instrumentOf = (venue: string): InstrumentSpecification => ({
  ...VENUES.get('okx')!.catalogue.find(({ symbol }) => symbol === 'BTC/USDT')!, venue, status: 'trading',
});

let receiver: OtlpReceiver;
let bus: MemoryBus;
let tracing: ProcessTracing;
let keeps: number;
let running: { stop(): Promise<void> } | undefined;
const traces = new Map<ServiceName, ServiceTracing>();
const clock = new SystemClock();
beforeEach(async () => {
  receiver = await startOtlpReceiver();
  bus = await createMemoryBus(TOPOLOGY);
  tracing = new ProcessTracing({ instance: 'test', endpoint: receiver.endpoint });
  keeps = 0;
  bus.subscribe(subjects.traceKeep(), () => keeps++);
  await publishInstruments(bus, [instrumentOf('okx'), instrumentOf('binance')]);
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await tracing.close();
  await bus.drain();
  await receiver.stop();
});

const contextOf = (user: ServiceName): ServiceContext => {
  const own = tracing.of(user);
  traces.set(user, own);
  const say = (message: string): void => void process.stderr.write(`${message}\n`);
  return {
    bus: bus.as(user), clock, timers: new SystemTimers(), random: new SystemRandom(), instance: 'test', tracing: own,
    log: { info: () => {}, warn: say, error: say },
  };
};

/** Publishes in portions that the readers keep up with, and gives by how much the heap grew after the first tenth. */
async function publishAll(count: number, publish: (number: number) => void, handled: () => number): Promise<number> {
  let before = 0;
  for (let number = 1; number <= count; number++) {
    publish(number);
    if (number % 10_000 === 0) await bus.flush();
    if (number % 10_000 === 0) await until(() => handled() >= number);
    if (number === count / 10) before = heap();
  }
  return heap() - before;
}

// Without a collection before it, the figure would be of the garbage that happens to lie about.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const heap = (): number => {
  // The second one sweeps the buffers that the first has let go.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

test('a million quotes that lead to nothing write no span, and memory does not grow', async () => {
  const service = arbitrageOf(contextOf('arbitrage'), settingsOf({ VENUES: 'okx,binance' }, VENUES));
  running = service;
  await service.start();
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.layout] = layoutOf(RowKind.quote);
  row[Quote.specificationVersion] = row[Quote.trust] = 1;
  row[Quote.bidSize] = row[Quote.askSize] = 100_000;
  row[Quote.connection] = CONNECTION;
  const to = ['okx', 'binance'].map((venue) => subjects.market('quote', instrumentOf(venue)));
  const startedAtUs = clock.nowUs();
  const grown = await publishAll(MILLION, (number) => {
    row[Quote.frame] = row[Quote.updateId] = number;
    row[Quote.receivedAtUs] = row[Quote.changedAtUs] = row[Quote.provenAtUs] = clock.nowUs();
    row[Quote.bidPrice] = 600_000 + (number % 10);
    row[Quote.askPrice] = row[Quote.bidPrice] + 10;
    bus.publish(to[number & 1], bytesOfRow(row, QUOTE_COLUMNS));
  }, () => service.health().counters.quotes);
  expect(service.health().counters).toMatchObject({ quotes: MILLION, told: 0 });
  await nothingWritten('arbitrage', MILLION, grown, startedAtUs);
});

test('frames that lead to nothing write no span, and memory does not grow', async () => {
  const service = new NormalisationService(contextOf('normalisation'), VENUES);
  running = service;
  await service.start();
  const writer = new RawWriter();
  const publish = (frame: number, kind: number, text: string): void =>
    writer.write({ connection: CONNECTION, frame, receivedAtUs: clock.nowUs(), epoch: 0, kind }, Buffer.from(text), (bytes) => bus.publish(subjects.raw('okx', CONNECTION), bytes));
  const startedAtUs = clock.nowUs();
  const grown = await publishAll(FRAMES, (frame) => {
    if (frame === 1) return publish(frame, RawKind.opened, '');
    const [action, previous] = frame === 2 ? ['snapshot', -1] : ['update', frame - 1];
    const side = (best: number, step: number): string => JSON.stringify(Array.from({ length: frame === 2 ? 10 : 1 },
      (_, level) => [(best + step * level).toFixed(1), `${1 + (frame % 7)}`, '0', '1']));
    const data = `{"asks":${side(60_001, 1)},"bids":${side(60_000, -1)},"ts":"${Math.floor(clock.nowUs() / 1000)}","checksum":0,"prevSeqId":${previous},"seqId":${frame}}`;
    publish(frame, RawKind.stream, `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"${action}","data":[${data}]}`);
  }, () => service.health().counters.frames + 1);
  const [report] = service.report().symbols;
  expect(report).toMatchObject({ frames: FRAMES - 1, quotes: FRAMES - 1, trust: 'synced' });
  await nothingWritten('normalisation', FRAMES, grown, startedAtUs);
});

/** And then that it would have been written, had a frame been named. */
async function nothingWritten(name: ServiceName, count: number, grown: number, startedAtUs: number): Promise<void> {
  const { writer, frames } = traces.get(name)!;
  await writer.flush();
  expect([writer.written, receiver.requests, keeps]).toEqual([0, 0, 0]);
  expect(grown).toBeLessThan(LEAK_BYTES);
  process.stderr.write(`${name}: ${count} in ${Math.round((clock.nowUs() - startedAtUs) / 1000)} ms, heap ${(grown / 2 ** 20).toFixed(1)} MiB more than after a tenth\n`);
  frames.keep({ origin: { venue: 'okx', connection: CONNECTION, frame: count, receivedAtUs: 1 }, links: [] });
  await writer.flush();
  expect([writer.written, receiver.spans.length]).toEqual([1, 1]);
}
