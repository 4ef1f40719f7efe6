import type { InstrumentSpecification } from '@parallax/types';

export type FeedName = 'depth' | 'trades' | 'ticker';

/** One feed of one instrument: what a venue's stream sends as a channel of its own. */
export interface Channel {
  readonly instrument: InstrumentSpecification;
  readonly feed: FeedName;
}
