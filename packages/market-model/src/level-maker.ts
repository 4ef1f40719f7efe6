import type { ModelBook, ModelSide } from './model-book.js';
import type { Behaviour, InstrumentScenario, VenueScenario } from './scenario.js';
import { between, occurrences, type SeededRandom } from './seeded-random.js';

const BPS = 1e-4;
/** Quotes stay where they are until the price has moved by this share of half the spread. */
const INERTIA = 0.4;

/** The makers of one book: they follow the price, keep a profile of depth, and never quote across each other. */
export class LevelMaker {
  private bidTarget = 0;
  private askTarget = 0;
  private quotedAt = 0;
  private fair = 0;

  constructor(
    private readonly venue: VenueScenario,
    private readonly scenario: InstrumentScenario,
    private readonly book: ModelBook,
    private readonly random: SeededRandom,
  ) {}

  /** Moves the best quotes to both sides of `fairPrice` (quote currency): first both retreat, then both advance. */
  requote(fairPrice: number, dollarsPerQuote: number, behaviour: Behaviour): void {
    const step = this.scenario.priceStep;
    this.fair = fairPrice * 10 ** this.scenario.priceScale;
    const half = Math.max(this.fair * this.venue.spreadBps * behaviour.spreadFactor * 0.5 * BPS, step * 0.5);
    if (this.quotedAt === 0 || Math.abs(this.fair - this.quotedAt) >= half * INERTIA) {
      this.quotedAt = this.fair;
      this.bidTarget = Math.max(step, Math.floor((this.fair - half) / step) * step);
      this.askTarget = Math.max(this.bidTarget + step, Math.ceil((this.fair + half) / step) * step);
    }
    this.book.bids.removeBetterThan(this.bidTarget);
    this.book.asks.removeBetterThan(this.askTarget);
    this.advance(this.book.bids, this.bidTarget, dollarsPerQuote, behaviour);
    this.advance(this.book.asks, this.askTarget, dollarsPerQuote, behaviour);
  }

  /** Level changes that no price move caused: sizes change, orders go and come. */
  churn(seconds: number, dollarsPerQuote: number, behaviour: Behaviour): void {
    const expected = this.venue.churnPerSecond * this.scenario.activity * behaviour.tradeFactor * seconds;
    for (let left = occurrences(this.random, expected); left > 0; left--) {
      const side = this.random.next() < 0.5 ? this.book.bids : this.book.asks;
      const draw = this.random.next();
      // Squared: most of it happens near the top.
      const at = Math.floor(draw * draw * side.count);
      if (side.count === 0) continue;
      const kind = this.random.next();
      if (kind < 0.6) side.set(side.prices[at], this.size(at, dollarsPerQuote, behaviour));
      else if (kind < 0.8 && side.count > 5) side.set(side.prices[at], 0);
      else this.insertBehind(side, at, dollarsPerQuote, behaviour);
    }
  }

  /** Brings both sides back to the wanted number of levels at their far ends. */
  fill(dollarsPerQuote: number, behaviour: Behaviour): void {
    for (const side of [this.book.bids, this.book.asks]) {
      if (side.count === 0) side.set(this.target(side), this.size(0, dollarsPerQuote, behaviour));
      while (side.count < this.venue.levels) {
        const price = side.worst + side.direction * this.gap(side.count);
        if (price <= 0) break;
        side.set(price, this.size(side.count, dollarsPerQuote, behaviour));
      }
      while (side.count > this.venue.levels) side.set(side.worst, 0);
    }
  }

  private target(side: ModelSide): number {
    return side.direction < 0 ? this.bidTarget : this.askTarget;
  }

  /** Makes `target` the best of its side, with a few levels on the way when it is far from the old best. */
  private advance(side: ModelSide, target: number, dollarsPerQuote: number, behaviour: Behaviour): void {
    if (side.best === target) return;
    const oldBest = side.best;
    side.set(target, this.size(0, dollarsPerQuote, behaviour));
    if (oldBest === 0) return;
    let price = target + side.direction * this.gap(0);
    for (let i = 1; i <= 6 && (price - oldBest) * side.direction < 0; i++) {
      side.set(price, this.size(i, dollarsPerQuote, behaviour));
      price += side.direction * this.gap(i * 4);
    }
  }

  private insertBehind(side: ModelSide, at: number, dollarsPerQuote: number, behaviour: Behaviour): void {
    const price = side.prices[at] + side.direction * this.gap(at);
    if (price > 0) side.set(price, this.size(at, dollarsPerQuote, behaviour));
  }

  /** Distance to the next level in integer price, at least one step; wider further out. */
  private gap(index: number): number {
    const step = this.scenario.priceStep;
    const mean = ((this.fair * this.venue.levelSpacingBps * BPS) / step) * (1 + index / 25);
    return step * Math.max(1, Math.round(mean * between(this.random, 0.2, 1.8)));
  }

  private size(index: number, dollarsPerQuote: number, behaviour: Behaviour): number {
    const { contractSize, priceScale, sizeScale, sizeStep } = this.scenario;
    const draw = this.random.next();
    const notional = this.venue.levelNotional * behaviour.depthFactor * (1 + index / 10) * (0.1 + 2.7 * draw * draw);
    const unit = (this.fair / 10 ** priceScale) * dollarsPerQuote * Number(contractSize);
    return sizeStep * Math.max(1, Math.round(((notional / unit) * 10 ** sizeScale) / sizeStep));
  }
}
