/**
 * Level changes since the event before, `price, size` pairs in integers at the instrument's scales, sizes absolute, 0 =
 * gone, best price first. `firstId` is always the `lastId` before plus one; with no change `firstId = lastId + 1`.
 * Reused: valid until the sink returns.
 */
export interface BookDelta {
  readonly firstId: number;
  readonly lastId: number;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** One trade; `side` is the taker's: 1 bought, -1 sold. */
export interface ModelTrade {
  readonly id: number;
  readonly price: number;
  readonly size: number;
  readonly side: 1 | -1;
  readonly atUs: number;
}
