import { Trust } from '@parallax/types';
import type { Bench, BenchReport } from './support/bench.js';
import { CcxtReader } from './support/ccxt.js';
import { measureInTurn } from './support/measure.js';
import { normaliserOf, runOurs } from './support/ours.js';
import { Samples } from './support/percentiles.js';
import { loadRecordings, recordingsFolder, type LoadedRecording } from './support/recordings.js';
import { TardisReader } from './support/tardis.js';
import { timerOverheadUs } from './support/timer.js';

const ROUNDS = 5;
const FAST_TIMES = 5;
const TARDIS_NAMES: Record<string, string> = { binance: 'binance', binanceusdm: 'binance-futures', binancecoinm: 'binance-delivery' };
const URLS: Record<string, string> = {
  binance: 'wss://stream.binance.com:9443/ws/0', binanceusdm: 'wss://fstream.binance.com/ws/0', binancecoinm: 'wss://dstream.binance.com/ws/0',
};
interface Frame {
  readonly data?: unknown;
  readonly lastUpdateId?: number;
}

const symbolOf = ({ recording, instruments }: LoadedRecording): string =>
  instruments.find((one) => one.venueSymbol === recording.venueSymbol)!.symbol;

function runTardis(loaded: LoadedRecording): TardisReader {
  const { frames, recording } = loaded;
  const reader = new TardisReader(TARDIS_NAMES[recording.definition.id], new Date(frames[0].receivedAtUs / 1000));
  const stream = `${recording.venueSymbol.toLowerCase()}@depthSnapshot`;
  for (const { bytes, rest, receivedAtUs } of frames) {
    const message: unknown = JSON.parse(bytes.toString());
    reader.read(rest ? { stream, generated: true, data: message } : message, new Date(receivedAtUs / 1000));
  }
  return reader;
}

function runCcxt(loaded: LoadedRecording): CcxtReader {
  const { frames, recording, instruments } = loaded;
  const symbol = symbolOf(loaded);
  const reader = new CcxtReader(recording.definition.id, URLS[recording.definition.id], instruments);
  reader.await(symbol);
  for (const { bytes, rest } of frames) {
    const message = JSON.parse(bytes.toString()) as Frame;
    if (rest) reader.snapshot(symbol, message);
    else reader.read(message.data);
  }
  return reader;
}

/** All three must have built the same book, or the comparison would mean nothing. */
function compareBooks(files: readonly LoadedRecording[], report: BenchReport): void {
  for (const loaded of files) {
    const { normaliser, table, sink } = runOurs(loaded);
    const market = normaliser.market(table.find(loaded.recording.definition.id, symbolOf(loaded)));
    const { priceScale } = table.get(normaliser.seen()[0]);
    const { book } = market.keeper;
    const ours = [book.bestBidPrice / 10 ** priceScale, book.bestAskPrice / 10 ** priceScale];
    const tardis = runTardis(loaded);
    const ccxt = runCcxt(loaded);
    const { bids, asks } = ccxt.exchange.orderbooks[symbolOf(loaded)] ?? { bids: [[Number.NaN]], asks: [[Number.NaN]] };
    const agree = ours[0] === tardis.bestBid && ours[1] === tardis.bestAsk && ours[0] === bids[0]?.[0] && ours[1] === asks[0]?.[0];
    if (market.keeper.trust !== Trust.synced || sink.deadLetters > 0) throw new Error(`${loaded.name}: the book is not trusted at the end`);
    report.note(`${loaded.name}: best at the end ${ours.join('/')}; tardis-dev and ccxt ${agree ? 'the same' : `say ${tardis.bestBid}/${tardis.bestAsk} and ${bids[0]?.[0]}/${asks[0]?.[0]} (${ccxt.failures} refusals)`}`);
  }
}

function latencies(files: readonly LoadedRecording[], report: BenchReport): void {
  const kinds = { depth: new Samples(200_000), bookTicker: new Samples(600_000), trade: new Samples(200_000) };
  const kindOf = (text: string): keyof typeof kinds => (text.includes('@depth') ? 'depth' : text.includes('@bookTicker') ? 'bookTicker' : 'trade');
  const overheadUs = timerOverheadUs();
  for (let round = 0; round < 3; round++) {
    for (const loaded of files) {
      const { normaliser, instrumentOf } = normaliserOf(loaded);
      const { frames } = loaded;
      const of = frames.map(({ bytes }) => kinds[kindOf(bytes.toString('latin1', 0, 40))]);
      for (let i = 0; i < frames.length; i++) {
        const { connection, receivedAtUs, bytes, rest, venueSymbol } = frames[i];
        if (rest) {
          normaliser.onSnapshot(connection, i, receivedAtUs, bytes, instrumentOf(venueSymbol));
          continue;
        }
        const startedAt = performance.now();
        normaliser.onFrame(connection, i, receivedAtUs, bytes);
        const tookUs = (performance.now() - startedAt) * 1000;
        if (round > 0) of[i].add(tookUs);
      }
    }
  }
  for (const [kind, samples] of Object.entries(kinds)) {
    const { count, p50, p99, p999, maximum } = samples.percentiles();
    report.row(`ours, one ${kind} frame`, { frames: count, p50Us: p50, p99Us: p99, p999Us: p999, maximumUs: maximum });
    if (kind === 'depth') report.reach('p99 of a depth frame', p99, 'at most', 15, 'µs');
  }
  report.note(`the timer's own ${overheadUs.toFixed(3)} µs are inside every latency`);
}

export const bench: Bench = {
  name: 'frame-to-quote',
  description: 'every raw frame of the five Binance recordings → scan → trust → book → best quote and rows, beside JSON.parse, tardis-dev and ccxt pro',
  async run(report) {
    const files = await loadRecordings(recordingsFolder('ticks', 'binance-raw-feed'), /\.gz$/);
    const count = files.reduce((sum, { frames }) => sum + frames.length, 0);
    const texts = files.flatMap(({ frames }) => frames.map(({ bytes }) => bytes.toString()));
    // What a pass made is kept until the next, as in life, where it stays: collected with the last of its objects, a class loses
    // the code that V8 had compiled for it, and each pass would begin cold.
    const all = (run: (loaded: LoadedRecording) => unknown, times = 1): (() => number) => {
      const made: unknown[] = [];
      return () => {
        for (let time = 0; time < times; time++) for (const [at, loaded] of files.entries()) made[at] = run(loaded);
        return count * times;
      };
    };
    compareBooks(files, report);
    const rates = measureInTurn(ROUNDS, {
      ours: all(runOurs, FAST_TIMES),
      'JSON.parse alone': () => {
        for (let time = 0; time < FAST_TIMES; time++) for (const text of texts) JSON.parse(text);
        return count * FAST_TIMES;
      },
      'Buffer.toString + JSON.parse': all(({ frames }) => {
        for (const { bytes } of frames) JSON.parse(bytes.toString());
      }, FAST_TIMES),
      'tardis-dev 13.35.3': all(runTardis),
      'ccxt pro 4.5.84': all(runCcxt),
    });
    const times = (name: keyof typeof rates): number => rates[name].processorUs / rates.ours.processorUs;
    for (const [name, { perSecond, slowest, fastest, processorUs }] of Object.entries(rates)) {
      report.row(name, {
        framesPerSecond: perSecond, slowest, fastest, processorUsAFrame: processorUs, oursIsTimes: times(name as keyof typeof rates),
      });
    }
    report.reach('against JSON.parse alone', times('JSON.parse alone'), 'at least', 3, '×');
    report.reach('against tardis-dev', times('tardis-dev 13.35.3'), 'at least', 10, '×');
    report.reach('against ccxt pro', times('ccxt pro 4.5.84'), 'at least', 20, '×');
    latencies(files, report);
    report.note(`${count} frames a round, middle of ${ROUNDS} rounds, contenders in turn on one thread; ratios are of processor time, which other work on the machine distorts least`);
  },
};
