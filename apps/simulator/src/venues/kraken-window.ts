import { crc32 } from 'node:zlib';
import type { InstrumentMarket, ModelSide } from '@parallax/market-model';

/** The best levels of one side as one subscriber knows them, and what to tell when they change. */
class SideWindow {
  private known = new Map<number, number>();

  constructor(
    private readonly side: ModelSide,
    private readonly depth: number,
  ) {}

  /** All levels of the window as `price, size` pairs. */
  snapshot(): number[] {
    this.known = this.current();
    return [...this.known].flat();
  }

  /**
   * What changed inside the window. A level that is gone is told with size 0; one that better levels pushed out is not
   * told: subscribers cut their book to its depth by themselves.
   */
  changes(): number[] {
    const now = this.current();
    const pairs: number[] = [];
    for (const price of this.known.keys()) {
      if (!now.has(price) && this.side.sizeAt(price) === 0) pairs.push(price, 0);
    }
    for (const [price, size] of now) if (this.known.get(price) !== size) pairs.push(price, size);
    this.known = now;
    return pairs;
  }

  private current(): Map<number, number> {
    const levels = new Map<number, number>();
    const count = Math.min(this.depth, this.side.count);
    for (let i = 0; i < count; i++) levels.set(this.side.prices[i], this.side.sizes[i]);
    return levels;
  }
}

/** One book subscription at Kraken: both sides cut to the subscribed depth. */
export class KrakenWindow {
  readonly bids: SideWindow;
  readonly asks: SideWindow;

  constructor(
    readonly market: InstrumentMarket,
    readonly depth: number,
  ) {
    this.bids = new SideWindow(market.book.bids, depth);
    this.asks = new SideWindow(market.book.asks, depth);
  }
}

/**
 * CRC32 of the ten best asks, then the ten best bids; each price and quantity with its decimals, without the point and
 * without leading zeros. That text is the digits of our integers.
 */
export function krakenChecksum(market: InstrumentMarket): number {
  let text = '';
  for (const side of [market.book.asks, market.book.bids]) {
    for (let i = 0; i < Math.min(10, side.count); i++) text += `${side.prices[i]}${side.sizes[i]}`;
  }
  return crc32(text);
}
