import { isBefore, type DepthEnds } from './depth-ends.js';
import type { LevelChanges } from './depth-update.js';
import type { LadderBook } from './ladder-book.js';
import { Side } from './side.js';

/**
 * What the venue's own best quotes, told on another channel, say of the levels of a book. Ids are those of its updates; both
 * bounds belong to the range.
 */
export interface BestWitness {
  /** The lowest best bid told within a range of ids; Infinity where none was. */
  lowestBid(fromId: number, toId: number): number;
  /** The highest best ask; -Infinity where none was. */
  highestAsk(fromId: number, toId: number): number;
}

/** Part of the way from the best to the edge, at the snapshot's time, that is left when a fresh snapshot is wanted. */
const NEAR = 1 / 2;

/**
 * Where a snapshot that the venue cut ends. Behind its last level stand orders that nobody told us of: an update there tells of
 * one level, and of none beside it. So the depth ends at the edge, and a best behind it is not known to be the best.
 */
export class SnapshotEdge implements DepthEnds {
  bidEnd = -Infinity;
  askEnd = Infinity;
  private bidNear = -Infinity;
  private askNear = Infinity;
  private snapshotId = 0;

  clear(): void {
    this.bidEnd = this.bidNear = -Infinity;
    this.askEnd = this.askNear = Infinity;
  }

  /**
   * Begins anew with a snapshot that is in the book already, alone. A side of as many levels as one of `limits` was cut there;
   * any other is the whole side.
   */
  begin(book: LadderBook, { bids, asks, unreadable }: LevelChanges, snapshotId: number, limits: readonly number[]): void {
    this.clear();
    this.snapshotId = snapshotId;
    const unread = unreadable.filter(({ side }) => side === Side.bid);
    if (limits.includes(bids.count + unread.length)) {
      const worst = Math.min(book.worstPrice(Side.bid), ...unread.map(({ price }) => price));
      // Prices are whole numbers: the end is the next behind the last level.
      this.bidEnd = worst - 1;
      this.bidNear = worst + (Math.max(worst, book.bestBidPrice) - worst) * NEAR;
    }
    if (limits.includes(asks.count + unreadable.length - unread.length)) {
      const worst = Math.max(book.worstPrice(Side.ask), ...unreadable.filter(({ side }) => side === Side.ask).map(({ price }) => price));
      this.askEnd = worst + 1;
      this.askNear = worst - (worst - Math.min(worst, book.bestAskPrice || worst)) * NEAR;
    }
  }

  /** Whether the best of a side is so near to its edge, or behind it, that a fresh snapshot is due. */
  isNear(book: LadderBook): boolean {
    return book.bestBidPrice <= this.bidNear || book.bestAskPrice >= this.askNear || (book.bestAskSize === 0 && this.askEnd < Infinity);
  }

  /** Whether the best of a side lies behind its edge. */
  isPassed(book: LadderBook): boolean {
    return this.isBidPassed(book) || this.isAskPassed(book);
  }

  /**
   * Moves the edge to a best that lies behind it, where the venue has shown that no unknown level stands before: one that did would have
   * been the best when it told a best no better than ours. `lastId` is the book's; what was told later says nothing of it.
   */
  extend(book: LadderBook, witness: BestWitness, lastId: number): void {
    if (book.bestBidSize > 0 && this.isBidPassed(book)) {
      const lowest = witness.lowestBid(this.snapshotId, lastId);
      if (book.bestBidPrice >= lowest) this.bidEnd = book.bestBidPrice === lowest ? lowest - 1 : lowest;
    }
    if (book.bestAskSize > 0 && this.isAskPassed(book)) {
      const highest = witness.highestAsk(this.snapshotId, lastId);
      if (book.bestAskPrice <= highest) this.askEnd = book.bestAskPrice === highest ? highest + 1 : highest;
    }
  }

  /** Whether a side's best `levels` all lie before its edge. */
  covers(book: LadderBook, levels: number): boolean {
    const prices = new Float64Array(levels);
    const sizes = new Float64Array(levels);
    const all = (side: Side): boolean => book.top(side, prices, sizes) === levels && isBefore(this, side, prices[levels - 1]);
    return (this.bidEnd === -Infinity || all(Side.bid)) && (this.askEnd === Infinity || all(Side.ask));
  }

  private isBidPassed(book: LadderBook): boolean {
    return this.bidEnd > -Infinity && (book.bestBidSize === 0 || book.bestBidPrice <= this.bidEnd);
  }

  private isAskPassed(book: LadderBook): boolean {
    return this.askEnd < Infinity && (book.bestAskSize === 0 || book.bestAskPrice >= this.askEnd);
  }
}
