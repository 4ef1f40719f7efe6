import { ArbitrageCore, DEFAULT_BASIS, arbitrageOptions, type ArbitrageOptions, type DepthSource } from '@parallax/arbitrage';
import { Quote, Trust, type Opportunity, type Row } from '@parallax/types';
import { scanBasis, shareOf, type ScanCosts, type ScanEdge, type ScanNothing } from './basis-scan.js';
import type { OracleMarket, OracleSymbol } from './oracle-market.js';
import { DECIMALS, whole } from './plain-market.js';

type Nothing = ScanNothing | 'quote-untrusted' | 'quote-too-old';
const YEAR_US = 365 * 86_400_000_000;
/** Every open opportunity computed anew and told at every quote, so that what is open is what is there now. */
export const EVERY_QUOTE: Partial<ArbitrageOptions> = { updateEdgeBps: 0, updateIntervalUs: 0, reviewIntervalUs: 0 };
/** What the command line asks for with `--fees 0 --min-edge-bps 0`. */
export const FREE: Partial<ArbitrageOptions> = { fees: { default: '0' }, minimumEdgeBps: 0 };

export interface OracleReport {
  readonly comparisons: number;
  readonly edges: number;
  readonly opened: number;
  readonly updated: number;
  readonly closed: number;
  readonly nothing: Readonly<Record<string, number>>;
  readonly mismatches: number;
}

/** One core over the market, and beside it what the scan of the plain books says it must have open. */
export class OracleRun {
  readonly counts = { comparisons: 0, edges: 0, opened: 0, updated: 0, closed: 0 };
  /** Why nothing was open where nothing may be, by reason. */
  readonly nothing: Record<string, number> = {};
  readonly mismatches: string[] = [];
  readonly core: ArbitrageCore;
  private readonly options: ArbitrageOptions;
  private readonly told: Opportunity[] = [];
  private readonly heard = new Set<number>();
  private readonly everyQuote: boolean;

  constructor(
    private readonly market: OracleMarket,
    given: Partial<ArbitrageOptions>,
    depth: DepthSource = market,
  ) {
    this.options = arbitrageOptions(given);
    this.everyQuote = this.options.updateEdgeBps === 0 && this.options.reviewIntervalUs === 0;
    this.core = new ArbitrageCore(market.instruments, depth, { onOpportunity: (one) => void this.told.push(one) }, given);
  }

  onQuote(instrument: number, row: Row, nowUs: number): void {
    this.heard.add(instrument);
    this.core.onQuote(instrument, row, nowUs);
  }

  wake(nowUs: number): void {
    if (nowUs >= this.core.wakeAtUs) this.core.onWake(nowUs);
  }

  /** Compares both directions, after a quote what is open, else (or where it is computed more seldom) what was told alone. */
  compare(nowUs: number, quoted: boolean): void {
    const told = this.told.splice(0);
    for (const { state } of told) this.counts[state]++;
    if (told.length === 0 && !(quoted && this.everyQuote)) return;
    // A core that was just made knows one leg alone; it may not act, and did not where nothing was told.
    if (told.length === 0 && this.heard.size < 2) return;
    const [a, b] = this.market.symbols;
    for (const [buy, sell] of [[a, b], [b, a]]) {
      const mine = told.filter(({ legs }) => legs[0].venue === buy.specification.venue);
      const open = this.core.open.find(({ legs }) => legs[0].venue === buy.specification.venue);
      if (mine.length === 0 && !this.everyQuote) continue;
      const expected = this.expected(buy, sell, nowUs);
      for (const one of mine) this.check(one.state === 'closed' ? undefined : one, expected, nowUs, `${one.state} ${one.closeReason ?? ''}`);
      if (this.everyQuote && quoted) this.check(open, expected, nowUs, 'after a quote');
    }
  }

  get report(): OracleReport {
    return { ...this.counts, nothing: this.nothing, mismatches: this.mismatches.length };
  }

  private check(one: Opportunity | undefined, expected: ScanEdge | Nothing, nowUs: number, place: string): void {
    this.counts.comparisons++;
    const found = one && figuresOf(one);
    if (typeof expected === 'string') {
      this.nothing[expected] = (this.nothing[expected] ?? 0) + 1;
      if (found) this.mismatches.push(`${nowUs} ${place}: open, but the scan finds nothing (${expected}): ${JSON.stringify(found)}`);
      return;
    }
    this.counts.edges++;
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    this.mismatches.push(`${nowUs} ${place}: core ${JSON.stringify(found)}, scan ${JSON.stringify(expected)}`);
  }

  /** What the plain books bring now, or why nothing may be open: the scan's word, or trust and age of the told quotes. */
  private expected(buy: OracleSymbol, sell: OracleSymbol, nowUs: number): ScanEdge | Nothing {
    const legs = [buy, sell];
    if (legs.some(({ told }) => told[Quote.trust] !== Trust.synced)) return 'quote-untrusted';
    const { quoteMaximumAgeUs, proofMaximumAgeUs, depthLevels } = this.options;
    const old = ({ told }: OracleSymbol): boolean =>
      nowUs - told[Quote.changedAtUs] > quoteMaximumAgeUs || nowUs - told[Quote.provenAtUs] > proofMaximumAgeUs;
    if (legs.some(old)) return 'quote-too-old';
    const [bought, sold] = legs.map(({ plain, specification }) => ({ sides: plain.sides(depthLevels), specification }));
    return scanBasis(bought, sold, this.costsOf(buy));
  }

  private costsOf(buy: OracleSymbol): ScanCosts {
    const { holdingUs, fundingRate, fundingIntervalUs, capitalRatePerYear, borrowRatePerYear } = { ...DEFAULT_BASIS, ...this.options.basis };
    const longPerpetual = buy.specification.kind === 'swap';
    // Longs pay a positive rate; what a short would get is not counted. A spot leg that is sold is borrowed.
    return {
      funding: longPerpetual ? shareOf(fundingRate.default, holdingUs, fundingIntervalUs) : 0n,
      inventory: shareOf(sum(capitalRatePerYear, capitalRatePerYear, longPerpetual ? borrowRatePerYear : '0'), holdingUs, YEAR_US),
      maximumNotional: BigInt(this.options.maximumNotional),
    };
  }
}

/** Whether the quote that was told last says what the newest of ticker and depth says. */
export function toldBest({ told, plain, specification: { priceScale } }: OracleSymbol): boolean {
  const unit = 10n ** BigInt(DECIMALS - priceScale);
  return BigInt(told[Quote.bidPrice]) * unit === plain.bestBid && BigInt(told[Quote.askPrice]) * unit === plain.bestAsk;
}

function figuresOf({ legs: [bought, sold], receipt }: Opportunity): ScanEdge {
  const { notional, grossEdge, fees, slippage, wayOut, funding, inventory, netEdge, netEdgeBps } = receipt;
  return {
    buySize: bought.size, sellSize: sold.size, buyLimit: bought.limitPrice, sellLimit: sold.limitPrice,
    buyAverage: bought.averagePrice, sellAverage: sold.averagePrice,
    notional, grossEdge, fees, slippage, wayOut, funding, inventory, netEdge, netEdgeBps,
  };
}

/** Sum of rates as text. */
function sum(...rates: readonly string[]): string {
  const total = rates.reduce((all, rate) => all + whole(rate), 0n).toString().padStart(DECIMALS + 1, '0');
  return `${total.slice(0, -DECIMALS)}.${total.slice(-DECIMALS)}`;
}
