import type { FeedName } from '../shared/stream.js';
import { DEPTH } from './book.js';

/** Channel and parameters of each feed; the ticker on every change of the best quote, not only on trades. */
export const CHANNELS: Readonly<Record<FeedName, Readonly<Record<string, unknown>> & { readonly channel: string; readonly snapshot: boolean }>> = {
  depth: { channel: 'book', depth: DEPTH, snapshot: true },
  trades: { channel: 'trade', snapshot: false },
  ticker: { channel: 'ticker', event_trigger: 'bbo', snapshot: true },
};

/** The feed of a channel by its name; null for one that Parallax does not ask for. */
export function feedOf(channel: unknown): FeedName | null {
  for (const [feed, { channel: name }] of Object.entries(CHANNELS)) if (name === channel) return feed as FeedName;
  return null;
}
