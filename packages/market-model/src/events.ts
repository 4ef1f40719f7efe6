import type { InstrumentMarket } from './instrument-market.js';
import type { PhaseName } from './scenario.js';

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

/** Takes what the model emits, in a fixed order: by step, then venue, then instrument, trades before quote before book. */
export interface MarketSink {
  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[], atUs: number): void;
  /** The best bid or ask changed; `market.book` holds them. */
  onQuote(market: InstrumentMarket, atUs: number): void;
  /** Once per depth interval, also when nothing changed: a snapshot taken now fits the next delta. */
  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void;
  /** Perpetuals, once a second: mark price, index and funding. */
  onMark(market: InstrumentMarket, atUs: number): void;
  onPhase(phase: PhaseName, direction: 1 | -1, atUs: number): void;
}
