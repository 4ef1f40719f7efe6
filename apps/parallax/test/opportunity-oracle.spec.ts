import { DEFAULT_BASIS, type ArbitrageOptions, type DepthSource } from '@parallax/arbitrage';
import { Side } from '@parallax/book';
import { describeWith, recordings } from '@parallax/testing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { OracleMarket } from './support/oracle-market.js';
import { EVERY_QUOTE, FREE, OracleRun, toldBest, type OracleReport } from './support/oracle-run.js';

const HOUR_US = 3_600_000_000;
/** Exact arithmetic at every quote takes a while: 150 ms of every 5 s are compared so, each time by new cores. */
const [SAMPLE_US, SAMPLE_EVERY_US] = [150_000, 5_000_000];
const NO_BASIS_COSTS: Partial<ArbitrageOptions> = { ...FREE, basis: { ...DEFAULT_BASIS, holdingUs: 0 } };
const AN_HOUR: Partial<ArbitrageOptions> = { ...FREE, basis: { ...DEFAULT_BASIS, holdingUs: HOUR_US } };
const VAST = '1000000000';
/** Cores that compute anew at every quote, so that each quote can be compared. */
const SAMPLED = {
  'no costs, as deep as it goes': { ...NO_BASIS_COSTS, ...EVERY_QUOTE, maximumNotional: VAST },
  'held for an hour': { ...AN_HOUR, ...EVERY_QUOTE },
  'the defaults': { ...FREE, ...EVERY_QUOTE },
} satisfies Record<string, Partial<ArbitrageOptions>>;
const FOLDER = 'ticks/binance-raw-feed';
/** Bitcoin in full, ether for its first 100 s. */
const PAIRS = ([['btcusdt', Infinity], ['ethusdt', 100_000_000]] as const).map(([symbol, lengthUs]) =>
  [symbol, lengthUs, ['spot', 'usdm'].map((market) => `${FOLDER}/${market}-${symbol}-20240808.gz`)] as const);

/** The books, but whatever stands at the best ask is a hair more than it is: a fault that the oracle must find. */
function swollen(market: OracleMarket): DepthSource {
  return {
    top: (instrument, side, prices, sizes) => {
      const count = market.top(instrument, side, prices, sizes);
      if (side === Side.ask && count > 0) sizes[0] += market.instruments.get(instrument).sizeStep;
      return count;
    },
  };
}

/**
 * Oracle of detection: on real recordings, everything that the core has open, and everything that it has not, is what a
 * scan finds that knows neither the core nor the books it walks. Rules that both follow are the documented ones: levels
 * that the newer ticker denies are gone; nothing is known behind the edge of a cut snapshot; the best 50 levels count; both legs on the common order step, no leg below its
 * venue's minimum; a basis counts its way out; quotes are trusted and young enough.
 */
describeWith(PAIRS.flatMap(([, , files]) => files.map((recording) => ({ recording }))), 'opportunities on the recordings', () => {
  describe.each(PAIRS)('spot against perpetual, %s', (symbol, lengthUs, files) => {
    const sampled: Record<string, OracleRun[]> = {};
    let lives: Record<'free' | 'withoutBasisCosts' | 'trueFees', OracleRun>;
    const tampered: OracleRun[] = [];
    let [quotes, behind] = [0, 0];

    beforeAll(async () => {
      const market = await OracleMarket.open(files.map((file) => recordings(file)!), lengthUs);
      const byVenue = Object.fromEntries(market.symbols.map(({ specification, takerFee }) => [specification.venue, takerFee]));
      lives = {
        free: new OracleRun(market, FREE),
        withoutBasisCosts: new OracleRun(market, NO_BASIS_COSTS),
        trueFees: new OracleRun(market, { fees: { default: '0.001', byVenue } }),
      };
      let samples: OracleRun[] = [];
      let [nowUs, quoted, sampleFromUs, sampleNumber] = [0, false, market.firstUs, 0];
      const sample = (): OracleRun[] => Object.entries(SAMPLED).map(([name, options]) => {
        const run = new OracleRun(market, options);
        (sampled[name] ??= []).push(run);
        return run;
      });
      const running = (): readonly OracleRun[] => [...Object.values(lives), ...samples];
      let runs = running();
      market.onQuote = (instrument, row) => {
        quoted = true;
        quotes++;
        for (const run of runs) run.onQuote(instrument, row, nowUs);
      };
      market.play(
        (atUs) => {
          [nowUs, quoted] = [atUs, false];
          const sinceUs = nowUs - sampleFromUs;
          if (sinceUs > SAMPLE_EVERY_US) {
            sampleFromUs = nowUs;
            samples = sample();
            // Some samples have a wrong book beside the right ones.
            if (sampleNumber++ % 8 < 2) {
              tampered.push(new OracleRun(market, SAMPLED['no costs, as deep as it goes'], swollen(market)));
              samples.push(tampered.at(-1)!);
            }
            runs = running();
          } else if (sinceUs > SAMPLE_US && samples.length > 0) {
            samples = [];
            runs = running();
          }
          for (const run of runs) run.wake(nowUs);
        },
        () => {
          if (quoted && !market.symbols.every(toldBest)) behind++;
          for (const run of runs) run.compare(nowUs, quoted);
        },
      );
      expect(market.deadLetters).toEqual([]);
      const line = (name: string, of: readonly OracleRun[]): string => `${name}: ${JSON.stringify(total(of))}`;
      console.log([
        `${symbol}, ${quotes} quotes`,
        ...Object.entries(sampled).map(([name, of]) => line(`at every quote, ${name}`, of)),
        ...Object.entries(lives).map(([name, run]) => line(`at every event, ${name}`, [run])),
        line('with a book that is wrong', tampered),
      ].join('\n'));
    });

    test.each(Object.keys(SAMPLED))('at every quote, %s: open is what the scan finds, with its sizes, prices and costs', (name) => {
      const runs = sampled[name];
      expect(runs.flatMap(({ mismatches }) => mismatches).slice(0, 3)).toEqual([]);
      expect(total(runs).comparisons).toBeGreaterThan(500);
      // Held for a day, what it costs is more than this basis; the other cores have much to compare.
      if (name !== 'the defaults') expect(total(runs).edges).toBeGreaterThan(500);
    });

    test('at every event as well', () => {
      const runs = Object.values(lives);
      expect(runs.flatMap(({ mismatches }) => mismatches).slice(0, 3)).toEqual([]);
      expect(total(runs).edges).toBeGreaterThan(20);
    });

    test('the quotes that were told are the newest of ticker and depth at all times', () => {
      expect(quotes).toBeGreaterThan(10_000);
      expect(behind).toBe(0);
    });

    test('a standing basis is not thousands of opportunities', () => {
      expect(lives.trueFees.report.opened).toBe(0);
      expect(lives.free.report.opened).toBeLessThan(10);
      expect(lives.withoutBasisCosts.report.opened).toBeLessThan(40);
    });

    test('a core whose book is wrong by one order step is found out', () => {
      expect(total(tampered).mismatches).toBeGreaterThan(10);
    });
  });
});

/** The reports of several runs as one. */
function total(runs: readonly OracleRun[]): OracleReport {
  const all = { comparisons: 0, edges: 0, opened: 0, updated: 0, closed: 0, nothing: {} as Record<string, number>, mismatches: 0 };
  for (const { report: { nothing, ...counts } } of runs) {
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) all[name] += counts[name];
    for (const [reason, count] of Object.entries(nothing)) all.nothing[reason] = (all.nothing[reason] ?? 0) + count;
  }
  return all;
}
