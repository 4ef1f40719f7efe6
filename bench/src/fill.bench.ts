import type { Bench, BenchReport } from './support/bench.js';
import { FillChain, type FillModes, type FillRun } from './support/fill/chain.js';
import type { Stages } from './support/fill/stages.js';
import { percentilesOf, type Percentiles } from './support/percentiles.js';
import { originNowUs } from './support/processes/shared-clock.js';

const INTENTS_PER_SECOND = 100;
const ROUNDS = 3;
const SECONDS = 4;
const WARM_UP_SECONDS = 6;
const LARGEST_RATIO = 1.5;
const MODES: readonly (FillModes & { readonly name: string; readonly within10Ms: boolean })[] = [
  { name: 'streams 10s, venue in memory', syncInterval: '10s', journal: 'memory', within10Ms: true },
  { name: 'streams 10s, venue on disk', syncInterval: '10s', journal: 'file', within10Ms: true },
  { name: 'streams always, venue on disk', syncInterval: 'always', journal: 'file', within10Ms: false },
];
const WHOLE = 'opportunity to both fills';
const STEPS: readonly (readonly [string, (stages: Stages) => number])[] = [
  ['opportunity stored', (stages) => stages.opportunityStoredAtUs - stages.startedAtUs],
  ['intent stored', (stages) => stages.intentStoredAtUs - stages.opportunityStoredAtUs],
  ['verdict', (stages) => stages.approvedAtUs - stages.intentStoredAtUs],
  ['first order heard', (stages) => stages.orderAtUs - stages.approvedAtUs],
  ['both fills heard', (stages) => stages.filledAtUs - stages.orderAtUs],
  [WHOLE, (stages) => stages.filledAtUs - stages.startedAtUs],
];

/** One row per step and one for the whole, which it returns. */
function tell(report: BenchReport, name: string, runs: readonly FillRun[]): Percentiles {
  const stages = runs.flatMap((run) => run.stages);
  const filled = stages.filter(({ fills }) => fills === 2);
  let whole = percentilesOf(new Float64Array(0));
  for (const [step, took] of STEPS) {
    const figures = percentilesOf(Float64Array.from(filled, took));
    report.row(`${name}: ${step}`, { intents: figures.count, p50Us: figures.p50, p99Us: figures.p99, p999Us: figures.p999, maximumUs: figures.maximum });
    if (step === WHOLE) whole = figures;
  }
  if (filled.length < stages.length) {
    const refused = [...new Set(runs.flatMap((run) => run.refused))].slice(0, 3).join(' | ');
    report.note(`${name}: ${stages.length - filled.length} of ${stages.length} intents did not fill on both legs; refused: ${refused || 'none'}`);
  }
  return whole;
}

/** Services and empty hops side by side, in turn. */
async function runMode(report: BenchReport, { name, within10Ms, ...modes }: (typeof MODES)[number]): Promise<void> {
  const originUs = originNowUs();
  const services = await FillChain.open(false, modes, originUs);
  const hops = await FillChain.open(true, modes, originUs);
  const ofServices: FillRun[] = [];
  const ofHops: FillRun[] = [];
  try {
    await hops.shape(await services.measure(INTENTS_PER_SECOND, WARM_UP_SECONDS));
    await hops.run(INTENTS_PER_SECOND, WARM_UP_SECONDS);
    for (let round = 0; round < ROUNDS; round++) {
      ofServices.push(await services.run(INTENTS_PER_SECOND, SECONDS));
      ofHops.push(await hops.run(INTENTS_PER_SECOND, SECONDS));
    }
  } finally {
    await services.close();
    await hops.close();
  }
  const service = tell(report, name, ofServices);
  const hop = tell(report, `${name}, empty hops`, ofHops);
  report.reach(`${name}: p50 of services over that of empty hops`, service.p50 / hop.p50, 'at most', LARGEST_RATIO, 'times');
  report.reach(`${name}: p99 of services over that of empty hops`, service.p99 / hop.p99, 'at most', LARGEST_RATIO, 'times');
  if (within10Ms) report.reach(`${name}: p99 of ${WHOLE}`, service.p99 / 1000, 'at most', 10, 'ms');
}

export const bench: Bench = {
  name: 'fill',
  description:
    `opportunity → verdict → orders → paper fills of two legs at ${INTENTS_PER_SECOND} intents a second: risk, execution and the paper venues each a process on a real nats-server, every step in a durable stream, beside as many processes that append, ask and answer the same and nothing else, in turn`,
  async run(report) {
    for (const mode of MODES) await runMode(report, mode);
    report.note(
      'Streams are in files. With sync_interval 10s the server has written each message before it acknowledges it and synchronises the disk every 10 s; with always before each acknowledgement. ' +
      "The paper venues' modelled latency is 0. On disk, their journal, which stands for the venue's own memory, is synchronised at every order.",
    );
    report.note(
      'Timed from before the opportunity is appended to both fills heard on the bus by another user; the parent stands for arbitrage and its strategy and publishes 40 books and quotes ten times a second. ' +
      'A step begins when the one before is known to this process: one that was over sooner than its acknowledgement came shows as a negative time.',
    );
    report.note(
      'The empty hops store intent, approval, four order records, two fills and a result of the same sizes in the same streams and the same order, ask both venues and synchronise a line of the same length for each order; ' +
      'risk follows orders, fills and results. They hold no lease, know no price and decide nothing.',
    );
  },
};
