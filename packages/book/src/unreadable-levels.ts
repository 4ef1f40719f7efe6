import { isBefore, type DepthEnds } from './depth-ends.js';
import type { LevelChanges, LevelColumns, UnreadableLevel } from './depth-update.js';
import type { LadderBook } from './ladder-book.js';
import { Side } from './side.js';
import { SortedLevels } from './sorted-levels.js';

/**
 * The levels of a book that are known to stand and whose numbers are not: by side and price, until an update of that price
 * brings a number that fits, or the book begins anew. The numeric book has nothing at their prices.
 */
export class UnreadableLevels implements DepthEnds {
  /** Of both sides. */
  count = 0;
  bidEnd = -Infinity;
  askEnd = Infinity;
  // Of sorted levels only the order is used here: the size of each is 1.
  private readonly bids = new SortedLevels();
  private readonly asks = new SortedLevels();
  /** Digits of asks whose price does not fit: behind all others. */
  private readonly beyond = new Set<string>();
  /** Levels between two steps of the scale, by side and exact text: the better step, as a rank. */
  private readonly between: readonly [Map<string, number>, Map<string, number>] = [new Map(), new Map()];

  clear(): void {
    if (this.count === 0) return;
    this.bids.clear();
    this.asks.clear();
    this.beyond.clear();
    for (const side of this.between) side.clear();
    this.refresh();
  }

  /** Writes both sides level by level, in the frame's order: sizes that fit into `book`, the others here. */
  write(book: LadderBook, { bids, asks, unreadable }: LevelChanges): void {
    this.writeSide(book, Side.bid, bids, unreadable);
    this.writeSide(book, Side.ask, asks, unreadable);
    this.refresh();
  }

  /** Cuts each side to its best `count` levels, readable or not. */
  truncate(book: LadderBook, count: number): void {
    while (book.levels(Side.bid) + this.bids.count > count) {
      if (this.bids.worstRank < book.worstPrice(Side.bid)) this.bids.set(this.bids.worstRank, 0);
      else book.set(Side.bid, book.worstPrice(Side.bid), 0);
    }
    while (book.levels(Side.ask) + this.asks.count + this.beyond.size > count) {
      if (this.beyond.size > 0) this.beyond.delete([...this.beyond].reduce(larger));
      else if (-this.asks.worstRank > book.worstPrice(Side.ask)) this.asks.set(this.asks.worstRank, 0);
      else book.set(Side.ask, book.worstPrice(Side.ask), 0);
    }
    this.forgetBehind(book, count);
    this.refresh();
  }

  /** Whether one stands at or better than the best readable price of its side, so that the true best is not known. */
  hidesBest(book: LadderBook): boolean {
    if (this.countOf(Side.bid) > 0 && this.bidEnd >= book.bestBidPrice) return true;
    return this.countOf(Side.ask) > 0 && (book.bestAskSize === 0 || this.askEnd <= book.bestAskPrice);
  }

  /** Whether one is among the best `levels` of its side. */
  isAmong(book: LadderBook, levels: number): boolean {
    const prices = new Float64Array(levels);
    const sizes = new Float64Array(levels);
    const among = (side: Side): boolean => book.top(side, prices, sizes) < levels || !isBefore(this, side, prices[levels - 1]);
    return (this.countOf(Side.bid) > 0 && among(Side.bid)) || (this.countOf(Side.ask) > 0 && among(Side.ask));
  }

  private writeSide(book: LadderBook, side: Side, { prices, sizes, count }: LevelColumns, listed: readonly UnreadableLevel[]): void {
    const own = listed.filter((level) => level.side === side);
    const standing = side === Side.bid ? this.bids : this.asks;
    const sign = side === Side.bid ? 1 : -1;
    let next = 0;
    for (let i = 0; i <= count; i++) {
      for (; next < own.length && own[next].after === i; next++) {
        const { price, digits, stands, between } = own[next];
        if (between) {
          if (stands) this.between[side].set(digits, sign * price);
          else this.between[side].delete(digits);
        } else if (price !== Infinity) {
          book.set(side, price, 0);
          standing.set(sign * price, 1);
        } else if (stands) this.beyond.add(digits);
        else this.beyond.delete(digits);
      }
      if (i === count) break;
      standing.set(sign * prices[i], 0);
      book.set(side, prices[i], sizes[i]);
    }
  }

  private refresh(): void {
    this.count = this.countOf(Side.bid) + this.countOf(Side.ask);
    this.bidEnd = Math.max(this.bids.bestRank, ...this.between[Side.bid].values());
    this.askEnd = -Math.max(this.asks.bestRank, ...this.between[Side.ask].values());
  }

  private countOf(side: Side): number {
    return (side === Side.bid ? this.bids.count : this.asks.count + this.beyond.size) + this.between[side].size;
  }

  /** Those between steps that lie behind the worst level of a side that is cut are not in the book any more. */
  private forgetBehind(book: LadderBook, count: number): void {
    for (const side of [Side.bid, Side.ask]) {
      if (book.levels(side) < count) continue;
      const sign = side === Side.bid ? 1 : -1;
      const worst = sign * book.worstPrice(side);
      for (const [digits, rank] of this.between[side]) if (rank < worst) this.between[side].delete(digits);
    }
  }
}

/** The larger of two whole numbers written as digits without leading zeros. */
const larger = (left: string, right: string): string =>
  left.length > right.length || (left.length === right.length && left > right) ? left : right;
