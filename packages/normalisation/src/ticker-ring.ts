import type { BestWitness } from '@parallax/book';

/**
 * The last tickers of a symbol by update id. Where a ticker's id equals the last id of a depth update, both describe the
 * same instant, and best bid and ask with sizes must be equal: the venue's own check on a book made of depth frames.
 */
export class TickerRing implements BestWitness {
  private readonly ids: Float64Array;
  private readonly values: Float64Array;
  private next = 0;

  /** `size` is a power of two. */
  constructor(private readonly size = 512) {
    this.ids = new Float64Array(size);
    this.values = new Float64Array(size * 4);
  }

  add(id: number, bidPrice: number, bidSize: number, askPrice: number, askSize: number): void {
    const slot = this.next++ & (this.size - 1);
    this.ids[slot] = id;
    this.values[slot * 4] = bidPrice;
    this.values[slot * 4 + 1] = bidSize;
    this.values[slot * 4 + 2] = askPrice;
    this.values[slot * 4 + 3] = askSize;
  }

  /** Whether the kept ticker with this id says the same; undefined where none is kept. Newest first, ids descending. */
  agrees(id: number, bidPrice: number, bidSize: number, askPrice: number, askSize: number): boolean | undefined {
    const oldest = Math.max(0, this.next - this.size);
    for (let at = this.next - 1; at >= oldest; at--) {
      const slot = at & (this.size - 1);
      if (this.ids[slot] > id) continue;
      if (this.ids[slot] < id) return undefined;
      const { values } = this;
      const from = slot * 4;
      return values[from] === bidPrice && values[from + 1] === bidSize && values[from + 2] === askPrice && values[from + 3] === askSize;
    }
    return undefined;
  }

  lowestBid(fromId: number, toId: number): number {
    let lowest = Infinity;
    this.each(fromId, toId, (from) => {
      if (this.values[from] > 0) lowest = Math.min(lowest, this.values[from]);
    });
    return lowest;
  }

  highestAsk(fromId: number, toId: number): number {
    let highest = -Infinity;
    this.each(fromId, toId, (from) => {
      if (this.values[from + 2] > 0) highest = Math.max(highest, this.values[from + 2]);
    });
    return highest;
  }

  /** Calls with where each kept ticker of a range of ids lies in `values`. Rarely: where a best is in doubt. */
  private each(fromId: number, toId: number, call: (from: number) => void): void {
    const { size, ids } = this;
    for (let at = Math.max(0, this.next - size); at < this.next; at++) {
      const slot = at & (size - 1);
      if (ids[slot] >= fromId && ids[slot] <= toId) call(slot * 4);
    }
  }

  clear(): void {
    this.next = 0;
  }
}
