/**
 * Which update is what, from its number alone, so that a process that only forwards knows it too. Updates alternate
 * between the two venues; within a venue they go round the symbols, and every eighth is a depth update.
 */
export const SYMBOLS = 41;
export const DEPTH_EVERY = 8;
/** Each depth update changes so many levels, both sides together. */
export const DEPTH_LEVELS = 20;
export const VENUE_IDS = ['binance', 'binanceusdm'] as const;

export const UpdateKind = { ticker: 0, depth: 1, opens: 2, closes: 3 } as const;
export type UpdateKind = (typeof UpdateKind)[keyof typeof UpdateKind];

/** The symbol that a venue's `update` (0, 1, …) is of. SYMBOLS and DEPTH_EVERY share no divisor: each symbol gets all kinds. */
export const symbolOf = (update: number): number => update % SYMBOLS;

/**
 * Every `edgeEvery`-th depth update of the second venue lifts its book above the first's; the next depth update of that
 * symbol brings it back. `edgeEvery` is below SYMBOLS and does not divide it.
 */
export function kindOf(venue: number, update: number, edgeEvery: number): UpdateKind {
  if (update % DEPTH_EVERY !== DEPTH_EVERY - 1) return UpdateKind.ticker;
  if (venue === 0) return UpdateKind.depth;
  const depth = Math.floor(update / DEPTH_EVERY);
  if (depth % edgeEvery === 0) return UpdateKind.opens;
  if (depth >= SYMBOLS && (depth - SYMBOLS) % edgeEvery === 0) return UpdateKind.closes;
  return UpdateKind.depth;
}
