import { Decimal } from 'decimal.js';
import type { OpportunityReceipt } from '@parallax/types';

/** Wide enough for a receipt's sums, which have 18 decimals, times ten thousand. */
const Exact = Decimal.clone({ precision: 80 });

/** Whether a receipt's net edge is at least so many basis points of its notional; compared without rounding. */
export function holdsEdge({ netEdge, notional }: OpportunityReceipt, minimumEdgeBps: string): boolean {
  return new Exact(netEdge).times(10_000).greaterThanOrEqualTo(new Exact(notional).times(minimumEdgeBps));
}
