import type { Approved, Fill, Order, PlanResult, Refused } from '@parallax/types';
import type { RiskCore } from './core.js';

/** What the durable streams hold of risk's own past. */
export type RiskEvent =
  | { readonly kind: 'approved'; readonly value: Approved }
  | { readonly kind: 'refused'; readonly value: Refused }
  | { readonly kind: 'order'; readonly value: Order }
  | { readonly kind: 'fill'; readonly value: Fill }
  | { readonly kind: 'result'; readonly value: PlanResult };

/**
 * Feeds the past to a core. Events of one stream come in that stream's order; streams may follow each other in any
 * order, and any event may come again: the state is the same.
 */
export function replay(core: RiskCore, events: Iterable<RiskEvent>, nowUs: number): void {
  for (const event of events) replayOne(core, event, nowUs);
  core.onWake(nowUs);
}

export function replayOne(core: RiskCore, event: RiskEvent, nowUs: number): void {
  switch (event.kind) {
    case 'approved': return core.onApproved(event.value, nowUs);
    case 'refused': return core.onRefused(event.value, nowUs);
    case 'order': return core.onOrder(event.value, nowUs);
    case 'fill': return core.onFill(event.value, nowUs);
    case 'result': return core.onResult(event.value, nowUs);
  }
}
