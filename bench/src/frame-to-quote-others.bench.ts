import type { Bench, BenchReport } from './support/bench.js';
import { CONTENDERS, OTHER_VERSION, OURS } from './support/others/contenders.js';
import type { Costs } from './support/others/process.js';
import { Child } from './support/processes/parent.js';
import { timerOverheadUs } from './support/timer.js';

const ROUNDS = 5;
/** How often a round goes through a recording: short ones more often, so that what is compiled is what is measured. */
const TIMES: Readonly<Record<string, number>> = { okx: 40, kraken: 16, coinbase: 8 };

/** Contenders in turn, round by round, each in a process of its own; one round before them warms up. */
async function measure(venue: string): Promise<Map<string, Costs>> {
  const children = new Map<string, Child>();
  for (const role of Object.keys(CONTENDERS[venue])) {
    children.set(role, await Child.start('../others/process.ts', { server: '', originUs: 0, role, settings: { venue, times: TIMES[venue] } }));
  }
  for (let round = -1; round < ROUNDS; round++) for (const child of children.values()) await child.ask('round', round >= 0);
  const costs = new Map<string, Costs>();
  for (const [name, child] of children) {
    costs.set(name, await child.ask<Costs>('costs'));
    child.end();
  }
  return costs;
}

async function tell(venue: string, report: BenchReport): Promise<void> {
  const all = await measure(venue);
  const ours = all.get(OURS)!;
  for (const [name, { snapshotUs, updateUs, snapshots, updates, books }] of all) {
    const snapshotTimesOurs = snapshotUs / ours.snapshotUs;
    const updateTimesOurs = updateUs / ours.updateUs;
    report.row(`${venue}: ${name}`, { snapshots, updates, books, snapshotUs, updateUs, snapshotTimesOurs, updateTimesOurs });
    if (name.startsWith('ours') || name === OTHER_VERSION) continue;
    report.reach(`${venue} updates, checks off, against ${name}`, updateTimesOurs, 'at least', 5, '×');
    report.reach(`${venue} snapshots, checks off, against ${name}`, snapshotTimesOurs, 'at least', 5, '×');
  }
}

export const bench: Bench = {
  name: 'frame-to-quote-others',
  description: 'the same on the OKX, Kraken and Coinbase recordings, snapshots and the rest apart, checksums on and off',
  async run(report) {
    for (const venue of Object.keys(CONTENDERS)) await tell(venue, report);
    report.note('Kraken was recorded as v1; ours and ccxt pro read it written as v2 (tools/transcode-kraken-v1.mjs), tardis-dev, which knows v1 alone, the frames as they came, half as long: its figure is told, but is of another version of the feed');
    report.note('Coinbase sends no checksum, so checks on and off are the same work; tardis-dev reads another product of Coinbase');
    report.note(`per frame the middle of ${ROUNDS} rounds of ${Object.entries(TIMES).map(([venue, times]) => `${times} (${venue})`).join(', ')} times, each contender in a process of its own and in turn; ${timerOverheadUs().toFixed(3)} µs of timer in each; books: updates taken by ours and tardis-dev, books held by ccxt pro`);
  },
};
