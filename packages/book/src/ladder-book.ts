import type { Book } from './book.js';
import type { LevelColumns } from './depth-update.js';
import { LadderSide } from './ladder-side.js';
import { Side } from './side.js';

/** An order book of two ladders. Integers throughout; a level that is removed and was not there is told, not an error. */
export class LadderBook implements Book {
  private readonly bids: LadderSide;
  private readonly asks: LadderSide;

  /** `priceStep` is the tick at the instrument's price scale; prices between ticks work too, only slower. */
  constructor(priceStep: number, window?: number) {
    this.bids = new LadderSide(priceStep, window);
    this.asks = new LadderSide(priceStep, window);
  }

  get bestBidPrice(): number {
    return this.bids.bestRank;
  }
  get bestBidSize(): number {
    return this.bids.bestSize;
  }
  get bestAskPrice(): number {
    return this.asks.bestSize === 0 ? 0 : -this.asks.bestRank;
  }
  get bestAskSize(): number {
    return this.asks.bestSize;
  }
  /** How often a window moved, both sides. */
  get windowMoves(): number {
    return this.bids.moves + this.asks.moves;
  }

  set(side: Side, price: number, size: number): boolean {
    return side === Side.bid ? this.bids.set(price, size) : this.asks.set(-price, size);
  }

  setAll(side: Side, levels: LevelColumns): void {
    const { prices, sizes, count } = levels;
    if (side === Side.bid) this.bids.setAll(prices, sizes, count, 1);
    else this.asks.setAll(prices, sizes, count, -1);
  }

  levels(side: Side): number {
    return side === Side.bid ? this.bids.count : this.asks.count;
  }

  worstPrice(side: Side): number {
    return side === Side.bid ? this.bids.worstRank : -this.asks.worstRank;
  }

  sizeAt(side: Side, price: number): number {
    return side === Side.bid ? this.bids.sizeOf(price) : this.asks.sizeOf(-price);
  }

  top(side: Side, prices: Float64Array, sizes: Float64Array): number {
    if (side === Side.bid) return this.bids.top(prices, sizes);
    const found = this.asks.top(prices, sizes);
    for (let i = 0; i < found; i++) prices[i] = -prices[i];
    return found;
  }

  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  truncate(count: number): void {
    this.bids.truncate(count);
    this.asks.truncate(count);
  }
}
