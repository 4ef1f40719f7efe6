import type { DepthUpdate } from './depth-update.js';

/** A copy of an update that waits for its snapshot. */
export interface BufferedUpdate {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

/** Keeps updates until the snapshot is there, up to a limit; beyond it the oldest go, which the bridge then notices. */
export class UpdateBuffer {
  private updates: BufferedUpdate[] = [];
  dropped = 0;

  constructor(private readonly limit = 10_000) {}

  get length(): number {
    return this.updates.length;
  }

  push(update: DepthUpdate): void {
    if (this.updates.length === this.limit) {
      this.updates.shift();
      this.dropped++;
    }
    this.updates.push({
      firstId: update.firstId,
      lastId: update.lastId,
      previousId: update.previousId,
      bids: pairs(update.bids.prices, update.bids.sizes, update.bids.count),
      asks: pairs(update.asks.prices, update.asks.sizes, update.asks.count),
    });
  }

  all(): readonly BufferedUpdate[] {
    return this.updates;
  }

  clear(): void {
    this.updates = [];
  }
}

function pairs(prices: Float64Array, sizes: Float64Array, count: number): Float64Array {
  const copy = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    copy[i * 2] = prices[i];
    copy[i * 2 + 1] = sizes[i];
  }
  return copy;
}
