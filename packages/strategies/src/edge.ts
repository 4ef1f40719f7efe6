import { Money } from '@parallax/money';
import type { OpportunityReceipt } from '@parallax/types';

/** Whether a receipt's net edge is at least so many basis points of its notional; compared without rounding. */
export function holdsEdge({ netEdge, notional }: OpportunityReceipt, minimumEdgeBps: string): boolean {
  return new Money(netEdge).times(10_000).greaterThanOrEqualTo(new Money(notional).times(minimumEdgeBps));
}
