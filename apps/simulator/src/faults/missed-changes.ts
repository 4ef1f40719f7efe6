import type { BookDelta, InstrumentMarket, ModelSide } from '@parallax/market-model';

const pairs = (prices: ReadonlySet<number>, side: ModelSide): number[] =>
  [...prices].flatMap((price) => [price, side.sizeAt(price)]);

/** Book changes that fell into a silence, told as one when it ends: a silent venue loses nothing, it only waits. */
export class MissedChanges {
  private readonly bids = new Set<number>();
  private readonly asks = new Set<number>();

  constructor(private readonly firstId: number) {}

  add(delta: BookDelta): void {
    for (let i = 0; i < delta.bids.length; i += 2) this.bids.add(delta.bids[i]);
    for (let i = 0; i < delta.asks.length; i += 2) this.asks.add(delta.asks[i]);
  }

  /** All changes up to and with `last`, sizes as they are now. */
  with(market: InstrumentMarket, last: BookDelta): BookDelta {
    this.add(last);
    return {
      firstId: this.firstId, lastId: last.lastId,
      bids: pairs(this.bids, market.book.bids), asks: pairs(this.asks, market.book.asks),
    };
  }
}
