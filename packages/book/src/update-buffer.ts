import type { LevelChanges, LevelColumns, UnreadableLevel } from './depth-update.js';
import type { UpdateIds } from './links.js';

/** A copy of an update that waits for its snapshot. */
export interface BufferedUpdate extends UpdateIds, LevelChanges {}

/** Columns as long as what they hold, and longer only where they held more before. */
class Columns implements LevelColumns {
  count = 0;
  prices = new Float64Array(0);
  sizes = new Float64Array(0);

  set({ prices, sizes, count }: LevelColumns): void {
    if (this.prices.length < count) {
      this.prices = new Float64Array(count);
      this.sizes = new Float64Array(count);
    }
    const { prices: ownPrices, sizes: ownSizes } = this;
    for (let i = 0; i < count; i++) {
      ownPrices[i] = prices[i];
      ownSizes[i] = sizes[i];
    }
    this.count = count;
  }
}

class Copy implements BufferedUpdate {
  firstId = 0;
  lastId = 0;
  previousId = 0;
  readonly bids = new Columns();
  readonly asks = new Columns();
  unreadable: readonly UnreadableLevel[] = [];

  set({ firstId, lastId, previousId, bids, asks, unreadable }: BufferedUpdate): void {
    this.firstId = firstId;
    this.lastId = lastId;
    this.previousId = previousId;
    this.bids.set(bids);
    this.asks.set(asks);
    this.unreadable = unreadable.length === 0 ? [] : [...unreadable];
  }
}

/** Keeps updates until the snapshot is there, up to a limit; beyond it the oldest go, which the bridge then notices. */
export class UpdateBuffer {
  private updates: Copy[] = [];

  /** Some minutes of a venue's stream; a snapshot that is fetched is younger. */
  constructor(private readonly limit = 2_000) {}

  get length(): number {
    return this.updates.length;
  }

  push(update: BufferedUpdate, limit = this.limit): void {
    // What goes lends its columns: a book whose snapshot does not come keeps each of its updates for a while.
    const kept = (this.updates.length >= limit ? this.updates.shift() : undefined) ?? new Copy();
    kept.set(update);
    this.updates.push(kept);
  }

  all(): readonly BufferedUpdate[] {
    return this.updates;
  }

  clear(): void {
    this.updates = [];
  }
}
