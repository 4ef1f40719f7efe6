import type { Bench, BenchReport } from './support/bench.js';
import { runFills, type FillRun } from './support/fill/run.js';
import type { Stages } from './support/fill/stages.js';
import { percentilesOf } from './support/percentiles.js';
import { originNowUs } from './support/processes/shared-clock.js';

const INTENTS_PER_SECOND = 100;
const SECONDS = 10;
const MODES = [
  { name: 'streams 10s, venue in memory', syncInterval: '10s', journal: 'memory', wanted: true },
  { name: 'streams 10s, venue on disk', syncInterval: '10s', journal: 'file', wanted: true },
  { name: 'streams always, venue on disk', syncInterval: 'always', journal: 'file', wanted: false },
] as const;
const STEPS: readonly (readonly [string, (stages: Stages) => number])[] = [
  ['opportunity stored', (stages) => stages.opportunityStoredAtUs - stages.startedAtUs],
  ['intent stored', (stages) => stages.intentStoredAtUs - stages.opportunityStoredAtUs],
  ['verdict', (stages) => stages.approvedAtUs - stages.intentStoredAtUs],
  ['first order heard', (stages) => stages.orderAtUs - stages.approvedAtUs],
  ['both fills heard', (stages) => stages.filledAtUs - stages.orderAtUs],
  ['opportunity to both fills', (stages) => stages.filledAtUs - stages.startedAtUs],
];

/** One row per step and one for the whole; the p99 of the whole in milliseconds. */
function tell(report: BenchReport, name: string, { stages, refused }: FillRun): number {
  const filled = stages.filter(({ fills }) => fills === 2);
  let p99 = Number.NaN;
  for (const [step, took] of STEPS) {
    const figures = percentilesOf(Float64Array.from(filled, took));
    report.row(`${name}: ${step}`, { intents: figures.count, p50Us: figures.p50, p99Us: figures.p99, p999Us: figures.p999, maximumUs: figures.maximum });
    p99 = figures.p99 / 1000;
  }
  if (filled.length < stages.length) {
    report.note(`${name}: ${stages.length - filled.length} of ${stages.length} intents did not fill on both legs; refused: ${[...new Set(refused)].slice(0, 3).join(' | ') || 'none'}`);
  }
  return p99;
}

export const bench: Bench = {
  name: 'fill',
  description:
    `opportunity → verdict → orders → paper fills of two legs at ${INTENTS_PER_SECOND} intents a second: risk, execution and the paper venues each a process on a real nats-server, every step in a durable stream`,
  async run(report) {
    for (const { name, syncInterval, journal, wanted } of MODES) {
      const p99 = tell(report, name, await runFills({ syncInterval, journal }, INTENTS_PER_SECOND, SECONDS, originNowUs()));
      if (wanted) report.reach(`${name}: p99 of opportunity to both fills`, p99, 'at most', 10, 'ms');
    }
    report.note(
      'Streams are in files. With sync_interval 10s the server has written each message before it acknowledges it and synchronises the disk every 10 s; with always before each acknowledgement. ' +
      "The paper venues' modelled latency is 0. On disk, their journal, which stands for the venue's own memory, is synchronised at every order.",
    );
    report.note(
      'Timed from before the opportunity is appended to both fills heard on the bus by another user; the parent stands for arbitrage and its strategy and publishes 40 books and quotes ten times a second. ' +
      'A step begins when the one before is known to this process: one that was over sooner than its acknowledgement came shows as a negative time.',
    );
  },
};
