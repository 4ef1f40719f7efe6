import { Side } from './side.js';

/** Where the depth that is known without a gap ends: nobody may walk to a level at these prices or behind. */
export interface DepthEnds {
  /** -Infinity where bids have no end. */
  readonly bidEnd: number;
  /** Infinity where asks have none. */
  readonly askEnd: number;
}

/** Whether a price lies before the end of its side. */
export const isBefore = (ends: DepthEnds, side: Side, price: number): boolean =>
  side === Side.bid ? price > ends.bidEnd : price < ends.askEnd;
