import { ArbitrageCore } from '@parallax/arbitrage';
import { Side } from '@parallax/book';
import { seeded } from '@parallax/testing/seeded';
import { InstrumentTable, Quote } from '@parallax/types';
import type { Bench, BenchReport } from './support/bench.js';
import { spotOf, trustedQuote } from './support/market.js';
import { Samples, type Percentiles } from './support/percentiles.js';

const VENUES = 20;
const WARM = 100_000;
const QUOTES = 500_000;
const LEVELS = 20;

interface Outcome {
  readonly quotes: Percentiles;
  readonly timer: Percentiles;
  readonly opened: number;
  readonly told: number;
  readonly crossed: number;
}

/** Quotes of `symbols` assets at 20 venues, around one price each; one in a thousand or so strays and opens something. */
function scan(symbols: number): Outcome {
  const next = seeded(symbols);
  const instruments = new InstrumentTable();
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (let venue = 0; venue < VENUES; venue++) instruments.add(spotOf(`v${venue}`, `B${symbol}`, 6));
  }
  const size = instruments.size;
  const bids = new Float64Array(size);
  const asks = new Float64Array(size);
  const depth = {
    top(instrument: number, side: Side, prices: Float64Array, sizes: Float64Array): number {
      const best = side === Side.bid ? bids[instrument] : asks[instrument];
      for (let level = 0; level < LEVELS; level++) {
        prices[level] = side === Side.bid ? best - level * 100 : best + level * 100;
        sizes[level] = 500_000 + level * 100_000;
      }
      return best > 0 ? LEVELS : 0;
    },
  };
  let [opened, told] = [0, 0];
  const sink = {
    onOpportunity: ({ state }: { state: string }): void => {
      told++;
      if (state === 'opened') opened++;
    },
  };
  const core = new ArbitrageCore(instruments, depth, sink, { fees: { default: '0.0005' }, quoteMaximumAgeUs: 60_000_000, proofMaximumAgeUs: 60_000_000 });
  const middles = new Float64Array(symbols).fill(3_000_000);
  const row = trustedQuote();
  let nowUs = 1_700_000_000_000_000;
  const quotes = new Samples(QUOTES);
  const timer = new Samples(QUOTES);
  for (let i = -WARM - size; i < QUOTES; i++) {
    nowUs += 20;
    // First every instrument once, then at random.
    const instrument = i < -WARM ? i + WARM + size : Math.floor(next() * size);
    const symbol = Math.floor(instrument / VENUES);
    middles[symbol] *= 1 + (next() - 0.5) * 0.00002;
    const stray = next() < 0.001 ? 0.006 : 0.0006;
    const cents = Math.round(middles[symbol] * (1 + (next() - 0.5) * stray));
    bids[instrument] = cents - 100;
    asks[instrument] = cents + 100;
    row[Quote.bidPrice] = cents - 100;
    row[Quote.askPrice] = cents + 100;
    row[Quote.depthBidPrice] = cents - 100;
    row[Quote.depthAskPrice] = cents + 100;
    row[Quote.frame] = i + WARM + size;
    row[Quote.receivedAtUs] = row[Quote.changedAtUs] = row[Quote.provenAtUs] = nowUs;
    const startedAt = process.hrtime.bigint();
    core.onQuote(instrument, row, nowUs);
    const endedAt = process.hrtime.bigint();
    const again = process.hrtime.bigint();
    if (core.wakeAtUs <= nowUs) core.onWake(nowUs);
    if (i < 0) continue;
    quotes.add(Number(endedAt - startedAt) / 1000);
    timer.add(Number(again - endedAt) / 1000);
  }
  const { counts } = core.notTaken;
  const crossed = Object.values(counts).reduce((sum, count) => sum + count, 0) + told;
  return { quotes: quotes.percentiles(), timer: timer.percentiles(), opened, told, crossed };
}

function tell(report: BenchReport, symbols: number, { quotes, timer, opened, told, crossed }: Outcome): void {
  report.row(`${VENUES} venues × ${symbols} symbols`, {
    p50Us: quotes.p50, p99Us: quotes.p99, p999Us: quotes.p999, timerP50Us: timer.p50, opened, told, pairsCrossed: crossed,
  });
}

export const bench: Bench = {
  name: 'scan',
  description: `one quote against ${VENUES} venues, detection in full (fees, ages, trust, depth walk and exact sizing where an edge shows)`,
  run(report) {
    // A small one first, so that all sizes run warm code.
    scan(5);
    const outcomes = new Map([50, 500, 2000].map((symbols) => [symbols, scan(symbols)]));
    for (const [symbols, outcome] of outcomes) tell(report, symbols, outcome);
    const p99 = (symbols: number): number => outcomes.get(symbols)?.quotes.p99 ?? Number.NaN;
    report.reach('one quote at 500 symbols, p99', p99(500), 'at most', 5, 'µs');
    report.reach('p99 at 2,000 symbols over p99 at 500', p99(2000) / p99(500), 'at most', 1.5, '×');
    report.note('50 symbols fit into the processor’s caches and 500 do not: that, not the number, is the step between them.');
    report.note('pairsCrossed: pairs whose best prices crossed before fees; each was judged by fees, minimum edge, trust and age.');
  },
};
