/** What the venue's documents leave open. */
export interface CoinbaseOptions {
  /**
   * Whose side `market_trades.side` tells. The venue's page does not say; its sister feed (Exchange) documents the maker's
   * side, and the recording of 2026-08-09 agrees: see README.md.
   */
  readonly tradeSide: 'maker' | 'taker';
}
