import type { FeedName } from '../shared/stream.js';

/** Code of the notice that the service will be upgraded and the connection closed in 30 to 60 s. */
export const UPGRADE_NOTICE = '64008';

/** What a channel carries for us; the others are known to exist and ignored. */
export type ChannelKind = 'depth' | 'trades' | 'best' | 'ticker';

export const CHANNEL_KINDS: Readonly<Record<string, ChannelKind | undefined>> = {
  __proto__: null as never,
  books: 'depth',
  'books-l2-tbt': 'depth',
  trades: 'trades',
  'trades-all': 'trades',
  'bbo-tbt': 'best',
  tickers: 'ticker',
};

/** The channels that Parallax asks for. */
export const CHANNEL_NAMES: Readonly<Record<FeedName, string>> = { depth: 'books', trades: 'trades', ticker: 'bbo-tbt' };
