import type { InstrumentSpecification } from '@parallax/types';
import type { ConnectionPlan, FeedName } from './definition.js';

/** Splits instruments so that no connection carries more streams than `limit`; `subscribe` writes the messages for some of them. */
export function connectionPlans(
  instruments: readonly InstrumentSpecification[],
  feeds: readonly FeedName[],
  limit: number,
  urls: readonly string[],
  subscribe: (part: readonly InstrumentSpecification[]) => readonly string[],
): ConnectionPlan[] {
  if (feeds.length === 0) return [];
  const perConnection = Math.max(1, Math.floor(limit / feeds.length));
  const plans: ConnectionPlan[] = [];
  for (let from = 0; from < instruments.length; from += perConnection) {
    const part = instruments.slice(from, from + perConnection);
    plans.push({ urls, subscribe: subscribe(part), symbols: part.map(({ symbol }) => symbol), feeds });
  }
  return plans;
}
