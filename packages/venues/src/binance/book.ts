import type { RestBridge } from '@parallax/book';

/**
 * Binance's "How to manage a local order book correctly", spot (text corrected on 2025-11-12): buffer the stream, fetch
 * /api/v3/depth, drop updates that end at or before its lastUpdateId, the first kept one covers lastUpdateId + 1, then
 * each `U` is at most the previous `u` + 1 (as a rule exactly that).
 */
export const SPOT_JOIN: RestBridge = { kind: 'rest-bridge', firstLink: 'covers-next', link: 'contiguous', crossed: 'resync' };

/**
 * The futures' rule: the first kept update covers lastUpdateId itself (U <= lastUpdateId <= u), then each `pu` equals
 * the previous `u`; `U` need not be contiguous.
 */
export const FUTURES_JOIN: RestBridge = { kind: 'rest-bridge', firstLink: 'covers', link: 'previous', crossed: 'resync' };
