import type { RestBridge } from '@parallax/book';

/** Levels a side of a REST snapshot: the most that the venue gives. */
export const SPOT_LEVELS = 5_000;
export const FUTURES_LEVELS = 1_000;
/** Limits with which others may have made recordings: the default of spot and those that the documents name, of the futures no others. */
const RECORDED_LEVELS = [5, 10, 20, 50, 100, 500, 1_000];

/**
 * Binance's "How to manage a local order book correctly", spot (text corrected on 2025-11-12): buffer the stream, fetch
 * /api/v3/depth, drop updates that end at or before its lastUpdateId, the first kept one covers lastUpdateId + 1, then
 * each `U` is at most the previous `u` + 1 (as a rule exactly that).
 */
export const SPOT_JOIN: RestBridge = {
  kind: 'rest-bridge', firstLink: 'covers-next', link: 'contiguous', crossed: 'resync', snapshotLevels: [SPOT_LEVELS, ...RECORDED_LEVELS],
};

/**
 * The futures' rule: the first kept update covers lastUpdateId itself (U <= lastUpdateId <= u), then each `pu` equals
 * the previous `u`; `U` need not be contiguous.
 */
export const FUTURES_JOIN: RestBridge = {
  kind: 'rest-bridge', firstLink: 'covers', link: 'previous', crossed: 'resync', snapshotLevels: [FUTURES_LEVELS, ...RECORDED_LEVELS],
};
