import type { ModelTrade } from './events.js';

/** Trades of a typical day that statistics pretend to have seen before the start. */
const EARLIER_TRADES = 20_000;

/**
 * What tickers say of the last day, counted from the start over made-up earlier trades. Integers at the instrument's
 * scales; `turnover` is the sum of price × size as a float, for averages only.
 */
export class DayStatistics {
  openPrice = 0;
  lastPrice = 0;
  lastSize = 0;
  high = 0;
  low = 0;
  volume = 0;
  turnover = 0;
  openedAtUs = 0;

  open(price: number, typicalSize: number, atUs: number): void {
    this.openPrice = price;
    this.lastPrice = price;
    this.lastSize = typicalSize;
    this.high = price;
    this.low = price;
    this.volume = typicalSize * EARLIER_TRADES;
    this.turnover = price * this.volume;
    this.openedAtUs = atUs;
  }

  trade(trade: ModelTrade): void {
    this.lastPrice = trade.price;
    this.lastSize = trade.size;
    this.high = Math.max(this.high, trade.price);
    this.low = Math.min(this.low, trade.price);
    this.volume += trade.size;
    this.turnover += trade.price * trade.size;
  }

  /** Volume-weighted average price, rounded to an integer at the price scale. */
  get averagePrice(): number {
    return this.volume > 0 ? Math.round(this.turnover / this.volume) : this.lastPrice;
  }
}
