import type { Bench, BenchReport } from './support/bench.js';
import { medianOf, percentilesOf, type Percentiles } from './support/percentiles.js';
import { originNowUs } from './support/processes/shared-clock.js';
import { Chain, PROCESSES, type RunResult } from './support/signal/chain.js';
import { DEPTH_EVERY, SYMBOLS } from './support/signal/schedule.js';

const ROUNDS = 3;
const SECONDS = 4;
const WARM_UP_SECONDS = 2;
/** About 80 opportunities a second open at either rate. */
const LOADS = [{ updatesPerSecond: 10_000, edgeEvery: 8 }, { updatesPerSecond: 50_000, edgeEvery: 40 }] as const;
/** Beyond it a core has no room left for what comes in bursts. */
const LARGEST_SHARE = 0.6;
const MEBIBYTE = 2 ** 20;

/** Of each process, middle of the rounds: 1 fills a core. */
const processorOf = (runs: readonly RunResult[]): number[] => PROCESSES.map((_, index) => medianOf(runs.map(({ processor }) => processor[index])));

function tell(report: BenchReport, what: string, updatesPerSecond: number, runs: readonly RunResult[]): Percentiles {
  const figures = percentilesOf(Float64Array.from(runs.flatMap(({ tookUs }) => tookUs)));
  const lost = runs.reduce((sum, run) => sum + run.lost[0] + run.lost[1] + run.lost[2], 0);
  const sent = runs.reduce((sum, run) => sum + run.sent, 0);
  const playedUs = runs.reduce((sum, run) => sum + run.playedUs, 0);
  const unseen = runs.reduce((sum, run) => sum + run.unseen, 0);
  const heapGrowth = Math.max(...PROCESSES.map((_, i) => (runs.at(-1)!.memory[i].heapBytes - runs[0].memory[i].heapBytes) / MEBIBYTE));
  const resident = Math.max(...PROCESSES.map((_, i) => runs.at(-1)!.memory[i].residentBytes / MEBIBYTE));
  report.row(`${what}, ${updatesPerSecond.toLocaleString('en-US')}/s offered`, {
    sentPerSecond: (sent / playedUs) * 1e6, edges: figures.count, unseen, p50Us: figures.p50, p99Us: figures.p99, p999Us: figures.p999,
    maximumUs: figures.maximum, lost, heapGrowthMiB: heapGrowth, largestResidentMiB: resident,
    ...Object.fromEntries(processorOf(runs).map((share, index) => [`${PROCESSES[index]}Cores`, share])),
  });
  if (lost !== 0) report.note(`${what}: lost on the way to the second process, the third and the reader ${JSON.stringify(runs.map((run) => run.lost))}; ${JSON.stringify(runs.at(-1)!.other)}`);
  return figures;
}

export const bench: Bench = {
  name: 'signal',
  description:
    'frame → normalisation → arbitrage → opportunity heard, each a process on a real nats-server with the users and streams of live, beside as many processes that only forward messages of the same subjects and sizes, in turn',
  async run(report) {
    const originUs = originNowUs();
    const services = await Chain.open(false, originUs);
    const hops = await Chain.open(true, originUs);
    try {
      for (const { updatesPerSecond, edgeEvery } of LOADS) {
        const warm = await services.run(updatesPerSecond, WARM_UP_SECONDS, edgeEvery, 0);
        if (warm.heard.messages === 0) throw new Error(`no opportunity was heard: ${JSON.stringify(warm)}`);
        const opportunityBytes = Math.round(warm.heard.bytes / warm.heard.messages);
        await hops.run(updatesPerSecond, WARM_UP_SECONDS, edgeEvery, opportunityBytes);
        const ofServices: RunResult[] = [];
        const ofHops: RunResult[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          ofServices.push(await services.run(updatesPerSecond, SECONDS, edgeEvery, opportunityBytes));
          ofHops.push(await hops.run(updatesPerSecond, SECONDS, edgeEvery, opportunityBytes));
        }
        const service = tell(report, 'services', updatesPerSecond, ofServices);
        const hop = tell(report, 'empty hops', updatesPerSecond, ofHops);
        const rate = `${updatesPerSecond.toLocaleString('en-US')}/s`;
        report.reach(`${rate}: p50 of services over that of empty hops`, service.p50 / hop.p50, 'at most', 1.5, 'times');
        report.reach(`${rate}: processor of normalisation`, processorOf(ofServices)[0], 'at most', LARGEST_SHARE, 'cores');
        const lost = ofServices.reduce((sum, run) => sum + run.lost[0] + run.lost[1] + run.lost[2], 0);
        report.reach(`${rate}: messages lost between the services`, lost, 'at most', 0, 'messages');
        report.note(`${rate}: an opportunity is a message of ${opportunityBytes} bytes on average`);
      }
    } finally {
      await services.close();
      await hops.close();
    }
    report.note(
      `${SYMBOLS} symbols at two venues in Binance's own frames, synthetic: every ${DEPTH_EVERY}th a depth update of 20 levels, else a best quote; each changes the quote. ` +
      'Timed from the receipt of the frame that opens an edge to its opportunity heard by a core subscriber; unseen are edges that were gone before an opportunity was heard. Opportunities are appended to the SIGNALS stream (file, sync_interval 10s). ' +
      'heapGrowthMiB is of the process that grew most between the ends of the first and the last round, after a collection. Cores are processor time of a round, of all its threads, over the time for which frames were played. Without tracing.',
    );
  },
};
