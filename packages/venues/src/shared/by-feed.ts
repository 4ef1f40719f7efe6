import type { Channel, FeedName, StreamRequest } from './stream.js';

/** One message for each feed among the channels, as venues want it whose messages name one channel and many symbols. */
export function requestsByFeed(
  channels: readonly Channel[], firstId: number, write: (feed: FeedName, venueSymbols: readonly string[], id: number) => string,
): StreamRequest[] {
  const byFeed = new Map<FeedName, Channel[]>();
  for (const channel of channels) {
    const known = byFeed.get(channel.feed);
    if (known) known.push(channel);
    else byFeed.set(channel.feed, [channel]);
  }
  return [...byFeed].map(([feed, part], index) => {
    const id = firstId + index;
    return { id, channels: part, text: write(feed, part.map(({ instrument }) => instrument.venueSymbol), id) };
  });
}
