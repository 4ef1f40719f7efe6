import { setTimeout } from 'node:timers/promises';
import { Trust } from '@parallax/types';
import type { Bench, BenchReport } from './support/bench.js';
import { CONTENDERS, runCcxt, runTardis, symbolOf, type ContenderName } from './support/frames/contenders.js';
import type { latenciesOf } from './support/frames/latencies.js';
import type { Round } from './support/frames/process.js';
import { runOurs } from './support/ours.js';
import { medianOf } from './support/percentiles.js';
import { Child } from './support/processes/parent.js';
import { loadRecordings, recordingsFolder, type LoadedRecording } from './support/recordings.js';
import { timerOverheadUs } from './support/timer.js';

const ROUNDS = 5;
const SETTLE_MS = 500;
const LATENCY_PASSES = 2;

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

/** Rounds of all contenders in turn, so that a noisy minute hits all of them alike; one round before them warms up. */
async function roundsOf(children: ReadonlyMap<ContenderName, Child>): Promise<Map<ContenderName, Round[]>> {
  const rounds = new Map([...children.keys()].map((name): [ContenderName, Round[]] => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, child] of children) {
      // What the one before leaves to its helpers (collection, compiling) has ended by then.
      await setTimeout(SETTLE_MS);
      const measured = await child.ask<Round>('round');
      if (round >= 0) rounds.get(name)!.push(measured);
    }
  }
  return rounds;
}

function tellRates(rounds: ReadonlyMap<ContenderName, readonly Round[]>, report: BenchReport): void {
  const processorUs = (name: ContenderName): number => medianOf(rounds.get(name)!.map((one) => one.processorUs));
  const times = (name: ContenderName): number => processorUs(name) / processorUs('ours');
  for (const [name, all] of rounds) {
    const perSecond = all.map((one) => one.perSecond);
    report.row(name, {
      framesPerSecond: medianOf(perSecond), slowest: Math.min(...perSecond), fastest: Math.max(...perSecond),
      processorUsAFrame: processorUs(name), oursIsTimes: times(name),
    });
  }
  report.reach('against JSON.parse alone', times('JSON.parse alone'), 'at least', 3, '×');
  report.reach('against tardis-dev', times('tardis-dev 13.35.3'), 'at least', 10, '×');
  report.reach('against ccxt pro', times('ccxt pro 4.5.84'), 'at least', 20, '×');
}

async function tellLatencies(ours: Child, report: BenchReport): Promise<void> {
  const kinds = await ours.ask<ReturnType<typeof latenciesOf>>('latencies', LATENCY_PASSES);
  for (const [kind, { count, p50, p99, p999, maximum }] of Object.entries(kinds)) {
    report.row(`ours, one ${kind} frame`, { frames: count, p50Us: p50, p99Us: p99, p999Us: p999, maximumUs: maximum });
  }
  report.reach('p99 of a depth frame', kinds.depth.p99, 'at most', 15, 'µs');
  report.note(`the timer's own ${timerOverheadUs().toFixed(3)} µs are inside every latency`);
}

export const bench: Bench = {
  name: 'frame-to-quote',
  description: 'every raw frame of the five Binance recordings → scan → trust → book → best quote and rows, beside JSON.parse, tardis-dev and ccxt pro',
  async run(report) {
    const files = await loadRecordings(recordingsFolder('ticks', 'binance-raw-feed'), /\.gz$/);
    const count = files.reduce((sum, { frames }) => sum + frames.length, 0);
    compareBooks(files, report);
    const children = new Map<ContenderName, Child>();
    for (const role of Object.keys(CONTENDERS) as ContenderName[]) {
      children.set(role, await Child.start('../frames/process.ts', { server: '', originUs: 0, role, settings: {} }));
    }
    tellRates(await roundsOf(children), report);
    await tellLatencies(children.get('ours')!, report);
    for (const child of children.values()) child.end();
    report.note(`${count} frames a pass, middle of ${ROUNDS} rounds, each contender in a process of its own and in turn; ratios are of processor time, which other work on the machine distorts least`);
  },
};
