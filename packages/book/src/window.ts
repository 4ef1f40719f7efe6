const SMALLEST = 2_048;
const LARGEST = 65_536;
/** Part of the price that the window spans: where nearly all changes of a liquid book lie. */
const PART = 1 / 60;

/**
 * Ticks that a ladder's window spans for a best price of so many ticks: a power of two, 2,048 to 65,536 (16 to 512 KiB a side).
 * Prices of few ticks need little; one of six million (BTC/USDT at 0.01) needs the largest to hold its liquid part.
 */
export function windowFor(bestTick: number): number {
  const wanted = Math.min(LARGEST, Math.max(SMALLEST, Math.abs(bestTick) * PART));
  return 2 ** Math.ceil(Math.log2(wanted));
}
