import type { Side } from '@parallax/book';

/** The books that the scanner's shell keeps; implemented over packages/book readers. */
export interface DepthSource {
  /** Copies up to `prices.length` levels, best first; returns how many; 0 where no synced book is held. */
  top(instrument: number, side: Side, prices: Float64Array, sizes: Float64Array): number;
}
