/** What sets Binance's three markets apart on the wire; all three are read by the same reader. */
export interface BinanceDialect {
  readonly venue: string;
  /** Depth updates name their predecessor (`pu`): USD-M and COIN-M futures. */
  readonly chained: boolean;
  /** Depth updates and best quotes name the pair beside the symbol (`ps`): COIN-M. */
  readonly namesPair: boolean;
}

/** Event times are milliseconds, or microseconds where the stream was opened with timeUnit=MICROSECOND. */
export function microseconds(time: number): number {
  return time >= 1e14 ? time : time * 1000;
}
