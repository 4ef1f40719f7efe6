import type { BookDelta, ModelTrade } from './events.js';
import type { InstrumentMarket } from './instrument-market.js';
import type { PhaseName } from './scenario.js';

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
