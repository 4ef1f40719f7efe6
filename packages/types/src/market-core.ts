import type { Row } from './rows.js';

/**
 * The contract between a core and its shell. A core is pure: state, one method per kind of event, and a sink for what it
 * emits. It has no socket, clock, timer or randomness but those handed in; `nowUs` is the only time it knows.
 * `instrument` is the number from the process's InstrumentTable. Rows are valid until the method returns.
 */
export interface QuoteCore {
  onQuote(instrument: number, quote: Row, nowUs: number): void;
}
export interface BookCore {
  onBook(instrument: number, change: Row, nowUs: number): void;
}
export interface TradeCore {
  onTrades(instrument: number, trades: Row, nowUs: number): void;
}

/** A core that acts on time as well says when it next wants to be woken; `Infinity` means never. */
export interface WakingCore {
  readonly wakeAtUs: number;
  onWake(nowUs: number): void;
}
