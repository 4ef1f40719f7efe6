import type { LevelChanges, LevelColumns } from './depth-update.js';
import type { UpdateIds } from './links.js';

/** A copy of an update that waits for its snapshot. */
export interface BufferedUpdate extends UpdateIds, LevelChanges {}

/** Keeps updates until the snapshot is there, up to a limit; beyond it the oldest go, which the bridge then notices. */
export class UpdateBuffer {
  private updates: BufferedUpdate[] = [];

  /** Some minutes of a venue's stream; a snapshot that is fetched is younger. */
  constructor(private readonly limit = 2_000) {}

  get length(): number {
    return this.updates.length;
  }

  push(update: BufferedUpdate, limit = this.limit): void {
    if (this.updates.length >= limit) this.updates.shift();
    this.updates.push({
      firstId: update.firstId,
      lastId: update.lastId,
      previousId: update.previousId,
      bids: copyOf(update.bids),
      asks: copyOf(update.asks),
      unreadable: [...update.unreadable],
    });
  }

  all(): readonly BufferedUpdate[] {
    return this.updates;
  }

  clear(): void {
    this.updates = [];
  }
}

const copyOf = ({ prices, sizes, count }: LevelColumns): LevelColumns => ({
  count, prices: prices.slice(0, count), sizes: sizes.slice(0, count),
});
