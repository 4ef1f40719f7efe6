import { scaledFromText, type InstrumentSpecification } from '@parallax/types';
import type { BookDelta, ModelTrade } from './events.js';
import { FundingRate } from './funding.js';
import { LevelMaker } from './level-maker.js';
import { ModelBook } from './model-book.js';
import { RevertingDistance } from './processes.js';
import { SeededRandom } from './seeded-random.js';
import type { Behaviour, InstrumentScenario, VenueScenario } from './scenario.js';
import { DayStatistics } from './statistics.js';
import { drawTrades } from './taker-flow.js';

const BPS = 1e-4;
const KEPT_TRADES = 100;

/** One instrument at one venue: its book, trades and statistics, moved by the price behind it. */
export class InstrumentMarket {
  readonly specification: InstrumentSpecification;
  readonly book = new ModelBook();
  readonly statistics: DayStatistics;
  /** The latest trades, oldest first, at most 100. */
  readonly recentTrades: ModelTrade[] = [];
  /** Perpetuals only. */
  readonly funding: FundingRate | null;
  /** Where quotes gather, as a price in the quote currency. */
  fairPrice = 0;
  /** The price of the base in the quote currency without the venue's own distance. */
  indexPrice = 0;

  private readonly random: SeededRandom;
  private readonly basis: RevertingDistance | null;
  private readonly maker: LevelMaker;
  private readonly deltaBids: number[] = [];
  private readonly deltaAsks: number[] = [];
  private sentId = 0;
  private nextTradeId: number;
  private bestBid = 0;
  private bestBidSize = 0;
  private bestAsk = 0;
  private bestAskSize = 0;

  constructor(
    readonly venue: VenueScenario,
    readonly scenario: InstrumentScenario,
    random: SeededRandom,
  ) {
    this.random = random;
    this.specification = specificationOf(venue.venue, scenario);
    this.maker = new LevelMaker(venue, scenario, this.book, random.fork('maker'));
    this.basis = scenario.basis ? new RevertingDistance(scenario.basis, random.fork('basis')) : null;
    this.funding = scenario.kind === 'swap' ? new FundingRate() : null;
    this.statistics = new DayStatistics();
    this.nextTradeId = 1_000_000 + Math.floor(random.next() * 1_000_000);
  }

  /** Puts up the first book around a price. `dollarsPerQuote` values sizes. */
  open(price: number, dollarsPerQuote: number, behaviour: Behaviour, atUs: number): void {
    this.indexPrice = price;
    this.fairPrice = price;
    this.maker.requote(price, dollarsPerQuote, behaviour);
    this.maker.fill(dollarsPerQuote, behaviour);
    this.statistics.open(Math.round(price * 10 ** this.scenario.priceScale), this.typicalSize(dollarsPerQuote), atUs);
    this.takeDelta();
    this.takeBestChange();
  }

  /** One step: makers follow the price, takers trade. Gives the trades. */
  advance(
    seconds: number, price: number, dollarsPerQuote: number, venueBps: number, behaviour: Behaviour, direction: number,
    atUs: number,
  ): readonly ModelTrade[] {
    this.basis?.advance(seconds);
    this.indexPrice = price;
    this.fairPrice = price * (1 + (venueBps + (this.basis?.bps ?? 0)) * BPS);
    this.maker.requote(this.fairPrice, dollarsPerQuote, behaviour);
    this.maker.churn(seconds, dollarsPerQuote, behaviour);
    const trades = drawTrades(this, seconds, dollarsPerQuote, behaviour, direction, this.random, atUs);
    if (trades.length > 0) this.keepTrades(trades);
    this.maker.fill(dollarsPerQuote, behaviour);
    this.funding?.advance(seconds, this.fairPrice / this.indexPrice - 1);
    return trades;
  }

  /** Level changes since the last call; valid until the next. */
  takeDelta(): BookDelta {
    this.deltaBids.length = 0;
    this.deltaAsks.length = 0;
    this.book.bids.takeChanges((price, size) => this.deltaBids.push(price, size));
    this.book.asks.takeChanges((price, size) => this.deltaAsks.push(price, size));
    const firstId = this.sentId + 1;
    this.sentId = this.book.updateId;
    return { firstId, lastId: this.sentId, bids: this.deltaBids, asks: this.deltaAsks };
  }

  /** Whether the best bid or ask changed since the last call. */
  takeBestChange(): boolean {
    const { bids, asks } = this.book;
    const bidSize = bids.sizes[0] ?? 0;
    const askSize = asks.sizes[0] ?? 0;
    const changed = bids.best !== this.bestBid || bidSize !== this.bestBidSize ||
      asks.best !== this.bestAsk || askSize !== this.bestAskSize;
    this.bestBid = bids.best;
    this.bestBidSize = bidSize;
    this.bestAsk = asks.best;
    this.bestAskSize = askSize;
    return changed;
  }

  takeTradeId(): number {
    return this.nextTradeId++;
  }

  /** A trade's worth in units of size, for statistics that must look lived-in from the start. */
  private typicalSize(dollarsPerQuote: number): number {
    const unit = this.fairPrice * dollarsPerQuote * Number(this.scenario.contractSize);
    return Math.max(1, Math.round((this.venue.tradeNotional / unit) * 10 ** this.scenario.sizeScale));
  }

  private keepTrades(trades: readonly ModelTrade[]): void {
    for (const trade of trades) {
      this.statistics.trade(trade);
      this.recentTrades.push(trade);
    }
    if (this.recentTrades.length > KEPT_TRADES) this.recentTrades.splice(0, this.recentTrades.length - KEPT_TRADES);
  }
}

function specificationOf(venue: string, scenario: InstrumentScenario): InstrumentSpecification {
  // Refuses a contract size that no integer holds; the text itself is kept.
  scaledFromText(scenario.contractSize, 12);
  return {
    venue,
    symbol: scenario.symbol,
    venueSymbol: scenario.venueSymbol,
    base: scenario.base,
    quote: scenario.quote,
    settle: scenario.quote,
    kind: scenario.kind,
    inverse: false,
    contractSize: scenario.contractSize,
    priceScale: scenario.priceScale,
    sizeScale: scenario.sizeScale,
    priceStep: scenario.priceStep,
    sizeStep: scenario.sizeStep,
    minimumSize: scenario.minimumSize,
    minimumNotional: scenario.minimumNotional,
    status: 'trading',
    version: 1,
    source: 'file',
  };
}
