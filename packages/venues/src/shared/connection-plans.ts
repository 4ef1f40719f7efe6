import type { InstrumentSpecification } from '@parallax/types';
import type { Channel, ConnectionPlan, FeedName } from './stream.js';

/** Splits instruments so that no connection carries more channels than `limit`. */
export function connectionPlans(
  instruments: readonly InstrumentSpecification[], feeds: readonly FeedName[], limit: number, urls: readonly string[],
): ConnectionPlan[] {
  if (feeds.length === 0) return [];
  const perConnection = Math.max(1, Math.floor(limit / feeds.length));
  const plans: ConnectionPlan[] = [];
  for (let from = 0; from < instruments.length; from += perConnection) {
    plans.push({ urls, instruments: instruments.slice(from, from + perConnection), feeds });
  }
  return plans;
}

/** Every channel of these instruments, feed by feed. */
export const channelsOf = ({ instruments, feeds }: Pick<ConnectionPlan, 'instruments' | 'feeds'>): Channel[] =>
  feeds.flatMap((feed) => instruments.map((instrument) => ({ instrument, feed })));
