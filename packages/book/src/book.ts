import type { LevelColumns } from './depth-update.js';
import type { Side } from './side.js';

/** An order book as its readers see it: integers at the instrument's scales. */
export interface BookReader {
  /** 0 when the side is empty. */
  readonly bestBidPrice: number;
  readonly bestBidSize: number;
  readonly bestAskPrice: number;
  readonly bestAskSize: number;
  levels(side: Side): number;
  /** Price of the worst level: Infinity for bids and -Infinity for asks where there is none. */
  worstPrice(side: Side): number;
  /** Copies up to `prices.length` levels, best first; returns how many. */
  top(side: Side, prices: Float64Array, sizes: Float64Array): number;
  /** Size at a price; 0 where there is no level. */
  sizeAt(side: Side, price: number): number;
}

export interface Book extends BookReader {
  /** Sets the absolute size of a level; 0 removes it. Returns whether a removed level was known. */
  set(side: Side, price: number, size: number): boolean;
  /** Sets many levels of one side, in their order. */
  setAll(side: Side, levels: LevelColumns): void;
  clear(): void;
  /** Cuts each side to its best `count` levels. */
  truncate(count: number): void;
}
