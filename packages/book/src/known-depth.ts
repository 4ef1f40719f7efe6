import { TrustCause } from '@parallax/types';
import type { DepthEnds } from './depth-ends.js';
import type { LevelChanges } from './depth-update.js';
import type { LadderBook } from './ladder-book.js';
import { Side } from './side.js';
import { SnapshotEdge, type BestWitness } from './snapshot-edge.js';
import { UnreadableLevels } from './unreadable-levels.js';

/**
 * How far a book is known without a gap, side by side, and what ends it: the first level that no number holds, or the edge of
 * a snapshot that the venue cut. The numeric book may hold levels behind an end; nobody is told of them.
 */
export class KnownDepth implements DepthEnds {
  bidEnd = -Infinity;
  askEnd = Infinity;
  readonly unreadable = new UnreadableLevels();
  readonly edge = new SnapshotEdge();

  clear(): void {
    this.unreadable.clear();
    this.edge.clear();
    this.refresh();
  }

  /** Writes levels into `book` and notes those that no number holds; cuts each side to `depthLimit` levels where there is one. */
  write(book: LadderBook, update: LevelChanges, depthLimit: number | undefined): void {
    const { unreadable } = this;
    if (unreadable.count === 0 && update.unreadable.length === 0) {
      book.setAll(Side.bid, update.bids);
      book.setAll(Side.ask, update.asks);
      if (depthLimit !== undefined) book.truncate(depthLimit);
      return;
    }
    unreadable.write(book, update);
    if (depthLimit !== undefined) unreadable.truncate(book, depthLimit);
    this.refresh();
  }

  /** Begins at the edges of a snapshot that was just written into an empty book: see {@link SnapshotEdge.begin}. */
  begin(book: LadderBook, snapshot: LevelChanges, snapshotId: number, limits: readonly number[]): void {
    if (limits.length > 0) this.edge.begin(book, snapshot, snapshotId, limits);
    else this.edge.clear();
    this.refresh();
  }

  /**
   * Why the best of a side is not known to be the best, `none` where it is. `witness` may move an edge to a best behind it, as far as the
   * book's `lastId`.
   */
  doubt(book: LadderBook, witness: BestWitness | null, lastId: number): TrustCause {
    const { edge, unreadable } = this;
    if (edge.isPassed(book) && witness !== null) {
      edge.extend(book, witness, lastId);
      this.refresh();
    }
    if (edge.isPassed(book)) return TrustCause.beyondSnapshot;
    return unreadable.count > 0 && unreadable.hidesBest(book) ? TrustCause.levelUnreadable : TrustCause.none;
  }

  /** Whether the best `levels` of each side are known, so that a checksum of them can be computed. */
  covers(book: LadderBook, levels: number): boolean {
    const { unreadable, edge } = this;
    if (unreadable.count > 0 && unreadable.isAmong(book, levels)) return false;
    return (edge.bidEnd === -Infinity && edge.askEnd === Infinity) || edge.covers(book, levels);
  }

  private refresh(): void {
    this.bidEnd = Math.max(this.unreadable.bidEnd, this.edge.bidEnd);
    this.askEnd = Math.min(this.unreadable.askEnd, this.edge.askEnd);
  }
}
